// Passwords that somebody wants to set, and the slow part of all that has to do with them.
#pragma once

#include "api/answers.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

/// What breaks the rule, at /password.
std::vector<Violation> weaknessesOf(const std::string& password);
/// The refusal of one that is too weak; nothing for a good one.
std::optional<Refusal> refusalOf(const std::string& password);

/// [worker] Deriving and comparing.
hub::Answer workOut(std::string_view payload);

} // namespace identity
