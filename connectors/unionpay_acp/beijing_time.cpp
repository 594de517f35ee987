#include "beijing_time.hpp"

#include <chrono>
#include <cstdio>

namespace unionpay {

namespace {

using hub::Error;
using hub::Result;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kOffsetMs = std::int64_t{8} * 60 * 60 * 1000;
constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;
constexpr std::int64_t kUnixMsMax = 253'402'300'799'999; // the end of 9999 in UTC
constexpr int kYearMin = 1992;
constexpr int kYearMax = 9999;

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

year_month_day dateOf(std::int64_t local_ms)
{
    return year_month_day{
        sys_days{std::chrono::floor<std::chrono::days>(std::chrono::milliseconds{local_ms})}};
}

} // namespace

Result<std::string> toBeijingTime(std::int64_t unix_ms)
{
    const Error refusal{HUB_BAD_REQUEST,
                        "the time " + std::to_string(unix_ms) +
                            " ms lies outside the years 1992 to 9999"};
    if (unix_ms < 0 || unix_ms > kUnixMsMax) {
        return refusal;
    }
    const std::int64_t local_ms = unix_ms + kOffsetMs;
    const year_month_day date = dateOf(local_ms);
    const int year = static_cast<int>(date.year());
    if (year < kYearMin || year > kYearMax) {
        return refusal;
    }
    const auto second = static_cast<int>(local_ms % kDayMs / 1000);
    char text[32];
    std::snprintf(text,
                  sizeof text,
                  "%04d%02u%02u%02d%02d%02d",
                  year,
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()),
                  second / 3600,
                  second / 60 % 60,
                  second % 60);
    return std::string{text};
}

Result<std::int64_t> parseBeijingTime(std::string_view text)
{
    const Error refusal{HUB_BAD_REQUEST, "a time must look like 20261121104000"};
    if (text.size() != 14 || number(text.substr(0, 7)) < 0 || number(text.substr(7)) < 0) {
        return refusal;
    }
    const int year = number(text.substr(0, 4));
    const int hour = number(text.substr(8, 2));
    const int minute = number(text.substr(10, 2));
    const int second = number(text.substr(12, 2));
    const year_month_day date{std::chrono::year{year},
                              std::chrono::month{static_cast<unsigned>(number(text.substr(4, 2)))},
                              std::chrono::day{static_cast<unsigned>(number(text.substr(6, 2)))}};
    if (!date.ok() || year < kYearMin || hour > 23 || minute > 59 || second > 59) {
        return refusal;
    }
    const std::int64_t days = sys_days{date}.time_since_epoch().count();
    return days * kDayMs + (std::int64_t{hour} * 3600 + minute * 60 + second) * 1000 - kOffsetMs;
}

Result<std::int64_t> parseBeijingTimeBefore(std::string_view text, std::int64_t end_ms)
{
    const int year = static_cast<int>(dateOf(end_ms + kOffsetMs).year());
    for (const int candidate : {year, year - 1}) {
        const auto time = parseBeijingTime(std::to_string(candidate) + std::string{text});
        if (time.ok() && time.value() < end_ms) {
            return time;
        }
    }
    return Error{HUB_BAD_REQUEST, "a time without its year must look like 1121104000"};
}

} // namespace unionpay
