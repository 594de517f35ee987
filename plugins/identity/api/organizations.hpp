// How an organization comes to an account, and how a code goes back to whom it belongs.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

hub::Answer registerOrganization(const Work& work, const hub::Event& event);
/// A command: the operator has seen the licence.
hub::Answer releaseCode(const Work& work, const hub::Event& event);
hub::Answer showOrganization(const Look& look);

} // namespace identity
