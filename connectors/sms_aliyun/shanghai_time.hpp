// Days and times as the provider writes them: by the clocks of Shanghai, UTC+8 without summer time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aliyun {

/// "20261121".
std::string toShanghaiDay(std::int64_t unix_ms);
/// Reads exactly "yyyy-MM-dd HH:mm:ss"; empty for any other text and for days that don't exist.
std::optional<std::int64_t> parseShanghaiTime(std::string_view text);
/// The days under which the provider may keep a message, the likeliest first: a call that waited
/// may have been sent after midnight, and clocks differ. No day is in the future, and none is
/// older than what the provider keeps.
std::vector<std::string> sendDays(std::int64_t created_at_ms, std::int64_t now_ms);

} // namespace aliyun
