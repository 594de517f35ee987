// The machine-readable zone of a passport (ICAO 9303 part 4, TD3): two lines of 44 characters. Line
// 2 is protected by five check digits, names and line 1 by none: that all fit is evidence, no
// proof.
#pragma once

#include "calendar.hpp"
#include "finding.hpp"
#include "resident_card.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace identifiers {

/// What the zone says, without fillers. Fields that could not be read are empty.
struct Mrz {
    std::string issuer; // ISO 3166 alpha-3, or one of ICAO's own codes
    std::string surname;
    std::string given_names; // separated by spaces
    std::string number;
    std::string nationality;
    std::optional<Day> birth;
    std::optional<Sex> sex; // nothing: not stated
    std::optional<Day> expires;
    std::string personal_number;
    Findings findings; // with their line; the positions count within it

    bool isAcceptable() const noexcept { return !hasErrors(findings); }
};

/// `text` holds both lines, with or without a line break between them; spaces are ignored. Each
/// check digit that does not fit is an error of its own (Mrz…Check), with doubts. A birth that is
/// partly unknown, as ICAO allows, is a warning.
Mrz readMrz(std::string_view text, const Day& today, const Day& fair_last_day);

} // namespace identifiers
