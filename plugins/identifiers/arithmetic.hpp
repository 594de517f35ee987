// The arithmetic of check characters, each after its standard. Input is normalized and of the right
// length; for a character outside of the alphabet the answer is NUL, which fits no number.
#pragma once

#include <string_view>

namespace identifiers {

/// GB 32100-2015: the digits and letters without I, O, S, V, Z; values 0 to 30.
inline constexpr std::string_view kSocialCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// GB 32100-2015, modulus 31, of the first 17 characters.
char socialCreditCheck(std::string_view first_17) noexcept;

/// GB 11714, modulus 11, of the first 8 characters of an organization code.
char organizationCheck(std::string_view first_8) noexcept;

/// GB 11643, ISO 7064 MOD 11-2, of the first 17 digits.
char residentCheck(std::string_view first_17) noexcept;

/// ICAO 9303 part 3, weights 7 3 1, of any field.
char mrzCheck(std::string_view field) noexcept;

/// ISO 7064 MOD 11,10, of all digits but the last.
char hybridCheck(std::string_view digits) noexcept;

/// ISO/IEC 7812 (Luhn), of all digits but the last.
char cardCheck(std::string_view digits) noexcept;

} // namespace identifiers
