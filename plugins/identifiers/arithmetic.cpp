#include "arithmetic.hpp"

#include "text.hpp"

#include <array>
#include <optional>

namespace identifiers {

namespace {

constexpr char kNone = '\0';

/// Digits as they are, A to Z as 10 to 35; -1 for all else.
int valueOf(char c) noexcept
{
    return isDigit(c) ? c - '0' : isUpper(c) ? c - 'A' + 10 : -1;
}

/// The sum of values times weights, or -1 when a value is missing.
template <std::size_t size, typename Value>
int weighted(std::string_view text, const std::array<int, size>& weights, Value value) noexcept
{
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int digit = value(text[i]);
        if (digit < 0) {
            return -1;
        }
        sum += digit * weights[i % size];
    }
    return sum;
}

int digitOf(char c) noexcept
{
    return isDigit(c) ? c - '0' : -1;
}

} // namespace

char socialCreditCheck(std::string_view first_17) noexcept
{
    // Powers of 3 modulo 31.
    static constexpr std::array kWeights{
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    const int sum = weighted(first_17, kWeights, [](char c) {
        const std::size_t at = kSocialCreditAlphabet.find(c);
        return at == std::string_view::npos ? -1 : static_cast<int>(at);
    });
    return sum < 0 ? kNone : kSocialCreditAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

char organizationCheck(std::string_view first_8) noexcept
{
    static constexpr std::array kWeights{3, 7, 9, 10, 5, 8, 4, 2};
    const int sum = weighted(first_8, kWeights, valueOf);
    return sum < 0 ? kNone : "0123456789X"[(11 - sum % 11) % 11];
}

char residentCheck(std::string_view first_17) noexcept
{
    static constexpr std::array kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    const int sum = weighted(first_17, kWeights, digitOf);
    return sum < 0 ? kNone : "10X98765432"[sum % 11];
}

char mrzCheck(std::string_view field) noexcept
{
    static constexpr std::array kWeights{7, 3, 1};
    const int sum = weighted(field, kWeights, [](char c) { return c == '<' ? 0 : valueOf(c); });
    return sum < 0 ? kNone : static_cast<char>('0' + sum % 10);
}

char hybridCheck(std::string_view digits) noexcept
{
    int product = 10;
    for (const char c : digits) {
        if (!isDigit(c)) {
            return kNone;
        }
        const int sum = (product + c - '0') % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return static_cast<char>('0' + (11 - product) % 10);
}

char cardCheck(std::string_view digits) noexcept
{
    int sum = 0;
    bool is_doubled = true; // the digit beside the check digit is
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, is_doubled = !is_doubled) {
        if (!isDigit(*at)) {
            return kNone;
        }
        const int value = (*at - '0') * (is_doubled ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

} // namespace identifiers
