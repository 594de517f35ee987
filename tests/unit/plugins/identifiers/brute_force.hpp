// Check characters found by trying, and by other formulas than the library's: powers that are
// multiplied out, recursions instead of weights, tables instead of sums. A second opinion.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace identifiers::test {

/// The one character of `alphabet` with which `holds` is true of the whole.
template <typename Holds>
char only(std::string_view alphabet, const std::string& begin, Holds holds)
{
    std::string found;
    for (const char c : alphabet) {
        if (holds(begin + c)) {
            found += c;
        }
    }
    if (found.size() != 1) {
        throw std::logic_error("not one check character for " + begin + " but \"" + found + "\"");
    }
    return found.front();
}

inline std::uint64_t valueIn(std::string_view alphabet, char c)
{
    const std::size_t at = alphabet.find(c);
    if (at == std::string_view::npos) {
        throw std::logic_error(std::string("no value for ") + c);
    }
    return at;
}

inline constexpr std::string_view kDigits = "0123456789";
inline constexpr std::string_view kDigitsAndX = "0123456789X";
inline constexpr std::string_view kBase36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view kSocialCredit = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The powers of 3 are multiplied out: the last of 17 is 43 million.
inline char socialCreditCheckByForce(const std::string& first_17)
{
    return only(kSocialCredit, first_17, [](const std::string& code) {
        std::uint64_t sum = valueIn(kSocialCredit, code.back());
        std::uint64_t power = 1;
        for (std::size_t i = 0; i < 17; ++i, power *= 3) {
            sum += valueIn(kSocialCredit, code[i]) * power;
        }
        return sum % 31 == 0;
    });
}

/// Both moduli of 11 by doubling from the left.
inline std::uint64_t doubled(std::string_view alphabet, std::string_view text)
{
    std::uint64_t product = 0;
    for (const char c : text) {
        product = (product + valueIn(alphabet, c)) * 2 % 11;
    }
    return product;
}

inline char organizationCheckByForce(const std::string& first_8)
{
    return only(kDigitsAndX, first_8, [](const std::string& code) {
        const auto product = doubled(kBase36, std::string_view(code).substr(0, 8));
        return (product + valueIn(kDigitsAndX, code.back())) % 11 == 0;
    });
}

inline char residentCheckByForce(const std::string& first_17)
{
    return only(kDigitsAndX, first_17, [](const std::string& number) {
        const auto product = doubled(kDigits, std::string_view(number).substr(0, 17));
        return (product + valueIn(kDigitsAndX, number.back())) % 11 == 1;
    });
}

/// Written out from the right instead of by cycling weights.
inline char mrzCheckByForce(const std::string& field)
{
    return only(kDigits, field, [](const std::string& text) {
        static constexpr std::array<std::uint64_t, 3> kWeights{7, 3, 1};
        std::uint64_t sum = 0;
        for (std::size_t i = text.size() - 1; i-- > 0;) {
            sum += (text[i] == '<' ? 0 : valueIn(kBase36, text[i])) * kWeights[i % 3];
        }
        return (sum + 10 - valueIn(kDigits, text.back())) % 10 == 0;
    });
}

inline char hybridCheckByForce(const std::string& digits)
{
    return only(kDigits, digits, [](const std::string& text) {
        std::uint64_t product = 10;
        for (const char c : text.substr(0, text.size() - 1)) {
            const std::uint64_t sum = (product + valueIn(kDigits, c) + 9) % 10 + 1;
            product = sum * 2 % 11;
        }
        return (product + valueIn(kDigits, text.back())) % 10 == 1;
    });
}

inline char cardCheckByForce(const std::string& digits)
{
    return only(kDigits, digits, [](const std::string& text) {
        static constexpr std::array<std::uint64_t, 10> kDoubled{0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto value = valueIn(kDigits, text[text.size() - 1 - i]);
            sum += i % 2 == 1 ? kDoubled[value] : value;
        }
        return sum % 10 == 0;
    });
}

} // namespace identifiers::test
