// Points in time as requests, answers and the rules of an edition write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace requests {

/// Reads "2026-10-20T24:00:00+08:00" as UTC milliseconds: a date, a time of whole seconds, and Z or
/// an offset. 24:00:00 is the end of the day, as deadlines are written. Nothing for all else.
std::optional<std::int64_t> parseInstant(std::string_view text);

/// "2026-11-21T02:40:00.000Z"; "" for 0, which means never.
std::string toRfc3339(std::int64_t unix_ms);

/// "2026-11-21 10:40", for sentences.
std::string toShanghai(std::int64_t unix_ms);

/// "20261121104000123": year to millisecond in Shanghai.
std::string toShanghaiDigits(std::int64_t unix_ms);

} // namespace requests
