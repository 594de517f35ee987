// What opens a way in is done only by who gives the password once more: a session alone may be one
// that somebody left open.
#pragma once

#include "flow/work.hpp"

#include <optional>

namespace identity {

/// Nothing when "password" of the body is the login's; else the answer: the work that compares it,
/// or a refusal. Counts as a try of the account.
std::optional<hub::Answer> reconfirm(const Work& work, Request request, const Login& login);

} // namespace identity
