#include "password.hpp"

#include "text.hpp"

#include <algorithm>

namespace identifiers {

namespace {

bool isAsciiWith(const Character& character, bool (*holds)(char)) noexcept
{
    return character.bytes.size() == 1 && holds(character.bytes[0]);
}

bool isSpecial(const Character& character) noexcept
{
    return !isAsciiWith(character, isLetter) && !isAsciiWith(character, isDigit);
}

Findings checkKinds(const std::vector<Character>& characters)
{
    const auto has = [&characters](auto holds) {
        return std::any_of(characters.begin(), characters.end(), holds);
    };
    Findings findings;
    if (!has([](const Character& c) { return isAsciiWith(c, isLetter); })) {
        findings.push_back({.code = Code::PasswordLetter});
    }
    if (!has([](const Character& c) { return isAsciiWith(c, isDigit); })) {
        findings.push_back({.code = Code::PasswordDigit});
    }
    if (!has(isSpecial)) {
        findings.push_back({.code = Code::PasswordSpecial});
    }
    return findings;
}

} // namespace

Findings checkPassword(std::string_view text)
{
    constexpr std::size_t kCharactersMin = 8;
    constexpr std::size_t kCharactersMax = 128;
    constexpr std::string_view kRange = "8-128";
    if (text.empty()) {
        return {{.code = Code::Missing}};
    }
    if (text.size() > kTextBytesMax) {
        return {{.code = Code::Length, .expected = std::string(kRange)}};
    }
    const auto characters = charactersOf(text);
    if (!characters) {
        return {{.code = Code::NotUtf8}};
    }
    const auto control = std::find_if(characters->begin(),
                                      characters->end(),
                                      [](const Character& c) { return isControl(c.code_point); });
    if (control != characters->end()) {
        const auto position = static_cast<std::size_t>(control - characters->begin()) + 1;
        return {{.code = Code::Character, .position = position}};
    }
    Findings findings = checkKinds(*characters);
    if (characters->size() < kCharactersMin || characters->size() > kCharactersMax) {
        findings.insert(findings.begin(),
                        {.code = Code::Length,
                         .expected = std::string(kRange),
                         .actual = std::to_string(characters->size())});
    }
    return findings;
}

} // namespace identifiers
