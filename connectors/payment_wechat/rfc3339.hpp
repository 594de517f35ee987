// Times as the provider writes them: "2026-11-21T10:40:00+08:00" in messages, the same without
// offset in bills, which are in Beijing's time.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wechat {

/// In Beijing's time, cut to the second. HUB_BAD_REQUEST outside the years 1992 to 9999: before,
/// China's offset was not always +08:00.
hub::Result<std::string> toRfc3339(std::int64_t unix_ms);
/// Any offset; a fraction of the second is cut off after three digits. HUB_BAD_REQUEST.
hub::Result<std::int64_t> parseRfc3339(std::string_view text);
/// "2026-11-21 10:40:00".
hub::Result<std::int64_t> parseBillTime(std::string_view text);

} // namespace wechat
