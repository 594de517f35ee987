// Days as numbers hold them. Today is always the caller's: these functions know no clock.
#pragma once

#include "finding.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace identifiers {

/// A day of the Gregorian calendar, without a time zone.
using Day = std::chrono::year_month_day;

/// "19000101"; nothing when the calendar has no such day or it is not eight digits.
std::optional<Day> parseDay(std::string_view yyyymmdd);

/// "000101" of a birth: the latest such day that is not after today.
std::optional<Day> parsePastDay(std::string_view yymmdd, const Day& today);

/// "300101" of an expiry: the century that puts it within fifty years of this one.
std::optional<Day> parseExpiryDay(std::string_view yymmdd, const Day& today);

/// BirthDate or BirthInFuture at `position`, or nothing.
Findings checkBirth(std::string_view yyyymmdd, const Day& today, std::size_t position);

/// ExpiresTooEarly unless the document outlives the fair's last day.
Findings checkExpiry(const Day& expires, const Day& fair_last_day);

} // namespace identifiers
