// How an organization comes to an account (requirements 2.2 to 2.4).
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

/// What the entry page offers.
hub::Answer showEntry(const Look& look);
hub::Answer registerOrganization(const Work& work, const hub::Event& event);

} // namespace identity
