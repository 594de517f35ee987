#include "api/requests.hpp"

#include "api/views.hpp"
#include "flow/drafts.hpp"
#include "flow/endings.hpp"
#include "flow/open_money.hpp"

#include <utility>

namespace orders {

namespace {

Refusal noNumber()
{
    return {503,
            "order_number_unavailable",
            {"Too many orders came in this very moment. Nothing was ordered; try again.",
             "当前下单人数过多，订单未生成，请重试。"},
            {},
            1};
}

Refusal isPending()
{
    return {409,
            "order_payment_pending",
            {"Finance is looking at a remittance slip of this order. Wait for the result.",
             "该订单的汇款凭证正在财务审核中，请等待审核结果。"}};
}

Refusal isPaid()
{
    return {409,
            "order_is_paid",
            {"The order is paid. Apply for a refund of its lines instead of canceling it.",
             "订单已支付，不能取消，请对订单中的人员申请退款。"}};
}

Refusal isOpen(const OpenMoney& open)
{
    return {
        409,
        "order_payment_open",
        {"A payment of this order is open or being checked. Finish it, or end it and wait until "
         "it has ended; then cancel the order. Do not pay again.",
         "该订单有未结束的支付或支付结果正在确认，请完成或关闭该支付，待其结束后再取消订单，"
         "请勿重复支付。"},
        {},
        std::nullopt,
        {{"payment_ids", open.payments}}};
}

std::optional<Refusal> objectionToCancel(const Work& work, const Order& order)
{
    if (order.state == OrderState::PaymentPending) {
        return isPending();
    }
    if (!next(order.state, OrderCause::CancelRequested)) {
        return isPaid();
    }
    const OpenMoney open = openMoneyOf(work, order);
    return open.mayCome() ? std::optional{isOpen(open)} : std::nullopt;
}

void store(const Work& work, Draft& draft)
{
    work.open(draft.order);
    for (Line& line : draft.lines) {
        line.number = draft.order.number;
        work.rows().insert(line);
        if (!work.rows().hold(line.person_id, draft.order.number)) {
            // The draft has looked; only damage of the tables can lead here.
            throw hub::UnitFailure(HUB_INTERNAL, "a person is held by two orders");
        }
    }
}

Json viewOf(const Draft& draft)
{
    Json view = viewOf(draft.order);
    view["lines"] = linesView(draft.lines, draft.persons);
    return view;
}

} // namespace

hub::Answer quoteOrder(const Work& work, const hub::Event& event)
{
    const auto draft = draftOrder(work, readRequest(event.payload()));
    if (const auto* refusal = std::get_if<Refusal>(&draft)) {
        return refuse(*refusal);
    }
    Json view = viewOf(std::get<Draft>(draft));
    view.erase("number");
    return answered(200, std::move(view));
}

hub::Answer createOrder(const Work& work, const hub::Event& event)
{
    auto drafted = draftOrder(work, readRequest(event.payload()));
    if (const auto* refusal = std::get_if<Refusal>(&drafted)) {
        return refuse(*refusal);
    }
    Draft& draft = std::get<Draft>(drafted);
    auto number = work.drawNumber();
    if (!number) {
        return refuse(noNumber());
    }
    draft.order.number = std::move(*number);
    store(work, draft);
    work.publish("order.created", draft.order, Json::object(), true);
    return created(viewOf(draft), "/api/v1/orders/" + draft.order.number);
}

hub::Answer cancelOrder(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto organization = organizationOf(request);
    if (!organization) {
        return refuse(noOrganization());
    }
    auto order = work.rows().order(textOf(request.path, "number"));
    if (!order || order->organization_id != *organization) {
        return refuse(unknownOrder());
    }
    if (order->state != OrderState::Canceled) { // once is enough
        if (const auto refusal = objectionToCancel(work, *order)) {
            return refuse(*refusal);
        }
        end(work, *order, OrderCause::CancelRequested);
    }
    return answered(200, viewOf(*order));
}

} // namespace orders
