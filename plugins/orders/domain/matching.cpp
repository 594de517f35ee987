#include "domain/matching.hpp"

namespace orders {

std::optional<std::string_view>
objectionTo(const Money& money, const Order* order, std::int64_t margin_ms)
{
    if (order == nullptr) {
        return "order_unknown";
    }
    if (order->state == OrderState::Canceled) {
        return "order_canceled";
    }
    if (!next(order->state, OrderCause::PaymentMatched)) {
        return "order_already_paid";
    }
    if (money.currency != order->currency) {
        return "other_currency";
    }
    if (money.amount_minor != order->amount_minor) {
        return "other_amount";
    }
    if (order->deadline_ms != 0 && money.arrived_ms > order->deadline_ms + margin_ms) {
        return "after_deadline";
    }
    return std::nullopt;
}

} // namespace orders
