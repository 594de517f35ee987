// The state machine of an order, as data: a row says from which state which cause leads where. What
// has no row does not happen; above all, nothing leads out of canceled, so that money which comes
// too late can't open an order again.
#pragma once

#include <optional>
#include <string_view>

namespace orders {

/// PaymentPending: a remittance slip waits for finance.
enum class OrderState { Unpaid, Canceled, PaymentPending, Paid, PartlyRefunded, Refunded };
enum class OrderCause {
    CancelRequested,
    PersonCanceled,
    LifeOver,
    PaymentMatched,
    SlipSubmitted,
    SlipRejected,
    SomeLinesRefunded,
    AllLinesRefunded
};
inline constexpr OrderState kLastOrderState = OrderState::Refunded;
inline constexpr OrderCause kLastOrderCause = OrderCause::AllLinesRefunded;

std::string_view toText(OrderState state);
std::string_view toText(OrderCause cause);

/// Nothing for a word that no state has.
std::optional<OrderState> findOrderState(std::string_view text);
/// Throws std::invalid_argument for a text that no state has: the row is damaged.
OrderState parseOrderState(std::string_view text);

/// Where the cause leads; nothing when it changes nothing.
std::optional<OrderState> next(OrderState from, OrderCause cause);

} // namespace orders
