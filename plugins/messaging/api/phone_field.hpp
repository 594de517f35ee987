// A phone number as somebody typed it, in a request's body or query.
#pragma once

#include "api/answers.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace messaging {

/// E.164, or the problem (422) that names the field and the doubtful character.
std::variant<std::string, Refusal> readPhone(std::string_view typed, const std::string& pointer);

} // namespace messaging
