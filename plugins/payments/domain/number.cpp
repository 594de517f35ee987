#include "domain/number.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace payments {

namespace {

constexpr std::int64_t kSerialEnd = 1'000'000;
// Asia/Shanghai has kept UTC+8 without summer time since 1991; the C++ library of this tool chain
// has no zone data.
constexpr std::int64_t kShanghaiOffsetMs = 8 * 3600 * 1000;

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
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds{ms}};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(clock.subseconds().count())};
}

} // namespace

std::string makeNumber(const std::string& site,
                       std::int64_t store_epoch,
                       std::int64_t now_ms,
                       std::int64_t serial)
{
    const Calendar at = toCalendar(now_ms + kShanghaiOffsetMs);
    std::array<char, 64> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%03lld%04d%02u%02u%02d%02d%02d%06lld",
                  static_cast<long long>(store_epoch),
                  at.year,
                  at.month,
                  at.day,
                  at.hour,
                  at.minute,
                  at.second,
                  static_cast<long long>(serial % kSerialEnd));
    return site + text.data();
}

std::string dayInShanghai(std::int64_t unix_ms)
{
    const Calendar at = toCalendar(unix_ms + kShanghaiOffsetMs);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", at.year, at.month, at.day);
    return text.data();
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

} // namespace payments
