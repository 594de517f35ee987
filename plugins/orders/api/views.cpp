#include "api/views.hpp"

#include "api/checkouts.hpp"
#include "api/declined.hpp"
#include "store/money_rows.hpp"
#include "store/rows.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <requests/instant.hpp>

namespace orders {

namespace {

constexpr std::int64_t kPage = 50;
constexpr std::int64_t kPageMax = 200;

/// "2026-11-21" -> the lowest or the highest number of that day.
std::string boundOf(const std::string& day, char fill)
{
    if (day.empty()) {
        return "";
    }
    std::string digits = day;
    std::erase(digits, '-');
    return "V" + digits + std::string(15, fill);
}

std::variant<OrderFilter, Refusal> readFilter(const hub::Event& event, const Json& query)
{
    OrderFilter filter;
    filter.edition = event.edition();
    filter.state = textOf(query, "state");
    if (!filter.state.empty() && !findOrderState(filter.state)) {
        const Words words = {
            "No order has this state; use unpaid, canceled, payment_pending, paid, "
            "partly_refunded or refunded.",
            "没有该订单状态，请使用 unpaid、canceled、payment_pending、paid、partly_refunded 或 "
            "refunded。"};
        return Refusal{422, "state_not_known", words, {{"/state", words}}};
    }
    filter.from = boundOf(textOf(query, "from"), '0');
    filter.before = boundOf(textOf(query, "until"), '9');
    const std::string cursor = textOf(query, "cursor");
    if (!cursor.empty() && (filter.before.empty() || cursor < filter.before)) {
        filter.before = cursor;
    }
    const std::string limit = textOf(query, "limit");
    filter.limit = limit.empty() ? kPage : std::clamp<std::int64_t>(std::stoll(limit), 1, kPageMax);
    return filter;
}

hub::Answer answerList(const hub::Snapshot& snapshot, OrderFilter filter)
{
    const auto limit = static_cast<std::size_t>(filter.limit);
    filter.limit += 1; // one more tells whether there is a next page
    auto found = ReadRows{snapshot}.orders(filter);
    Json next_cursor;
    if (found.size() > limit) {
        found.resize(limit);
        next_cursor = found.back().number;
    }
    Json items = Json::array();
    for (const Order& order : found) {
        items.push_back(viewOf(order));
    }
    return answered(200, {{"items", std::move(items)}, {"next_cursor", std::move(next_cursor)}});
}

std::optional<Order> findOrder(const hub::Snapshot& snapshot, const Request& request)
{
    return ReadRows{snapshot}.order(textOf(request.path, "number"));
}

Payables
personsOf(const hub::Snapshot& snapshot, const Order& order, const std::vector<Line>& lines)
{
    std::vector<std::string> ids;
    ids.reserve(lines.size());
    for (const Line& line : lines) {
        ids.push_back(line.person_id);
    }
    auto persons = askPayables(snapshot, order.organization_id, ids);
    // What was ordered and paid is shown even while nobody can say the names.
    return std::holds_alternative<Payables>(persons) ? std::get<Payables>(std::move(persons))
                                                     : Payables{};
}

} // namespace

Refusal unknownOrder()
{
    return {404,
            "not_found",
            {"There is no such order; look it up in the list of orders.",
             "没有该订单，请在订单列表中查询。"}};
}

Json viewOf(const Order& order)
{
    Json view = {{"number", order.number},
                 {"edition", order.edition},
                 {"organization_id", order.organization_id},
                 {"state", toText(order.state)},
                 {"amount_minor", order.amount_minor},
                 {"currency", order.currency},
                 {"persons", order.persons},
                 {"pack_revision", order.pack_revision},
                 {"created_at", requests::toRfc3339(order.created_ms)}};
    const auto add = [&view](const char* name, const std::string& value) {
        if (!value.empty()) {
            view[name] = value;
        }
    };
    add("expires_at",
        order.state == OrderState::Unpaid ? requests::toRfc3339(order.expires_ms) : "");
    add("deadline_at", requests::toRfc3339(order.deadline_ms));
    add("paid_at", requests::toRfc3339(order.paid_ms));
    add("payment_id", order.payment_id);
    add("end_reason", order.end_reason);
    add("cancel_wanted", order.cancel_wanted);
    return view;
}

Json linesView(const std::vector<Line>& lines, const Payables& persons)
{
    Json list = Json::array();
    for (const Line& line : lines) {
        list.push_back({{"line", line.line},
                        {"person_id", line.person_id},
                        {"category", line.category},
                        {"admission_period", line.admission_period},
                        {"reuse", line.reuse},
                        {"amount_minor", line.amount_minor}});
        const auto person = persons.find(line.person_id);
        if (person != persons.end()) {
            list.back()["name"] = person->second.name;
            list.back()["document_masked"] = person->second.document_masked;
            list.back()["delivery_method"] = person->second.delivery_method;
            list.back()["state"] = person->second.state;
        }
    }
    return list;
}

Json viewOf(const Unapplied& unapplied)
{
    return {{"payment_id", unapplied.money.payment_id},
            {"order_ref", unapplied.money.order_ref},
            {"edition", unapplied.edition},
            {"organization_id", unapplied.organization_id},
            {"amount_minor", unapplied.money.amount_minor},
            {"currency", unapplied.money.currency},
            {"account", unapplied.money.account},
            {"attempt_number", unapplied.money.attempt_number},
            {"reason", unapplied.reason},
            {"arrived_at", requests::toRfc3339(unapplied.money.arrived_ms)}};
}

hub::Answer getOrder(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto organization = organizationOf(request);
    if (!organization) {
        return refuse(noOrganization());
    }
    const auto order = findOrder(snapshot, request);
    if (!order || order->organization_id != *organization) {
        return refuse(unknownOrder());
    }
    const auto lines = ReadRows{snapshot}.lines(order->number);
    Json view = viewOf(*order);
    view["lines"] = linesView(lines, personsOf(snapshot, *order, lines));
    if (order->state == OrderState::Unpaid) {
        view["checkout"] = checkoutOf(snapshot, order->number);
        view["checkout_declined"] = declinedOf(MoneyRows{snapshot}, order->number);
    }
    return answered(200, std::move(view));
}

hub::Answer listOrders(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto organization = organizationOf(request);
    if (!organization) {
        return refuse(noOrganization());
    }
    auto filter = readFilter(event, request.query);
    if (const auto* refusal = std::get_if<Refusal>(&filter)) {
        return refuse(*refusal);
    }
    std::get<OrderFilter>(filter).organization_id = *organization;
    return answerList(snapshot, std::get<OrderFilter>(filter));
}

hub::Answer getForFinance(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto order = findOrder(snapshot, readRequest(event.payload()));
    if (!order) {
        return refuse(unknownOrder());
    }
    Json view = viewOf(*order);
    view["lines"] = linesView(ReadRows{snapshot}.lines(order->number), {});
    view["payments"] = Json::array();
    const MoneyRows money{snapshot};
    for (const SeenPayment& payment : money.payments(order->number)) {
        view["payments"].push_back(
            {{"payment_id", payment.payment_id}, {"state", toText(payment.state)}});
    }
    if (order->state == OrderState::Unpaid) {
        view["checkout_declined"] = declinedOf(money, order->number);
    }
    view["unapplied"] = Json::array();
    for (const Unapplied& unapplied : money.unapplied(order->number, kPageMax)) {
        view["unapplied"].push_back(viewOf(unapplied));
    }
    return answered(200, std::move(view));
}

hub::Answer listForFinance(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Json query = readRequest(event.payload()).query;
    auto filter = readFilter(event, query);
    if (const auto* refusal = std::get_if<Refusal>(&filter)) {
        return refuse(*refusal);
    }
    std::get<OrderFilter>(filter).organization_id = textOf(query, "organization_id");
    return answerList(snapshot, std::get<OrderFilter>(filter));
}

} // namespace orders
