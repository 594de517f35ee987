// Authenticator: what an app on the clerk's phone does with the secret of the hub (RFC 6238).
#pragma once

#include <string>

namespace demo {

/// The bytes of a secret as the hub shows it (RFC 4648), up to the first other character.
std::string fromBase32(const std::string& text);

/// The six digits that an app shows; `steps_later` of 30 s each.
std::string authenticatorCode(const std::string& secret_base32, int steps_later = 0);

} // namespace demo
