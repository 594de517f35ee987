#include "domain/records.hpp"

#include <array>
#include <stdexcept>

namespace payments {

namespace {

constexpr std::array<std::string_view, 4> kEndReasons = {"", "canceled", "replaced", "expired"};
constexpr std::array<std::string_view, 4> kOrigins = {
    "requested", "second_payment", "late_payment", "provider"};

template <typename Enum, std::size_t N>
Enum parse(const std::array<std::string_view, N>& names, std::string_view text)
{
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == text) {
            return static_cast<Enum>(i);
        }
    }
    throw std::invalid_argument("a row holds \"" + std::string{text} +
                                "\", which this version does not know");
}

} // namespace

std::string_view toText(EndReason reason)
{
    return kEndReasons.at(static_cast<std::size_t>(reason));
}

EndReason parseEndReason(std::string_view text)
{
    return parse<EndReason>(kEndReasons, text);
}

std::string_view toText(RefundOrigin origin)
{
    return kOrigins.at(static_cast<std::size_t>(origin));
}

RefundOrigin parseRefundOrigin(std::string_view text)
{
    return parse<RefundOrigin>(kOrigins, text);
}

bool isAutomatic(RefundOrigin origin)
{
    return origin == RefundOrigin::SecondPayment || origin == RefundOrigin::LatePayment;
}

} // namespace payments
