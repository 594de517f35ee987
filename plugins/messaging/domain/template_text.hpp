// Templates: which variables a text has, and what fills those of a notice.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace messaging {

using Json = nlohmann::json;

/// The names between "${" and "}".
std::set<std::string> variablesIn(std::string_view text);

/// Texts by name, made of an event's identifiers and amounts; `amount` stands for amount_minor with
/// its currency, as a decimal number. Nothing when one is missing, or is no plain word: a text
/// message carries no links, so a dot before a letter is refused, too.
std::optional<Json> fillNotice(const std::vector<std::string>& variables, const Json& event);

} // namespace messaging
