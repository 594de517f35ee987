// Passport numbers as people type them. They have no check character; the machine-readable zone
// does (mrz.hpp).
#pragma once

#include "finding.hpp"

#include <string>
#include <string_view>

namespace identifiers {

/// Of any country: 5 to 9 letters and digits.
Checked checkPassport(std::string_view text);

/// Of China: E and 8 digits, E, a letter and 7 digits, G and 8 digits, or DE, SE, PE and 7 digits.
Checked checkChinesePassport(std::string_view text);

/// Numbers are given by each country, so `country` (ISO 3166 alpha-3) is part of it:
/// "CHN:E00000000". Empty when the text is no passport's number or the country is not three
/// letters.
std::string passportKey(std::string_view text, std::string_view country);

} // namespace identifiers
