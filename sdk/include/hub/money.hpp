// Money: an amount in minor units (fen) with its currency. No floating point anywhere: provider
// decimals are read digit by digit.
#pragma once

#include <hub/result.hpp>

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace hub {

class Money {
public:
    /// Zero yuan.
    Money() = default;
    Money(std::int64_t amount_minor, std::string_view currency)
        : amount_minor_(amount_minor)
        , currency_(currency)
    {}

    std::int64_t amountMinor() const noexcept { return amount_minor_; }
    const std::string& currency() const noexcept { return currency_; }
    bool isZero() const noexcept { return amount_minor_ == 0; }

    bool operator==(const Money&) const = default;

private:
    std::int64_t amount_minor_ = 0;
    std::string currency_ = "CNY";
};

/// HUB_BAD_REQUEST when the currencies differ or the sum leaves the range.
inline Result<Money> add(const Money& a, const Money& b)
{
    if (a.currency() != b.currency()) {
        return Error{HUB_BAD_REQUEST, "amounts of different currencies can't be added"};
    }
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a.amountMinor(), b.amountMinor(), &sum)) {
        return Error{HUB_BAD_REQUEST, "the sum leaves the range of an amount"};
    }
    return Money{sum, a.currency()};
}

/// Reads "12", "12.3" or "12.34" (yuan) as fen. Refused: signs, spaces, exponents, a missing
/// digit before or after the point, more than two decimals, more than 18 digits.
inline Result<Money> parseDecimal(std::string_view text, std::string_view currency = "CNY")
{
    const Error refusal{HUB_BAD_REQUEST,
                        "an amount must look like 12.34: digits, at most two decimals"};
    const auto point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view part =
        point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || whole.size() > 16 || part.size() > 2 ||
        (point != std::string_view::npos && part.empty())) {
        return refusal;
    }
    std::int64_t minor = 0;
    for (const char c : whole) {
        if (c < '0' || c > '9') {
            return refusal;
        }
        minor = minor * 10 + (c - '0');
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const char c = i < part.size() ? part[i] : '0';
        if (c < '0' || c > '9') {
            return refusal;
        }
        minor = minor * 10 + (c - '0');
    }
    return Money{minor, currency};
}

/// Writes fen as yuan with two decimals: 1234 -> "12.34", -5 -> "-0.05".
inline std::string toDecimal(const Money& money)
{
    const bool negative = money.amountMinor() < 0;
    // Through unsigned, so that the smallest value has a magnitude, too.
    const auto raw = static_cast<std::uint64_t>(money.amountMinor());
    const std::uint64_t magnitude = negative ? ~raw + 1 : raw;
    std::string cents = std::to_string(magnitude % 100);
    cents.insert(0, 2 - cents.size(), '0');
    return (negative ? "-" : "") + std::to_string(magnitude / 100) + "." + cents;
}

} // namespace hub
