// Hex, base64, URL form coding and SHA-256 over whole strings.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace hub::base {

std::string toHex(std::string_view bytes);
Result<std::string> fromHex(std::string_view text);

/// Standard alphabet, padded, one line.
std::string toBase64(std::string_view bytes);
/// Refuses anything but the standard alphabet with correct padding.
Result<std::string> fromBase64(std::string_view text);

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
/// 64 lower-case hex digits.
std::string sha256Hex(std::string_view bytes);

/// Compares in time that depends on the lengths only.
bool equalConstantTime(std::string_view a, std::string_view b) noexcept;

/// True for well-formed UTF-8 without surrogates.
bool isUtf8(std::string_view text) noexcept;

} // namespace hub::base
