// The rules of bodies: which member must look how.
#pragma once

#include "core/json.hpp"
#include "core/provider.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::wechat {

/// The first rule that the body breaks, as the member's name; empty when it breaks none.
std::string objectionToOrder(const Json& content, std::string_view method);
std::string objectionToRefund(const Json& content);

/// The member's text; empty when it is absent or something else.
std::string textOf(const Json& content, const char* member);
/// A whole number inside of `amount`; 0 when it is absent or something else.
std::int64_t amountOf(const Json& content, const char* member);

/// "2026-11-21T10:40:00+08:00" in Beijing time.
std::string toRfc3339(std::int64_t unix_ms);
/// Empty for any other form and for days that don't exist.
std::optional<std::int64_t> parseRfc3339(std::string_view text);

} // namespace hub::simulator::wechat
