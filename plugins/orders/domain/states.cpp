#include "domain/states.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace orders {

namespace {

struct Rule {
    OrderState from;
    OrderCause cause;
    OrderState to;
};

using S = OrderState;
using C = OrderCause;
constexpr std::array kRules = {
    Rule{S::Unpaid, C::CancelRequested, S::Canceled},
    Rule{S::Unpaid, C::PersonCanceled, S::Canceled},
    Rule{S::Unpaid, C::LifeOver, S::Canceled},
    Rule{S::Unpaid, C::PaymentMatched, S::Paid},
    Rule{S::Unpaid, C::SlipSubmitted, S::PaymentPending},
    // Another way to pay may be quicker than finance (D-02).
    Rule{S::PaymentPending, C::PaymentMatched, S::Paid},
    Rule{S::PaymentPending, C::SlipRejected, S::Unpaid},
    Rule{S::Paid, C::SomeLinesRefunded, S::PartlyRefunded},
    Rule{S::Paid, C::AllLinesRefunded, S::Refunded},
    Rule{S::PartlyRefunded, C::AllLinesRefunded, S::Refunded},
};

// In the order of the enumerators.
constexpr std::array<std::string_view, 6> kStates = {
    "unpaid", "canceled", "payment_pending", "paid", "partly_refunded", "refunded"};
constexpr std::array<std::string_view, 8> kCauses = {"cancel_requested",
                                                     "person_canceled",
                                                     "life_over",
                                                     "payment_matched",
                                                     "slip_submitted",
                                                     "slip_rejected",
                                                     "some_lines_refunded",
                                                     "all_lines_refunded"};

} // namespace

std::string_view toText(OrderState state)
{
    return kStates.at(static_cast<std::size_t>(state));
}

std::string_view toText(OrderCause cause)
{
    return kCauses.at(static_cast<std::size_t>(cause));
}

std::optional<OrderState> findOrderState(std::string_view text)
{
    const auto found = std::find(kStates.begin(), kStates.end(), text);
    return found == kStates.end() ? std::nullopt
                                  : std::optional{static_cast<OrderState>(found - kStates.begin())};
}

OrderState parseOrderState(std::string_view text)
{
    const auto found = findOrderState(text);
    if (!found) {
        throw std::invalid_argument("a row holds the state \"" + std::string{text} +
                                    "\", which this version does not know");
    }
    return *found;
}

std::optional<OrderState> next(OrderState from, OrderCause cause)
{
    for (const Rule& rule : kRules) {
        if (rule.from == from && rule.cause == cause) {
            return rule.to;
        }
    }
    return std::nullopt;
}

} // namespace orders
