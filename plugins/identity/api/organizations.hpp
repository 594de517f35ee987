// How an organization comes to an account, and how a code goes back to whom it belongs.
#pragma once

#include "flow/work.hpp"

namespace identity {

hub::Answer registerOrganization(const Work& work, const hub::Event& event);
/// A command: the operator has seen the licence.
hub::Answer releaseCode(const Work& work, const hub::Event& event);
hub::Answer showOrganization(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace identity
