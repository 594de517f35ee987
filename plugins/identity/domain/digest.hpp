// Digests and alphabets of tokens and codes. Pure.
#pragma once

#include <string>
#include <string_view>

namespace identity {

std::string toHex(std::string_view bytes);
/// SHA-256, in hex.
std::string digestOf(std::string_view text);
/// RFC 4648 without padding: capital letters and 2 to 7.
std::string toBase32(std::string_view bytes);
/// Takes as long for any two texts of one length.
bool isSame(std::string_view a, std::string_view b) noexcept;

} // namespace identity
