// What organizers do about staff: the list, roles, a lost authenticator, leavers.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

/// A delegation sees those who act for it and its sub-delegations.
hub::Answer listStaff(const Look& look);
hub::Answer changeRoles(const Work& work, const hub::Event& event);
hub::Answer resetTotp(const Work& work, const hub::Event& event);
hub::Answer leaveStaff(const Work& work, const hub::Event& event);

} // namespace identity
