// What may stand in a record of the log, of an exchange or of the audit: secrets and personal
// data are masked where a text is built, and a text is made one printable line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hub::observe {

/// Keeps the first and last characters (not bytes) of an identifier: "440*****860". A short one
/// is masked whole. The number of stars says nothing about the length.
std::string maskMiddle(std::string_view identifier, std::size_t head = 3, std::size_t tail = 3);

/// Replaces what looks like a secret (private keys, tokens, values of secret names) or like
/// personal data (phone, identity and card numbers, mail addresses). Linear in the length.
std::string maskText(std::string_view text);

/// True for names like "password", "access_token" and "sign", in any spelling.
bool isSecretName(std::string_view name);

/// One line of well-formed UTF-8: control, line-breaking and direction-changing characters and
/// broken bytes become \xNN; cut at a character after `bytes_max`, saying so.
std::string oneLine(std::string_view text, std::size_t bytes_max);

} // namespace hub::observe
