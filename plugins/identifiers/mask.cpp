#include "mask.hpp"

#include "text.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

namespace identifiers {

namespace {

constexpr std::string_view kHidden = "****";
constexpr std::string_view kHiddenWord = "***";

/// How much of a text of at least `size_min` characters is shown at its ends.
struct Ends {
    std::size_t size_min;
    std::size_t head;
    std::size_t tail;
};

constexpr Ends kNumberEnds[] = {{15, 6, 4}, {11, 3, 3}, {8, 2, 2}, {5, 1, 1}};
constexpr Ends kPhoneEnds[] = {{11, 3, 4}, {9, 3, 3}, {7, 2, 2}};

std::string textOf(const std::vector<Character>& characters, std::size_t from, std::size_t to)
{
    std::string text;
    for (std::size_t i = from; i < to; ++i) {
        text += characters[i].bytes;
    }
    return text;
}

template <std::size_t size>
std::string maskMiddle(std::string_view text, const Ends (&rules)[size])
{
    const auto characters = charactersOf(text);
    if (!characters) {
        return std::string(kHidden);
    }
    const std::size_t count = characters->size();
    const Ends* const rule =
        std::find_if(std::begin(rules), std::end(rules), [count](const Ends& ends) {
            return count >= ends.size_min;
        });
    if (rule == std::end(rules)) {
        return std::string(kHidden);
    }
    return textOf(*characters, 0, rule->head) + std::string(kHidden) +
           textOf(*characters, count - rule->tail, count);
}

std::size_t countryCodeSize(std::string_view number) noexcept
{
    static constexpr std::string_view kCodes[] = {"+852", "+853", "+886", "+86"};
    const auto* const found =
        std::find_if(std::begin(kCodes), std::end(kCodes), [number](std::string_view code) {
            return number.starts_with(code);
        });
    return found == std::end(kCodes) ? 0 : found->size();
}

bool isWord(const Character& character) noexcept
{
    return character.bytes.size() == 1 && isLetter(character.bytes[0]);
}

/// The first letter of each word.
std::string maskWords(const std::vector<Character>& characters)
{
    std::string text;
    bool is_start = true;
    for (const Character& character : characters) {
        const bool is_space = character.code_point == ' ';
        if (is_start && !is_space) {
            text += (text.empty() ? "" : " ") + character.bytes + std::string(kHiddenWord);
        }
        is_start = is_space;
    }
    return text;
}

} // namespace

std::string maskNumber(std::string_view number)
{
    return maskMiddle(number, kNumberEnds);
}

std::string maskPhone(std::string_view number)
{
    const std::size_t code = countryCodeSize(number);
    return std::string(number.substr(0, code)) + maskMiddle(number.substr(code), kPhoneEnds);
}

std::string maskName(std::string_view name)
{
    const auto characters = charactersOf(name);
    if (!characters) {
        return std::string(kHiddenWord);
    }
    if (std::any_of(characters->begin(), characters->end(), isWord)) {
        return maskWords(*characters);
    }
    constexpr std::size_t kWithLast = 3;
    const std::size_t count = characters->size();
    const std::string first = count > 1 ? characters->front().bytes : "";
    const std::string last = count >= kWithLast ? characters->back().bytes : "";
    return first + "*" + last;
}

std::string maskEmail(std::string_view address)
{
    const std::size_t at = address.find('@');
    const auto characters = charactersOf(address);
    if (!characters || at == std::string_view::npos || at == 0) {
        return std::string(kHiddenWord);
    }
    // Of a name of one letter that letter would be all.
    const std::string first = at > 1 ? characters->front().bytes : "";
    return first + std::string(kHiddenWord) + std::string(address.substr(at));
}

} // namespace identifiers
