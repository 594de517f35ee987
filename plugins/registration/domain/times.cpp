#include "domain/times.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace registration {

namespace {

using namespace std::chrono;

constexpr hours kShanghai{8};

std::optional<int> number(std::string_view text, std::size_t at, std::size_t size)
{
    int value = 0;
    const char* const end = text.data() + at + size;
    const auto [stopped, error] = std::from_chars(text.data() + at, end, value);
    return error == std::errc{} && stopped == end ? std::optional(value) : std::nullopt;
}

std::optional<year_month_day> readDay(std::string_view text)
{
    constexpr std::size_t kSize = 10;
    if (text.size() != kSize || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto y = number(text, 0, 4);
    const auto m = number(text, 5, 2);
    const auto d = number(text, 8, 2);
    if (!y || !m || !d) {
        return std::nullopt;
    }
    const year_month_day day{
        year{*y}, month{static_cast<unsigned>(*m)}, std::chrono::day{static_cast<unsigned>(*d)}};
    return day.ok() ? std::optional(day) : std::nullopt;
}

} // namespace

std::optional<std::int64_t> parseInstant(std::string_view text)
{
    constexpr std::string_view kForm = "2026-10-20T24:00:00+08:00";
    constexpr std::string_view kZone = "+08:00";
    if (text.size() != kForm.size() || !text.ends_with(kZone) || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':') {
        return std::nullopt;
    }
    const auto day = readDay(text.substr(0, 10));
    const auto h = number(text, 11, 2);
    const auto m = number(text, 14, 2);
    const auto s = number(text, 17, 2);
    if (!day || !h || !m || !s || *h > 24 || *m > 59 || *s > 59 || (*h == 24 && *m + *s > 0)) {
        return std::nullopt;
    }
    const auto instant = sys_days{*day} + hours{*h} + minutes{*m} + seconds{*s} - kShanghai;
    return duration_cast<milliseconds>(instant.time_since_epoch()).count();
}

std::string dayOf(std::int64_t unix_ms)
{
    const auto there = sys_time<milliseconds>{milliseconds{unix_ms}} + kShanghai;
    const year_month_day day{floor<days>(there)};
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

bool isDay(std::string_view text)
{
    return readDay(text).has_value();
}

} // namespace registration
