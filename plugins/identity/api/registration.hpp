// How an organization comes to an account (requirements 2.2 to 2.4).
#pragma once

#include "flow/work.hpp"

namespace identity {

hub::Answer registerOrganization(const Work& work, const hub::Event& event);

} // namespace identity
