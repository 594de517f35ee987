// Texts as people type and paste them, made comparable. Input may be any bytes; what is no UTF-8 is
// a finding.
#pragma once

#include "finding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace identifiers {

/// Longer texts are refused unread; no number comes near.
inline constexpr std::size_t kTextBytesMax = 512;

struct Character {
    char32_t code_point = 0;
    std::string bytes; // its UTF-8
};

/// The characters of a text; nothing when the bytes are no UTF-8.
std::optional<std::vector<Character>> charactersOf(std::string_view text);

/// How many characters from the start are sound; for a position of the fault.
std::size_t soundCharacters(std::string_view text);

enum class Separators { Keep, Remove };
enum class Letters { Keep, Upper };

/// Full-width characters become half-width, all kinds of spaces and dashes the plain ones,
/// invisible characters go, the ends are trimmed. Remove takes spaces and dashes within, too.
/// Findings: NotUtf8, Length (too long), Missing (nothing is left).
Checked normalize(std::string_view text, Separators separators, Letters letters);

/// What Checked holds when a kind of number needs nothing else: no separators, capital letters.
Checked normalizeCode(std::string_view text);

/// True for a character that a terminal or page might not show as one.
bool isControl(char32_t code_point) noexcept;

inline bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}
inline bool isUpper(char c) noexcept
{
    return c >= 'A' && c <= 'Z';
}
inline bool isLetter(char c) noexcept
{
    return isUpper(c) || (c >= 'a' && c <= 'z');
}
inline char toUpper(char c) noexcept
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
inline char toLower(char c) noexcept
{
    return isUpper(c) ? static_cast<char>(c + 32) : c;
}

} // namespace identifiers
