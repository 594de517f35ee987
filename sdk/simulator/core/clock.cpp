#include "core/clock.hpp"

#include <fmt/format.h>

#include <chrono>

namespace hub::simulator {

namespace {

constexpr std::int64_t kBeijingOffsetMs = 8LL * 3600 * 1000;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

struct Fields {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    std::int64_t second_of_day = 0;
    std::int64_t millisecond = 0;
};

Fields fieldsOf(std::int64_t unix_ms)
{
    using namespace std::chrono;
    const sys_time<milliseconds> local{milliseconds{unix_ms + kBeijingOffsetMs}};
    const auto day = floor<days>(local);
    const year_month_day date{day};
    const std::int64_t rest = (local - day).count();
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            rest / 1000,
            rest % 1000};
}

/// The number in text[at, at+size); empty unless all of it is digits.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t size)
{
    int value = 0;
    for (const char c : text.substr(at, size)) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

} // namespace

std::int64_t realNowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string toBeijingText(std::int64_t unix_ms)
{
    const Fields f = fieldsOf(unix_ms);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
                       f.year,
                       f.month,
                       f.day,
                       f.second_of_day / 3600,
                       f.second_of_day / 60 % 60,
                       f.second_of_day % 60);
}

std::string toBeijingTextMs(std::int64_t unix_ms)
{
    return fmt::format("{}.{:03}", toBeijingText(unix_ms), fieldsOf(unix_ms).millisecond);
}

std::string toBeijingDay(std::int64_t unix_ms)
{
    const Fields f = fieldsOf(unix_ms);
    return fmt::format("{:04}{:02}{:02}", f.year, f.month, f.day);
}

std::optional<std::int64_t> parseBeijingText(std::string_view text)
{
    using namespace std::chrono;
    constexpr std::string_view kShape = "dddd-dd-dd dd:dd:dd";
    if (text.size() != kShape.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < kShape.size(); ++i) {
        if (kShape[i] != 'd' && text[i] != kShape[i]) {
            return std::nullopt;
        }
    }
    const auto year_number = digits(text, 0, 4);
    const auto month_number = digits(text, 5, 2);
    const auto day_number = digits(text, 8, 2);
    const auto h = digits(text, 11, 2);
    const auto m = digits(text, 14, 2);
    const auto s = digits(text, 17, 2);
    if (!year_number || !month_number || !day_number || !h || !m || !s) {
        return std::nullopt;
    }
    const year_month_day date{year{*year_number},
                              month{static_cast<unsigned>(*month_number)},
                              day{static_cast<unsigned>(*day_number)}};
    if (!date.ok() || *h > 23 || *m > 59 || *s > 59) {
        return std::nullopt;
    }
    const std::int64_t day_ms = sys_days{date}.time_since_epoch().count() * kDayMs;
    return day_ms + (*h * 3600LL + *m * 60LL + *s) * 1000 - kBeijingOffsetMs;
}

std::int64_t endOfBeijingDay(std::int64_t unix_ms)
{
    const std::int64_t local = unix_ms + kBeijingOffsetMs;
    return local - local % kDayMs + kDayMs - 1 - kBeijingOffsetMs;
}

ClockAnchor TestClock::anchor() const
{
    const std::lock_guard lock(guard_);
    return anchor_;
}

std::int64_t TestClock::nowMs() const
{
    return anchor().at(realNowMs());
}

std::int64_t TestClock::realUntilMs(std::int64_t due_ms) const
{
    const ClockAnchor anchored = anchor();
    const std::int64_t ahead_ms = due_ms - anchored.at(realNowMs());
    const std::int64_t speed = anchored.speed_milli;
    return ahead_ms <= 0 ? 0 : (ahead_ms * 1000 + speed - 1) / speed;
}

ClockAnchor TestClock::advance(std::int64_t by_ms)
{
    const std::lock_guard lock(guard_);
    const std::int64_t now_ms = realNowMs();
    anchor_ = {now_ms, anchor_.at(now_ms) + by_ms, anchor_.speed_milli};
    return anchor_;
}

} // namespace hub::simulator
