#include "rfc3339.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace wechat {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kBeijingMs = 8 * kHourMs;
constexpr int kYearMin = 1992;
constexpr int kYearMax = 9999;

std::int64_t dayStartMs(int year)
{
    const sys_days day{
        year_month_day{std::chrono::year{year}, std::chrono::January, std::chrono::day{1}}};
    return std::int64_t{day.time_since_epoch().count()} * kDayMs - kBeijingMs;
}

hub::Error refusal()
{
    return hub::Error{HUB_BAD_REQUEST, "a time must look like 2026-11-21T10:40:00+08:00"};
}

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
    return digits.empty() ? -1 : value;
}

/// "2026-11-21T10:40:00", as if it were UTC.
hub::Result<std::int64_t> parseLocal(std::string_view text)
{
    if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':') {
        return refusal();
    }
    const int year = number(text.substr(0, 4));
    const int month = number(text.substr(5, 2));
    const int day = number(text.substr(8, 2));
    const int hour = number(text.substr(11, 2));
    const int minute = number(text.substr(14, 2));
    const int second = number(text.substr(17, 2));
    if (year < kYearMin || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59) {
        return refusal();
    }
    const year_month_day date{std::chrono::year{year},
                              std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return refusal();
    }
    const std::int64_t days = sys_days{date}.time_since_epoch().count();
    return days * kDayMs + hour * kHourMs + minute * kMinuteMs + second * kSecondMs;
}

/// ".25" is 250.
int millisecondsOf(std::string_view fraction)
{
    std::string digits{fraction.substr(1)};
    if (digits.empty() || number(digits.substr(0, 9)) < 0 || digits.size() > 9) {
        return -1;
    }
    digits.resize(3, '0');
    return number(digits);
}

} // namespace

hub::Result<std::string> toRfc3339(std::int64_t unix_ms)
{
    if (unix_ms < dayStartMs(kYearMin) || unix_ms >= dayStartMs(kYearMax + 1)) {
        return hub::Error{HUB_BAD_REQUEST,
                          "the time " + std::to_string(unix_ms) +
                              " ms lies outside the years 1992 to 9999"};
    }
    const std::int64_t local_ms = unix_ms + kBeijingMs;
    const year_month_day date{sys_days{std::chrono::days{local_ms / kDayMs}}};
    const auto second = static_cast<int>(local_ms % kDayMs / kSecondMs);
    char text[40];
    std::snprintf(text,
                  sizeof text,
                  "%04d-%02u-%02uT%02d:%02d:%02d+08:00",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()),
                  second / 3600,
                  second / 60 % 60,
                  second % 60);
    return std::string{text};
}

hub::Result<std::int64_t> parseRfc3339(std::string_view text)
{
    const auto local = parseLocal(text.substr(0, 19));
    if (!local.ok()) {
        return local;
    }
    std::string_view rest = text.substr(19);
    int milliseconds = 0;
    if (rest.starts_with('.')) {
        const auto end = std::min(rest.find_first_of("Zz+-"), rest.size());
        milliseconds = millisecondsOf(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    if (milliseconds < 0) {
        return refusal();
    }
    if (rest == "Z" || rest == "z") {
        return local.value() + milliseconds;
    }
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') {
        return refusal();
    }
    const int hours = number(rest.substr(1, 2));
    const int minutes = number(rest.substr(4, 2));
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return refusal();
    }
    const std::int64_t offset = hours * kHourMs + minutes * kMinuteMs;
    return local.value() + milliseconds + (rest[0] == '+' ? -offset : offset);
}

hub::Result<std::int64_t> parseBillTime(std::string_view text)
{
    std::string local{text};
    if (local.size() != 19 || local[10] != ' ') {
        return refusal();
    }
    local[10] = 'T';
    const auto time = parseLocal(local);
    return time.ok() ? hub::Result<std::int64_t>{time.value() - kBeijingMs} : time;
}

} // namespace wechat
