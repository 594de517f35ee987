// Bytes as text, and the digest that envelopes are made with.
#pragma once

#include <string>
#include <string_view>

namespace licence_reader {

std::string toHex(std::string_view bytes); // lower case
/// In lower-case hex. Throws std::runtime_error when OpenSSL has no SHA-256.
std::string sha256(std::string_view bytes);
/// Takes equally long wherever they differ, so that nobody guesses one byte after the other.
bool isSame(std::string_view a, std::string_view b) noexcept;

} // namespace licence_reader
