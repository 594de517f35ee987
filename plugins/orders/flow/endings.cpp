#include "flow/endings.hpp"

#include "flow/open_money.hpp"

namespace orders {

void end(const Work& work, Order& order, OrderCause cause)
{
    if (!work.advance(order, cause)) {
        return;
    }
    work.rows().releaseAll(order.number);
    work.unschedule(order);
    if (cause == OrderCause::LifeOver) {
        work.publish("order.expired", order, Json::object(), true);
    } else {
        work.publish("order.canceled", order, {{"reason", toText(cause)}}, true);
    }
}

void settleWanted(const Work& work, Order& order)
{
    if (order.cancel_wanted.empty() || order.state != OrderState::Unpaid) {
        return;
    }
    if (openMoneyOf(work, order).mayCome()) {
        work.unit().setTimer(
            kExpiryTimer, order.number, work.nowMs() + work.settings().postpone_ms);
        return;
    }
    end(work, order, OrderCause::PersonCanceled);
}

void onExpiryTimer(const Work& work, const std::string& number)
{
    auto order = work.rows().order(number);
    if (!order ||
        (order->state != OrderState::Unpaid && order->state != OrderState::PaymentPending)) {
        return;
    }
    // A slip waits for finance; a payment may bring money: both hold the order (D-01).
    if (order->state == OrderState::PaymentPending || openMoneyOf(work, *order).mayCome()) {
        work.unit().setTimer(kExpiryTimer, number, work.nowMs() + work.settings().postpone_ms);
        return;
    }
    end(work,
        *order,
        order->cancel_wanted.empty() ? OrderCause::LifeOver : OrderCause::PersonCanceled);
}

void onReminderTimer(const Work& work, const std::string& number)
{
    const auto order = work.rows().order(number);
    if (!order || order->state != OrderState::Unpaid || !order->cancel_wanted.empty()) {
        return;
    }
    // Nobody is asked to pay while it is not known whether they have.
    if (!openMoneyOf(work, *order).is_undecided) {
        work.publish("order.payment_due", *order, Json::object(), false);
    }
}

hub::Answer takePersonCanceled(const Work& work, const hub::Event& event)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    auto order = work.rows().order(work.rows().holder(textOf(payload, "person_id")));
    if (!order ||
        (order->state != OrderState::Unpaid && order->state != OrderState::PaymentPending)) {
        return {};
    }
    order->cancel_wanted = toText(OrderCause::PersonCanceled);
    work.rows().save(*order);
    settleWanted(work, *order);
    return {};
}

} // namespace orders
