#include "flow/work.hpp"

#include "domain/number.hpp"

#include <hub/ids.hpp>

#include <utility>

namespace orders {

namespace {

// A millisecond has 1000 numbers; whoever draws in vain so often tries the next millisecond.
constexpr int kDrawsMax = 200;

} // namespace

std::string Work::drawId() const
{
    return hub::makeUuidV7(now_ms_, unit_.random(10));
}

std::optional<std::string> Work::drawNumber() const
{
    for (int i = 0; i < kDrawsMax; ++i) {
        auto number = makeNumber(now_ms_, unit_.random(kNumberRandomBytes));
        if (number && !rows_.order(*number)) {
            return number;
        }
    }
    return std::nullopt;
}

void Work::open(const Order& order) const
{
    rows_.insert(order);
    record(order, "", "created");
    schedule(order);
}

bool Work::advance(Order& order, OrderCause cause) const
{
    const auto to = next(order.state, cause);
    if (!to) {
        return false;
    }
    const OrderState from = std::exchange(order.state, *to);
    if (order.state == OrderState::Canceled) {
        order.end_reason = toText(cause);
    }
    rows_.save(order);
    record(order, toText(from), toText(cause));
    return true;
}

void Work::schedule(const Order& order) const
{
    unit_.setTimer(kExpiryTimer, order.number, order.expires_ms);
    const std::int64_t remind_ms = order.expires_ms - settings_.reminder_ms;
    if (settings_.reminder_ms > 0 && remind_ms > now_ms_) {
        unit_.setTimer(kReminderTimer, order.number, remind_ms);
    }
}

void Work::unschedule(const Order& order) const
{
    unit_.cancelTimer(kExpiryTimer, order.number);
    unit_.cancelTimer(kReminderTimer, order.number);
}

void Work::publish(std::string_view type, const Order& order, Json payload, bool persons) const
{
    payload["order_ref"] = order.number;
    payload["organization_id"] = order.organization_id;
    payload["amount_minor"] = order.amount_minor;
    payload["currency"] = order.currency;
    if (persons) {
        payload["person_ids"] = Json::array();
        for (const Line& line : rows_.lines(order.number)) {
            payload["person_ids"].push_back(line.person_id);
        }
    }
    hub::Publication publication;
    publication.type = type;
    publication.key = order.number;
    publication.edition = order.edition;
    publication.payload = payload.dump();
    unit_.publish(publication);
}

void Work::record(const Order& order, std::string_view from, std::string_view cause) const
{
    Transition transition;
    transition.time_ms = now_ms_;
    transition.from_state = from;
    transition.cause = cause;
    transition.to_state = toText(order.state);
    transition.principal = event_.principal();
    transition.trace = event_.trace();
    rows_.insert(order.number, transition);
}

} // namespace orders
