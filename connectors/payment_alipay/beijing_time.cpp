#include "beijing_time.hpp"

#include <chrono>
#include <cstdio>

namespace alipay {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kOffsetMs = std::int64_t{8} * 60 * 60 * 1000;
constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;
constexpr int kYearMin = 1992;
constexpr int kYearMax = 9999;

constexpr std::int64_t dayStartMs(int year)
{
    const sys_days day{
        year_month_day{std::chrono::year{year}, std::chrono::January, std::chrono::day{1}}};
    return std::int64_t{day.time_since_epoch().count()} * kDayMs - kOffsetMs;
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

bool hasPunctuation(std::string_view text) noexcept
{
    return text.size() >= 19 && text[4] == '-' && text[7] == '-' && text[10] == ' ' &&
           text[13] == ':' && text[16] == ':' &&
           (text.size() == 19 || (text[19] == '.' && text.size() >= 21 && text.size() <= 23));
}

} // namespace

hub::Result<std::string> toBeijingTime(std::int64_t unix_ms)
{
    if (unix_ms < dayStartMs(kYearMin) || unix_ms >= dayStartMs(kYearMax + 1)) {
        return hub::Error{HUB_BAD_REQUEST,
                          "the time " + std::to_string(unix_ms) +
                              " ms lies outside the years 1992 to 9999"};
    }
    const std::int64_t local_ms = unix_ms + kOffsetMs;
    const year_month_day date{sys_days{std::chrono::days{local_ms / kDayMs}}};
    const auto second = static_cast<int>(local_ms % kDayMs / 1000);
    char text[32];
    std::snprintf(text,
                  sizeof text,
                  "%04d-%02u-%02u %02d:%02d:%02d",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()),
                  second / 3600,
                  second / 60 % 60,
                  second % 60);
    return std::string{text};
}

hub::Result<std::int64_t> parseBeijingTime(std::string_view text)
{
    const hub::Error refusal{HUB_BAD_REQUEST, "a time must look like 2026-11-21 10:40:00"};
    if (!hasPunctuation(text)) {
        return refusal;
    }
    const int year = number(text.substr(0, 4));
    const int month = number(text.substr(5, 2));
    const int day = number(text.substr(8, 2));
    const int hour = number(text.substr(11, 2));
    const int minute = number(text.substr(14, 2));
    const int second = number(text.substr(17, 2));
    std::string fraction = text.size() > 19 ? std::string{text.substr(20)} : "0";
    fraction.resize(3, '0');
    const int milliseconds = number(fraction);
    if (year < kYearMin || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59 || milliseconds < 0) {
        return refusal;
    }
    const year_month_day date{std::chrono::year{year},
                              std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return refusal;
    }
    const std::int64_t days = sys_days{date}.time_since_epoch().count();
    const std::int64_t seconds = std::int64_t{hour} * 3600 + minute * 60 + second;
    return days * kDayMs + seconds * 1000 + milliseconds - kOffsetMs;
}

} // namespace alipay
