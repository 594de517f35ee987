#include "flow/checkout_wishes.hpp"

#include <algorithm>
#include <string>

namespace orders {

namespace {

void noteAnswer(const Work& work,
                std::string_view number,
                std::int64_t answered_ms,
                std::string declined_code)
{
    auto wish = work.money().wish(number);
    if (!wish || answered_ms < std::max(wish->wished_ms, wish->answered_ms)) {
        return; // an answer to no wish of ours, or to a former one
    }
    wish->answered_ms = answered_ms;
    wish->declined_code = std::move(declined_code);
    work.money().save(*wish);
}

} // namespace

void noteWish(const Work& work, const Order& order)
{
    work.money().save(CheckoutWish{order.number, work.nowMs()});
}

hub::Answer takePaymentDeclined(const Work& work, const hub::Event& event)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    noteAnswer(work, textOf(payload, "order_ref"), event.timeMs(), textOf(payload, "code"));
    return {};
}

void noteGranted(const Work& work, std::string_view number, std::int64_t created_ms)
{
    noteAnswer(work, number, created_ms, "");
}

} // namespace orders
