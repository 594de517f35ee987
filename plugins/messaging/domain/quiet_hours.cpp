#include "domain/quiet_hours.hpp"

namespace messaging {

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;
// Asia/Shanghai has kept UTC+8 without summer time since 1991; the C++ library of this tool chain
// has no zone data.
constexpr std::int64_t kShanghaiOffsetMs = 8 * 60 * kMinuteMs;

} // namespace

std::optional<std::int64_t> quietUntil(const QuietHours& hours, std::int64_t now_ms)
{
    const std::int64_t from_ms = hours.from_minute * kMinuteMs;
    const std::int64_t until_ms = hours.until_minute * kMinuteMs;
    const std::int64_t of_day_ms = (now_ms + kShanghaiOffsetMs) % kDayMs;
    const std::int64_t midnight_ms = now_ms - of_day_ms;
    const bool is_over_midnight = from_ms > until_ms;
    if (of_day_ms < until_ms && (is_over_midnight || of_day_ms >= from_ms)) {
        return midnight_ms + until_ms;
    }
    if (is_over_midnight && of_day_ms >= from_ms) {
        return midnight_ms + kDayMs + until_ms;
    }
    return std::nullopt;
}

} // namespace messaging
