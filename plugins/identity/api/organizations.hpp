// What an operator does about an organization: see it, and free its code.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

/// A command: the operator has seen the licence.
hub::Answer releaseCode(const Work& work, const hub::Event& event);
hub::Answer showOrganization(const Look& look);

} // namespace identity
