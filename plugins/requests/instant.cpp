#include <array>
#include <chrono>
#include <cstdio>

#include <requests/instant.hpp>

namespace requests {

namespace {

// Asia/Shanghai has kept UTC+8 without summer time since 1991; the C++ library of this tool chain
// has no zone data.
constexpr std::int64_t kShanghaiOffsetMs = 8 * 3600 * 1000;
constexpr std::size_t kOffsetAt = 19; // after "2026-10-20T24:00:00"

struct Calendar {
    int year;
    unsigned month;
    unsigned day;
    int hour;
    int minute;
    int second;
    int milli;
};

Calendar toCalendar(std::int64_t ms)
{
    using std::chrono::floor, std::chrono::days, std::chrono::milliseconds;
    const std::chrono::sys_time<milliseconds> time{milliseconds{ms}};
    const auto day = floor<days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(clock.subseconds().count())};
}

/// `form` has a digit where `text` must have one, and the very character everywhere else.
bool hasForm(std::string_view text, std::string_view form)
{
    if (text.size() != form.size()) {
        return false;
    }
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !is_digit : text[i] != form[i]) {
            return false;
        }
    }
    return true;
}

int number(std::string_view text, std::size_t at, std::size_t size)
{
    int value = 0;
    for (const char c : text.substr(at, size)) {
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<std::int64_t> parseOffsetMs(std::string_view text)
{
    if (text == "Z") {
        return 0;
    }
    const bool is_west = hasForm(text, "-00:00");
    if (!is_west && !hasForm(text, "+00:00")) {
        return std::nullopt;
    }
    const int hours = number(text, 1, 2);
    const int minutes = number(text, 4, 2);
    if (hours > 18 || minutes > 59) {
        return std::nullopt;
    }
    const std::int64_t size_ms = (hours * 60 + minutes) * std::int64_t{60'000};
    return is_west ? -size_ms : size_ms;
}

} // namespace

std::optional<std::int64_t> parseInstant(std::string_view text)
{
    if (text.size() <= kOffsetAt || !hasForm(text.substr(0, kOffsetAt), "0000-00-00T00:00:00")) {
        return std::nullopt;
    }
    const auto offset_ms = parseOffsetMs(text.substr(kOffsetAt));
    const std::chrono::year_month_day date{
        std::chrono::year{number(text, 0, 4)},
        std::chrono::month{static_cast<unsigned>(number(text, 5, 2))},
        std::chrono::day{static_cast<unsigned>(number(text, 8, 2))}};
    const int hour = number(text, 11, 2);
    const int minute = number(text, 14, 2);
    const int second = number(text, 17, 2);
    const bool is_time =
        (hour < 24 && minute < 60 && second < 60) || (hour == 24 && minute == 0 && second == 0);
    if (!offset_ms || !date.ok() || !is_time) {
        return std::nullopt;
    }
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    return seconds * 1000 - *offset_ms;
}

std::string toRfc3339(std::int64_t unix_ms)
{
    if (unix_ms == 0) {
        return "";
    }
    const Calendar at = toCalendar(unix_ms);
    std::array<char, 64> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  at.year,
                  at.month,
                  at.day,
                  at.hour,
                  at.minute,
                  at.second,
                  at.milli);
    return text.data();
}

std::string toShanghai(std::int64_t unix_ms)
{
    const Calendar at = toCalendar(unix_ms + kShanghaiOffsetMs);
    std::array<char, 64> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%04d-%02u-%02u %02d:%02d",
                  at.year,
                  at.month,
                  at.day,
                  at.hour,
                  at.minute);
    return text.data();
}

std::string toShanghaiDigits(std::int64_t unix_ms)
{
    const Calendar at = toCalendar(unix_ms + kShanghaiOffsetMs);
    std::array<char, 64> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%04d%02u%02u%02d%02d%02d%03d",
                  at.year,
                  at.month,
                  at.day,
                  at.hour,
                  at.minute,
                  at.second,
                  at.milli);
    return text.data();
}

} // namespace requests
