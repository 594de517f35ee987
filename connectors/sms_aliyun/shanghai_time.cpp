#include "shanghai_time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace aliyun {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kOffsetMs = 8 * kHourMs;
constexpr std::int64_t kUnixMsMax = 253'402'000'000'000; // within the year 9999
constexpr std::int64_t kSkewMs = 5 * kMinuteMs;
constexpr std::int64_t kWaitMs = kHourMs; // how long a call may have waited for its first sending
constexpr std::int64_t kDaysKept = 30;

/// Digits only; -1 otherwise.
int number(std::string_view digits) noexcept
{
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') {
            return -1;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

} // namespace

std::string toShanghaiDay(std::int64_t unix_ms)
{
    const std::int64_t local_ms = std::clamp<std::int64_t>(unix_ms, 0, kUnixMsMax) + kOffsetMs;
    const year_month_day date{sys_days{std::chrono::days{local_ms / kDayMs}}};
    char text[16];
    std::snprintf(text,
                  sizeof text,
                  "%04d%02u%02u",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    return text;
}

std::optional<std::int64_t> parseShanghaiTime(std::string_view text)
{
    if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[10] != ' ' ||
        text[13] != ':' || text[16] != ':') {
        return std::nullopt;
    }
    const int month = number(text.substr(5, 2));
    const int day = number(text.substr(8, 2));
    const int hour = number(text.substr(11, 2));
    const int minute = number(text.substr(14, 2));
    const int second = number(text.substr(17, 2));
    const int year = number(text.substr(0, 4));
    if (year < 1970 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59) {
        return std::nullopt;
    }
    const year_month_day date{std::chrono::year{year},
                              std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    const std::int64_t days = sys_days{date}.time_since_epoch().count();
    return days * kDayMs + hour * kHourMs + minute * kMinuteMs + second * 1000 - kOffsetMs;
}

std::vector<std::string> sendDays(std::int64_t created_at_ms, std::int64_t now_ms)
{
    const std::int64_t latest_ms = now_ms + kSkewMs;
    const std::int64_t oldest_ms = std::min(now_ms, latest_ms - (kDaysKept - 1) * kDayMs);
    const std::int64_t sent_ms = std::clamp(created_at_ms, oldest_ms, latest_ms);
    std::vector<std::string> days;
    for (const std::int64_t at_ms : std::array{sent_ms, sent_ms + kWaitMs, sent_ms - kSkewMs}) {
        const std::string day = toShanghaiDay(std::clamp(at_ms, oldest_ms, latest_ms));
        if (std::find(days.begin(), days.end(), day) == days.end()) {
            days.push_back(day);
        }
    }
    return days;
}

} // namespace aliyun
