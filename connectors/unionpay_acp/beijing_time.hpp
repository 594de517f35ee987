// Times as ACP writes them: YYYYMMDDhhmmss in Beijing, eight hours ahead of UTC without exception
// since September 1991.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace unionpay {

/// HUB_BAD_REQUEST outside the years 1992 to 9999.
hub::Result<std::string> toBeijingTime(std::int64_t unix_ms);
/// Unix milliseconds. HUB_BAD_REQUEST unless it is a time of the calendar, in 14 digits.
hub::Result<std::int64_t> parseBeijingTime(std::string_view text);

/// "0724101151", a time without its year, as the last one before `end_ms` with that month and day.
/// HUB_BAD_REQUEST when neither that year nor the one before has it.
hub::Result<std::int64_t> parseBeijingTimeBefore(std::string_view text, std::int64_t end_ms);

} // namespace unionpay
