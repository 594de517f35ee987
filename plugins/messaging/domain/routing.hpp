// Which accounts may send to a phone, and in which order they are tried.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace messaging {

using Json = nlohmann::json;

/// Some account's prefixes match, in whatever state it is. `accounts` is the list of
/// hub.accounts/1.
bool isServed(const Json& accounts, std::string_view phone);

/// The enabled accounts whose prefixes match and that were not tried: sick ones (open breaker)
/// last, then by `preferred`, then by name.
std::vector<std::string> candidatesFor(const Json& accounts,
                                       std::string_view phone,
                                       const std::vector<std::string>& preferred,
                                       const std::set<std::string>& tried);

} // namespace messaging
