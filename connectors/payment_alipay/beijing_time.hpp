// Times as the provider writes them: "2026-11-21 10:40:00" in Asia/Shanghai. China has kept
// +08:00 without summer time since 1991-09-15, so the zone is computed; times before 1992 are
// refused instead of being wrong.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace alipay {

/// Cuts to the second. HUB_BAD_REQUEST outside the years 1992 to 9999.
hub::Result<std::string> toBeijingTime(std::int64_t unix_ms);
/// HUB_BAD_REQUEST for anything but a valid "yyyy-MM-dd HH:mm:ss", with or without a fraction of
/// up to three digits.
hub::Result<std::int64_t> parseBeijingTime(std::string_view text);

} // namespace alipay
