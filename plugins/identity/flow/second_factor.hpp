// The second factor of staff: a code of the authenticator, or one of the codes for when it is lost.
#pragma once

#include "flow/work.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace identity {

/// Whether this code lets `login` in; it then counts no second time. Not for who has no
/// authenticator.
bool passSecondFactor(const Work& work, Login& login, std::string_view code);

/// Ten new ones in place of all former; they are shown once.
std::vector<std::string> renewRecoveryCodes(const Work& work, const Login& login);

} // namespace identity
