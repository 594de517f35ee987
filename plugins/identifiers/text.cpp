#include "text.hpp"

#include <Poco/UTF8Encoding.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace identifiers {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

constexpr Range kSpaces[] = {
    {0x09, 0x0D}, {0x20, 0x20}, {0xA0, 0xA0}, {0x2000, 0x200A}, {0x202F, 0x202F}, {0x3000, 0x3000}};
constexpr Range kDashes[] = {{0x2010, 0x2015}, {0x2212, 0x2212}, {0xFE63, 0xFE63}};
// Marks of direction and width, which come along unseen when a number is copied from a contact.
constexpr Range kInvisible[] = {
    {0xAD, 0xAD}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2069}, {0xFEFF, 0xFEFF}};

template <std::size_t size>
bool isIn(const Range (&ranges)[size], char32_t code_point) noexcept
{
    return std::any_of(std::begin(ranges), std::end(ranges), [code_point](const Range& range) {
        return code_point >= range.first && code_point <= range.last;
    });
}

/// The length of the sound sequence that the text begins with, and its code point; 0: there is
/// none.
std::pair<std::size_t, char32_t> firstSequence(std::string_view text)
{
    static const Poco::UTF8Encoding kUtf8;
    constexpr std::size_t kSequenceMax = 4;
    const std::size_t size = std::min(text.size(), kSequenceMax);
    const int found = kUtf8.queryConvert(reinterpret_cast<const unsigned char*>(text.data()),
                                         static_cast<int>(size));
    if (found < 0) {
        return {0, 0};
    }
    const auto code_point = static_cast<char32_t>(found);
    const std::size_t length = code_point < 0x80      ? 1
                               : code_point < 0x800   ? 2
                               : code_point < 0x10000 ? 3
                                                      : 4;
    return {length, code_point};
}

/// Its plain form; empty for what nobody sees.
std::string plainOf(const Character& character)
{
    constexpr char32_t kFullWidthFirst = 0xFF01;
    constexpr char32_t kFullWidthLast = 0xFF5E;
    const char32_t code_point = character.code_point;
    if (isIn(kSpaces, code_point)) {
        return " ";
    }
    if (isIn(kDashes, code_point)) {
        return "-";
    }
    if (isIn(kInvisible, code_point)) {
        return "";
    }
    if (code_point >= kFullWidthFirst && code_point <= kFullWidthLast) {
        return std::string(1, static_cast<char>(code_point - kFullWidthFirst + '!'));
    }
    return character.bytes;
}

void trim(std::string& text)
{
    const std::size_t first = text.find_first_not_of(' ');
    text.erase(0, std::min(first, text.size()));
    text.erase(text.find_last_not_of(' ') + 1);
}

} // namespace

std::optional<std::vector<Character>> charactersOf(std::string_view text)
{
    std::vector<Character> characters;
    while (!text.empty()) {
        const auto [length, code_point] = firstSequence(text);
        if (length == 0) {
            return std::nullopt;
        }
        characters.push_back({code_point, std::string(text.substr(0, length))});
        text.remove_prefix(length);
    }
    return characters;
}

std::size_t soundCharacters(std::string_view text)
{
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t length = firstSequence(text).first;
        if (length == 0) {
            break;
        }
        text.remove_prefix(length);
        ++count;
    }
    return count;
}

Checked normalize(std::string_view text, Separators separators, Letters letters)
{
    if (text.size() > kTextBytesMax) {
        return {"", {{.code = Code::Length}}};
    }
    const auto characters = charactersOf(text);
    if (!characters) {
        return {"", {{.code = Code::NotUtf8, .position = soundCharacters(text) + 1}}};
    }
    Checked result;
    for (const Character& character : *characters) {
        result.value += plainOf(character);
    }
    if (separators == Separators::Remove) {
        std::erase_if(result.value, [](char c) { return c == ' ' || c == '-'; });
    }
    if (letters == Letters::Upper) {
        std::transform(result.value.begin(), result.value.end(), result.value.begin(), toUpper);
    }
    trim(result.value);
    if (result.value.empty()) {
        result.findings.push_back({.code = Code::Missing});
    }
    return result;
}

Checked normalizeCode(std::string_view text)
{
    return normalize(text, Separators::Remove, Letters::Upper);
}

bool isControl(char32_t code_point) noexcept
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
           isIn(kInvisible, code_point) || code_point == 0x2028 || code_point == 0x2029;
}

} // namespace identifiers
