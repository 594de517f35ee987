#include "api/checkouts.hpp"

#include "api/views.hpp"
#include "flow/checkout_wishes.hpp"

namespace orders {

namespace {

constexpr const char* kSubject = "证件费 Badge fees";

Refusal isNotUnpaid(const Order& order)
{
    return {
        409,
        "order_not_unpaid",
        {"Only an unpaid order can be paid; this one is " + std::string{toText(order.state)} + ".",
         "仅未支付的订单可以支付，请查看订单状态。"}};
}

} // namespace

hub::Answer requestCheckout(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto organization = organizationOf(request);
    if (!organization) {
        return refuse(noOrganization());
    }
    const auto order = work.rows().order(textOf(request.path, "number"));
    if (!order || order->organization_id != *organization) {
        return refuse(unknownOrder());
    }
    if (order->state != OrderState::Unpaid) {
        return refuse(isNotUnpaid(*order));
    }
    noteWish(work, *order);
    work.publish("order.payment_requested",
                 *order,
                 {{"method", work.settings().checkout_method}, {"subject", kSubject}},
                 false);
    return answered(202, viewOf(*order));
}

Json checkoutOf(const hub::Snapshot& snapshot, const std::string& number)
{
    const hub::Answer answer = snapshot.ask("payment", "status", number, "{}");
    const Json said = Json::parse(answer.payload, nullptr, false);
    if (answer.status == HUB_OK && said.is_object()) {
        for (const Json& payment : itemsOf(said, "payments")) {
            const std::string state = textOf(payment, "state");
            const auto checkout = payment.find("checkout");
            if (state != "closed" && state != "expired" && checkout != payment.end() &&
                checkout->is_object()) {
                return *checkout;
            }
        }
    }
    return nullptr;
}

} // namespace orders
