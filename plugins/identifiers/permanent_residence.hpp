// The identity card of foreigners who live in China permanently. Cards of 2017 (3 letters of the
// country, 12 digits) and of 2023 (18 characters: 9, province 2, country 3, birth 8, sequence 3,
// check by MOD 11-2) are valid side by side.
#pragma once

#include "calendar.hpp"
#include "finding.hpp"

#include <string>
#include <string_view>

namespace identifiers {

/// Errors: shape, and of the new form birth and check character. Warning: province.
Checked checkPermanentResidence(std::string_view text, const Day& today);

/// The normalized number; the old form can't be turned into the new one. Empty when the text is
/// neither by its shape.
std::string permanentResidenceKey(std::string_view text);

} // namespace identifiers
