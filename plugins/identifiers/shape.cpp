#include "shape.hpp"

#include "arithmetic.hpp"
#include "text.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

namespace identifiers {

namespace {

constexpr std::size_t kMisfitsMax = 4;

constexpr std::string_view kLookAlikes[] = {
    "0O", "0Q", "0D", "1I", "1L", "2Z", "5S", "8B", "6G", "UV", "7T", "OQ", "OD", "IL", "MN"};

constexpr std::pair<char, std::string_view> kClasses[] = {
    {'d', "0123456789"},
    {'a', "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    {'n', "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    {'x', "0123456789X"},
    {'s', kSocialCreditAlphabet},
    {'m', "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"},
    {'h', "HM"},
    {'p', "DSP"},
    {'c', "ABCDEFGHJKLMNPQRSTUVWXYZ"},
};

/// What may stand where `of_shape`, which must live on, stands.
std::string_view allowedFor(const char& of_shape) noexcept
{
    const std::string_view allowed = classOf(of_shape);
    return allowed.empty() ? std::string_view(&of_shape, 1) : allowed;
}

bool allows(std::string_view allowed, const Character& character) noexcept
{
    return character.bytes.size() == 1 &&
           allowed.find(character.bytes[0]) != std::string_view::npos;
}

/// As people can read it; a control character by its number.
std::string shown(const Character& character)
{
    if (!isControl(character.code_point)) {
        return character.bytes;
    }
    char text[16];
    std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(character.code_point));
    return text;
}

Finding misfit(const Character& character, std::string_view allowed, std::size_t position)
{
    Finding finding{.code = Code::Character, .position = position, .actual = shown(character)};
    const char meant =
        character.bytes.size() == 1 ? lookAlikeIn(allowed, character.bytes[0]) : '\0';
    if (meant != '\0') {
        finding.expected = meant;
    }
    return finding;
}

/// Of a text as long as the shape.
Findings misfitsOf(const std::vector<Character>& text, std::string_view shape)
{
    Findings findings;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view allowed = allowedFor(shape[i]);
        if (!allows(allowed, text[i])) {
            findings.push_back(misfit(text[i], allowed, i + 1));
        }
    }
    return findings;
}

/// Characters that no number holds, of a text whose length fits nothing.
Findings foreignIn(const std::vector<Character>& text)
{
    Findings findings;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!allows(classOf('m'), text[i])) {
            findings.push_back(misfit(text[i], "", i + 1));
        }
    }
    return findings;
}

void keepFew(Findings& findings)
{
    findings.resize(std::min(findings.size(), kMisfitsMax));
}

Findings wrongLength(const std::vector<Character>& text, std::string expected)
{
    Findings findings = foreignIn(text);
    keepFew(findings);
    findings.insert(findings.begin(),
                    {.code = Code::Length,
                     .expected = std::move(expected),
                     .actual = std::to_string(text.size())});
    return findings;
}

std::string lengthsOf(std::span<const std::string_view> shapes)
{
    std::vector<std::size_t> lengths;
    for (const std::string_view shape : shapes) {
        lengths.push_back(shape.size());
    }
    std::sort(lengths.begin(), lengths.end());
    lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
    std::string text;
    for (const std::size_t length : lengths) {
        text += (text.empty() ? "" : "/") + std::to_string(length);
    }
    return text;
}

} // namespace

std::string_view classOf(char of_shape) noexcept
{
    const auto* const found =
        std::find_if(std::begin(kClasses), std::end(kClasses), [of_shape](const auto& entry) {
            return entry.first == of_shape;
        });
    return found == std::end(kClasses) ? std::string_view{} : found->second;
}

bool fits(std::string_view text, std::string_view shape) noexcept
{
    return text.size() == shape.size() &&
           std::equal(text.begin(), text.end(), shape.begin(), [](char c, const char& of_shape) {
               return allowedFor(of_shape).find(c) != std::string_view::npos;
           });
}

Findings checkShapes(std::string_view text, std::span<const std::string_view> shapes)
{
    const auto characters = charactersOf(text);
    if (!characters) {
        return {{.code = Code::NotUtf8, .position = soundCharacters(text) + 1}};
    }
    bool has_length = false;
    Findings nearest;
    for (const std::string_view shape : shapes) {
        if (shape.size() != characters->size()) {
            continue;
        }
        Findings misfits = misfitsOf(*characters, shape);
        if (!has_length || misfits.size() < nearest.size()) {
            nearest = std::move(misfits);
        }
        has_length = true;
    }
    if (!has_length) {
        return wrongLength(*characters, lengthsOf(shapes));
    }
    keepFew(nearest);
    return nearest;
}

Findings checkShape(std::string_view text, std::string_view shape)
{
    return checkShapes(text, {&shape, 1});
}

Findings
checkRun(std::string_view text, char of_shape, std::size_t length_min, std::size_t length_max)
{
    const auto characters = charactersOf(text);
    if (!characters) {
        return {{.code = Code::NotUtf8, .position = soundCharacters(text) + 1}};
    }
    if (characters->size() < length_min || characters->size() > length_max) {
        return wrongLength(*characters,
                           std::to_string(length_min) + "-" + std::to_string(length_max));
    }
    Findings misfits = misfitsOf(*characters, std::string(characters->size(), of_shape));
    keepFew(misfits);
    return misfits;
}

bool lookAlike(char one, char other) noexcept
{
    return std::any_of(
        std::begin(kLookAlikes), std::end(kLookAlikes), [one, other](std::string_view pair) {
            return (pair[0] == one && pair[1] == other) || (pair[0] == other && pair[1] == one);
        });
}

char lookAlikeIn(std::string_view allowed, char actual) noexcept
{
    const auto found = std::find_if(
        allowed.begin(), allowed.end(), [actual](char c) { return lookAlike(c, actual); });
    return found == allowed.end() ? '\0' : *found;
}

} // namespace identifiers
