// The rule of passwords. Findings of a password never hold a part of it.
#pragma once

#include "finding.hpp"

#include <string_view>

namespace identifiers {

/// 8 to 128 characters with a letter, a digit (both ASCII) and something else; no control
/// characters. Nothing is normalized: what was typed is the password.
Findings checkPassword(std::string_view text);

} // namespace identifiers
