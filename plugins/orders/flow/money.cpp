#include "flow/money.hpp"

#include "domain/matching.hpp"
#include "domain/number.hpp"
#include "flow/checkout_wishes.hpp"
#include "flow/endings.hpp"

#include <optional>

namespace orders {

namespace {

SeenState stateOf(const hub::Event& event, const Json& payload)
{
    if (event.type() == "payment.paid") {
        return SeenState::Paid;
    }
    if (event.type() == "payment.closed") {
        return SeenState::Ended;
    }
    const bool ends = event.type() == "payment.expired" || event.type() == "payment.failed";
    return ends && !isTrue(payload, "payment_open") ? SeenState::Ended : SeenState::Open;
}

/// False when nothing is new: it only moves forward, however events are repeated or overtake.
bool note(const Work& work, const hub::Event& event, const Json& payload)
{
    const std::string payment_id = textOf(payload, "payment_id");
    const SeenState state = stateOf(event, payload);
    auto known = work.money().payment(payment_id);
    if (!known) {
        work.money().insert(
            SeenPayment{payment_id, textOf(payload, "order_ref"), state, event.timeMs()});
        return true;
    }
    if (state <= known->state) {
        return false;
    }
    known->state = state;
    work.money().save(*known);
    return true;
}

Money moneyOf(const hub::Event& event, const Json& payload)
{
    return {textOf(payload, "payment_id"),
            textOf(payload, "order_ref"),
            integerOf(payload, "amount_minor").value_or(0),
            textOf(payload, "currency"),
            textOf(payload, "account"),
            textOf(payload, "attempt_number"),
            event.timeMs()};
}

/// Never lost: a row, and an event for whoever watches.
void keepUnapplied(const Work& work, const Money& money, const Order* order, std::string reason)
{
    Unapplied unapplied;
    unapplied.money = money;
    unapplied.edition = order == nullptr ? work.edition() : order->edition;
    unapplied.organization_id = order == nullptr ? "" : order->organization_id;
    unapplied.reason = reason;
    work.money().insert(unapplied);
    hub::Publication publication;
    publication.type = "order.payment_unapplied";
    publication.key = money.order_ref;
    publication.edition = unapplied.edition;
    Json payload = {{"order_ref", money.order_ref},
                    {"payment_id", money.payment_id},
                    {"amount_minor", money.amount_minor},
                    {"currency", money.currency},
                    {"reason", std::move(reason)}};
    if (order != nullptr) {
        payload["organization_id"] = order->organization_id;
    }
    publication.payload = payload.dump();
    work.unit().publish(publication);
}

void apply(const Work& work, Order& order, const Money& money)
{
    order.payment_id = money.payment_id;
    order.paid_ms = money.arrived_ms;
    order.cancel_wanted.clear(); // a paid line is given back, not canceled
    work.advance(order, OrderCause::PaymentMatched);
    work.unschedule(order);
    work.publish("order.paid", order, {{"payment_id", money.payment_id}}, true);
}

} // namespace

hub::Answer takePaymentEvent(const Work& work, const hub::Event& event)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    if (!isOrderNumber(textOf(payload, "order_ref"))) {
        return {}; // a payment for something else than a badge order
    }
    if (event.type() == "payment.created") {
        noteGranted(work, textOf(payload, "order_ref"), event.timeMs());
    }
    if (!note(work, event, payload)) {
        return {};
    }
    auto order = work.rows().order(textOf(payload, "order_ref"));
    if (event.type() != "payment.paid") {
        if (order) {
            settleWanted(work, *order);
        }
        return {};
    }
    const Money money = moneyOf(event, payload);
    Order* of = order ? &*order : nullptr;
    const auto objection = objectionTo(money, of, work.settings().arrival_margin_ms);
    if (objection) {
        keepUnapplied(work, money, of, std::string{*objection});
    } else {
        apply(work, *of, money);
    }
    if (order && objection) {
        settleWanted(work, *order);
    }
    return {};
}

} // namespace orders
