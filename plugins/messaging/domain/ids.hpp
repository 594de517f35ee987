// Ids and codes as texts. Pure: whoever calls brings time and random bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace messaging {

/// UUIDv7 of a time and ten random bytes.
std::string makeId(std::int64_t now_ms, std::string_view random);
/// Of a message's n-th attempt: the id without dashes and two digits; letters and digits only.
std::string makeNumber(std::string_view message_id, std::int64_t attempt);
std::string toHex(std::string_view bytes);

/// Six digits, all equally likely. Nothing when these four bytes are among the few that would
/// prefer low codes: draw others.
std::optional<std::string> makeCode(std::string_view random);
/// Takes as long for any two texts of one length.
bool isSame(std::string_view a, std::string_view b) noexcept;

} // namespace messaging
