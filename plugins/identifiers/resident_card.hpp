// Numbers of resident identity cards (GB 11643) and of the residence permits of residents of Hong
// Kong, Macao and Taiwan, which share the rule: area 6, birth 8, sequence 3 (odd: male), check 1.
#pragma once

#include "calendar.hpp"
#include "finding.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace identifiers {

enum class Sex { Male, Female };

/// What only the caller knows.
struct PersonFacts {
    Day today;
    std::optional<Sex> sex = {}; // as chosen; nothing: it is not compared
};

/// 18 characters. Errors: shape (OldForm for the 15 digits that are valid no longer), area, birth,
/// sex, check character.
Checked checkResidentCard(std::string_view text, const PersonFacts& facts);

/// The same with the areas 810000, 820000 and 830000.
Checked checkResidencePermit(std::string_view text, const PersonFacts& facts);

/// Of a normalized number of either kind; nothing when it has not their shape.
std::optional<Day> birthOf(std::string_view number);
std::optional<Sex> sexOf(std::string_view number) noexcept;

/// One number for one person, whether the old form of 15 digits (of past editions) or the present
/// one: the latter. Empty when the text is neither by its shape.
std::string residentKey(std::string_view text);

} // namespace identifiers
