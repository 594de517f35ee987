#include "api/commands.hpp"

#include "api/declined.hpp"
#include "api/views.hpp"
#include "store/money_rows.hpp"
#include "store/rows.hpp"

#include <hub/money.hpp>

#include <utility>

#include <requests/instant.hpp>

namespace orders {

namespace {

constexpr std::int64_t kListMax = 200;

std::string sumOf(std::int64_t amount_minor, const std::string& currency)
{
    return hub::toDecimal({amount_minor, currency}) + " " + currency;
}

Json rowOf(const Order& order)
{
    return Json::array({order.number,
                        toText(order.state),
                        order.end_reason,
                        order.organization_id,
                        std::to_string(order.persons),
                        sumOf(order.amount_minor, order.currency),
                        requests::toRfc3339(order.created_ms),
                        requests::toRfc3339(order.expires_ms),
                        requests::toRfc3339(order.paid_ms)});
}

Json ordersSection(const char* title, Json rows)
{
    return section(title,
                   {"order",
                    "state",
                    "ended by",
                    "organization",
                    "persons",
                    "amount",
                    "created",
                    "expires",
                    "paid"},
                   std::move(rows));
}

Json linesSection(const std::vector<Line>& lines)
{
    Json rows = Json::array();
    for (const Line& line : lines) {
        rows.push_back(Json::array({std::to_string(line.line),
                                    line.person_id,
                                    line.category,
                                    line.admission_period,
                                    line.reuse ? "yes" : "",
                                    sumOf(line.amount_minor, kCurrency)}));
    }
    return section("Lines", {"line", "person", "category", "entry dates", "reuse", "amount"}, rows);
}

Json stepsSection(const std::vector<Transition>& steps)
{
    Json rows = Json::array();
    for (const Transition& step : steps) {
        rows.push_back(Json::array({requests::toRfc3339(step.time_ms),
                                    step.from_state,
                                    step.cause,
                                    step.to_state,
                                    step.principal}));
    }
    return section("Timeline", {"time", "from", "cause", "to", "by"}, rows);
}

Json paymentsSection(const std::vector<SeenPayment>& payments)
{
    Json rows = Json::array();
    for (const SeenPayment& payment : payments) {
        rows.push_back(Json::array(
            {payment.payment_id, toText(payment.state), requests::toRfc3339(payment.seen_ms)}));
    }
    return section("Payments", {"payment", "state", "first seen"}, rows);
}

Json unappliedSection(const std::vector<Unapplied>& all, std::int64_t now_ms)
{
    constexpr std::int64_t kDayMs = 86'400'000;
    Json rows = Json::array();
    for (const Unapplied& each : all) {
        rows.push_back(Json::array({each.money.payment_id,
                                    each.money.order_ref,
                                    each.organization_id,
                                    sumOf(each.money.amount_minor, each.money.currency),
                                    each.reason,
                                    requests::toRfc3339(each.money.arrived_ms),
                                    std::to_string((now_ms - each.money.arrived_ms) / kDayMs)}));
    }
    return section("Money that pays no order, newest first",
                   {"payment", "order", "organization", "amount", "reason", "arrived", "days"},
                   rows);
}

Json exceptionsSection(const std::vector<Exception>& exceptions)
{
    Json rows = Json::array();
    for (const Exception& exception : exceptions) {
        rows.push_back(Json::array({requests::toRfc3339(exception.until_ms),
                                    exception.reason,
                                    exception.granted_by,
                                    requests::toRfc3339(exception.granted_ms)}));
    }
    return section("May pay later", {"until", "reason", "granted by", "granted"}, rows);
}

/// At most one row: the newest wish for a code, when payments declined it.
Json declinedSection(const Json& declined)
{
    Json rows = Json::array();
    if (declined.is_object()) {
        rows.push_back(Json::array({textOf(declined, "code"),
                                    textOf(declined, "declined_at"),
                                    textOf(partOf(declined, "detail"), "en"),
                                    textOf(partOf(declined, "detail"), "zh")}));
    }
    return section("Code declined", {"code", "time", "what to do", "怎么办"}, std::move(rows));
}

} // namespace

hub::Answer showOrder(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const ReadRows rows{snapshot};
    const auto order = rows.order(argumentOf(event.payload(), 0));
    if (!order) {
        return refuse(unknownOrder());
    }
    const MoneyRows money{snapshot};
    const auto lines = rows.lines(order->number);
    Json view = viewOf(*order);
    view["lines"] = linesView(lines, {});
    const Json declined =
        order->state == OrderState::Unpaid ? declinedOf(money, order->number) : Json();
    if (order->state == OrderState::Unpaid) {
        view["checkout_declined"] = declined;
    }
    return shown(
        std::move(view),
        Json::array({ordersSection("Order", Json::array({rowOf(*order)})),
                     linesSection(lines),
                     stepsSection(rows.transitions(order->number)),
                     paymentsSection(money.payments(order->number)),
                     declinedSection(declined),
                     unappliedSection(money.unapplied(order->number, kListMax), snapshot.nowMs()),
                     exceptionsSection(money.exceptions(order->edition, order->organization_id))}));
}

hub::Answer showOrders(const hub::Snapshot& snapshot, const hub::Event& /*event*/)
{
    OrderFilter filter;
    filter.limit = kListMax;
    Json items = Json::array();
    Json lines = Json::array();
    for (const Order& order : ReadRows{snapshot}.orders(filter)) {
        items.push_back(viewOf(order));
        lines.push_back(rowOf(order));
    }
    return shown({{"items", std::move(items)}},
                 Json::array({ordersSection("Orders, newest first", std::move(lines))}));
}

hub::Answer showUnapplied(const hub::Snapshot& snapshot, const hub::Event& /*event*/)
{
    const auto all = MoneyRows{snapshot}.unapplied("", kListMax);
    Json items = Json::array();
    for (const Unapplied& each : all) {
        items.push_back(viewOf(each));
    }
    return shown({{"items", std::move(items)}},
                 Json::array({unappliedSection(all, snapshot.nowMs())}));
}

} // namespace orders
