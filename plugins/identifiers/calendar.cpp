#include "calendar.hpp"

#include "text.hpp"

#include <algorithm>

namespace identifiers {

namespace {

/// Digits only.
int numberOf(std::string_view digits) noexcept
{
    int number = 0;
    for (const char c : digits) {
        number = number * 10 + (c - '0');
    }
    return number;
}

bool areDigits(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), isDigit);
}

std::optional<Day> dayOf(int year, std::string_view mmdd)
{
    const Day day{std::chrono::year{year},
                  std::chrono::month{static_cast<unsigned>(numberOf(mmdd.substr(0, 2)))},
                  std::chrono::day{static_cast<unsigned>(numberOf(mmdd.substr(2)))}};
    return day.ok() ? std::optional(day) : std::nullopt;
}

bool isShortDay(std::string_view yymmdd) noexcept
{
    return yymmdd.size() == 6 && areDigits(yymmdd);
}

} // namespace

std::optional<Day> parseDay(std::string_view yyyymmdd)
{
    if (yyyymmdd.size() != 8 || !areDigits(yyyymmdd)) {
        return std::nullopt;
    }
    return dayOf(numberOf(yyyymmdd.substr(0, 4)), yyyymmdd.substr(4));
}

std::optional<Day> parsePastDay(std::string_view yymmdd, const Day& today)
{
    if (!isShortDay(yymmdd)) {
        return std::nullopt;
    }
    const int century = static_cast<int>(today.year()) / 100 * 100;
    const int year = numberOf(yymmdd.substr(0, 2));
    const auto recent = dayOf(century + year, yymmdd.substr(2));
    if (recent && *recent <= today) {
        return recent;
    }
    return dayOf(century - 100 + year, yymmdd.substr(2));
}

std::optional<Day> parseExpiryDay(std::string_view yymmdd, const Day& today)
{
    constexpr int kHalfCentury = 50;
    if (!isShortDay(yymmdd)) {
        return std::nullopt;
    }
    const int this_year = static_cast<int>(today.year());
    int year = this_year / 100 * 100 + numberOf(yymmdd.substr(0, 2));
    if (year > this_year + kHalfCentury) {
        year -= 100;
    } else if (year <= this_year - kHalfCentury) {
        year += 100;
    }
    return dayOf(year, yymmdd.substr(2));
}

Findings checkBirth(std::string_view yyyymmdd, const Day& today, std::size_t position)
{
    const auto birth = parseDay(yyyymmdd);
    if (!birth) {
        return {{.code = Code::BirthDate, .position = position}};
    }
    if (*birth > today) {
        return {{.code = Code::BirthInFuture, .position = position}};
    }
    return {};
}

Findings checkExpiry(const Day& expires, const Day& fair_last_day)
{
    if (!expires.ok()) {
        return {{.code = Code::ExpiryDate}};
    }
    if (expires <= fair_last_day) {
        return {{.code = Code::ExpiresTooEarly}};
    }
    return {};
}

} // namespace identifiers
