#include "api/views.hpp"

#include "api/answers.hpp"
#include "api/checkouts.hpp"
#include "domain/number.hpp"
#include "flow/refunds.hpp"
#include "store/rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace payments {

namespace {

constexpr std::int64_t kPageMax = 200;
constexpr std::array<std::string_view, 8> kShownStates = {
    "creating", "checking", "waiting", "unpaid", "closing", "closed", "expired", "paid"};

Problem unknownPayment(const std::string& payment_id)
{
    return {404, "not_found", "", "there is no payment \"" + payment_id + "\"", Json::object()};
}

std::optional<std::int64_t> parseInteger(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

Json attemptView(const Attempt& attempt)
{
    Json view = {{"number", attempt.number},
                 {"state", toText(attempt.state)},
                 {"account", attempt.account},
                 {"product", attempt.product},
                 {"created_at", toRfc3339(attempt.created_at_ms)},
                 {"expires_at", toRfc3339(attempt.expires_at_ms)}};
    if (attempt.state == AttemptState::Waiting && attempt.end_wanted == EndReason::None) {
        // A code that is being closed is not shown any more.
        view["qr_code"] = attempt.qr_code;
        if (!attempt.presentation.empty()) {
            view["presentation"] = Json::parse(attempt.presentation);
        }
    }
    if (!attempt.wallet.empty()) {
        view["wallet"] = attempt.wallet;
    }
    if (attempt.paid_at_ms != 0) {
        view["paid_at"] = toRfc3339(attempt.paid_at_ms);
    }
    if (!attempt.message.empty()) {
        view["message"] = attempt.message;
    }
    return view;
}

struct Sums {
    std::int64_t captured = 0;
    std::int64_t refunded = 0;
    std::int64_t refunding = 0;
};

/// Of the attempt that paid; what came twice or too late is on the timeline and in its refunds.
Sums sumsOf(const std::vector<Attempt>& attempts, const std::vector<Refund>& refunds)
{
    Sums sums;
    for (const Attempt& attempt : attempts) {
        if (attempt.application != Application::Fees) {
            continue;
        }
        sums.captured += attempt.amount_minor;
        for (const Refund& refund : refunds) {
            if (refund.attempt_number == attempt.number) {
                const bool done = refund.state == RefundState::Succeeded;
                sums.refunded += done ? refund.amount_minor : 0;
                sums.refunding += isFinal(refund.state) ? 0 : refund.amount_minor;
            }
        }
    }
    return sums;
}

} // namespace

std::string etagOf(const Payment& payment)
{
    return "\"" + std::to_string(payment.revision) + "\"";
}

Json viewOf(const Refund& refund)
{
    Json view = {{"refund_id", refund.number},
                 {"payment_id", refund.payment_id},
                 {"attempt_number", refund.attempt_number},
                 {"state", toText(refund.state)},
                 {"origin", toText(refund.origin)},
                 {"amount_minor", refund.amount_minor},
                 {"currency", refund.currency},
                 {"reason", refund.reason},
                 {"created_at", toRfc3339(refund.created_at_ms)}};
    if (refund.refunded_at_ms != 0) {
        view["refunded_at"] = toRfc3339(refund.refunded_at_ms);
    }
    if (!refund.message.empty()) {
        view["message"] = refund.message;
    }
    return view;
}

Json viewOf(const hub::Snapshot& snapshot, const Payment& payment, const Settings& settings)
{
    const Rows rows{snapshot};
    const auto attempts = rows.attempts(payment.payment_id);
    const auto refunds = rows.refunds(payment.payment_id);
    const Sums sums = sumsOf(attempts, refunds);
    const std::string shown = rows.shownState(payment.payment_id);
    Json view = {{"payment_id", payment.payment_id},
                 {"order_ref", payment.order_ref},
                 {"edition", payment.edition},
                 {"method", payment.method},
                 {"state", shown},
                 {"amount_minor", payment.amount_minor},
                 {"currency", payment.currency},
                 {"subject", payment.subject},
                 {"captured_minor", sums.captured},
                 {"refunded_minor", sums.refunded},
                 {"refunding_minor", sums.refunding},
                 {"created_at", toRfc3339(payment.created_ms)},
                 {"expires_at", toRfc3339(payment.expires_ms)},
                 {"revision", payment.revision},
                 {"refunds", Json::array()}};
    if (shown == "checking") {
        view["notice"] = {{"code", "still_checking"},
                          {"text", "We are still checking this payment. Do not pay again."}};
    }
    for (const Attempt& attempt : attempts) {
        if (attempt.number == payment.current_number) {
            view["attempt"] = attemptView(attempt);
        }
    }
    for (const Refund& refund : refunds) {
        view["refunds"].push_back(viewOf(refund));
    }
    if (Json checkout = checkoutView(snapshot, payment, settings); !checkout.is_null()) {
        view["checkout"] = std::move(checkout);
    }
    return view;
}

Json timelineOf(const hub::Snapshot& snapshot, const Payment& payment)
{
    Json steps = Json::array();
    for (const Transition& transition : Rows{snapshot}.transitions(payment.payment_id)) {
        steps.push_back({{"ordinal", transition.ordinal},
                         {"time", toRfc3339(transition.time_ms)},
                         {"subject", transition.subject},
                         {"number", transition.number},
                         {"from", transition.from_state},
                         {"cause", transition.cause},
                         {"to", transition.to_state},
                         {"account", transition.account},
                         {"configuration_version", transition.configuration_version},
                         {"principal", transition.principal},
                         {"trace", transition.trace},
                         {"message", transition.message}});
    }
    return steps;
}

hub::Answer
getPayment(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
{
    const std::string payment_id = textOf(readRequest(event.payload()).path, "payment_id");
    const auto payment = Rows{snapshot}.payment(payment_id);
    if (!payment) {
        return refuse(unknownPayment(payment_id));
    }
    return ok({{"status", 200},
               {"body", viewOf(snapshot, *payment, settings)},
               {"etag", etagOf(*payment)}});
}

hub::Answer
listPayments(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
{
    const Json query = readRequest(event.payload()).query;
    PaymentFilter filter;
    filter.order_ref = textOf(query, "order_ref");
    filter.shown = textOf(query, "state");
    if (!filter.shown.empty() &&
        std::find(kShownStates.begin(), kShownStates.end(), filter.shown) == kShownStates.end()) {
        return refuse({400,
                       "unknown_state",
                       "/query/state",
                       "state is \"" + filter.shown + "\", which no payment can have",
                       {{"states", kShownStates}}});
    }
    const auto limit = parseInteger(query.value("limit", "50"));
    if (!limit || *limit < 1 || *limit > kPageMax) {
        return refuse({400,
                       "limit_out_of_range",
                       "/query/limit",
                       "limit must be a number from 1 to " + std::to_string(kPageMax),
                       {{"limit_max", kPageMax}}});
    }
    const auto before = parseInteger(query.value("cursor", "0"));
    if (!before || *before < 0) {
        return refuse({400,
                       "unknown_cursor",
                       "/query/cursor",
                       "the cursor is not one that a list has answered",
                       Json::object()});
    }
    filter.before_ordinal = *before;
    filter.limit = *limit + 1; // one more tells whether there is a next page
    auto payments = Rows{snapshot}.payments(filter);
    Json next_cursor;
    if (static_cast<std::int64_t>(payments.size()) > *limit) {
        payments.pop_back();
        next_cursor = std::to_string(payments.back().ordinal);
    }
    Json items = Json::array();
    for (const Payment& payment : payments) {
        items.push_back(viewOf(snapshot, payment, settings));
    }
    return ok({{"status", 200},
               {"body", {{"items", std::move(items)}, {"next_cursor", std::move(next_cursor)}}}});
}

hub::Answer getTimeline(const hub::Snapshot& snapshot, const hub::Event& event, const Settings&)
{
    const std::string payment_id = textOf(readRequest(event.payload()).path, "payment_id");
    const auto payment = Rows{snapshot}.payment(payment_id);
    if (!payment) {
        return refuse(unknownPayment(payment_id));
    }
    return ok({{"status", 200},
               {"body",
                {{"payment_id", payment_id},
                 {"order_ref", payment->order_ref},
                 {"steps", timelineOf(snapshot, *payment)}}},
               {"etag", etagOf(*payment)}});
}

hub::Answer getRefund(const hub::Snapshot& snapshot, const hub::Event& event, const Settings&)
{
    const Json path = readRequest(event.payload()).path;
    const std::string refund_id = textOf(path, "refund_id");
    const auto refund = Rows{snapshot}.refund(refund_id);
    if (!refund || refund->payment_id != textOf(path, "payment_id")) {
        return refuse({404,
                       "not_found",
                       "",
                       "this payment has no refund \"" + refund_id + "\"",
                       Json::object()});
    }
    return ok({{"status", 200}, {"body", viewOf(*refund)}});
}

hub::Answer
askStatus(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
{
    const Rows rows{snapshot};
    PaymentFilter filter;
    filter.order_ref = event.key();
    filter.limit = kPageMax;
    Json payments = Json::array();
    bool paid = false;
    bool undecided = false;
    for (const Payment& payment : rows.payments(filter)) {
        if (!event.edition().empty() && payment.edition != event.edition()) {
            continue;
        }
        const auto attempts = rows.attempts(payment.payment_id);
        const Sums sums = sumsOf(attempts, rows.refunds(payment.payment_id));
        paid = paid || sums.captured > sums.refunded;
        undecided = undecided || std::any_of(attempts.begin(),
                                             attempts.end(),
                                             [](const Attempt& a) { return isLive(a.state); });
        payments.push_back({{"payment_id", payment.payment_id},
                            {"state", rows.shownState(payment.payment_id)},
                            {"amount_minor", payment.amount_minor},
                            {"currency", payment.currency},
                            {"checkout", checkoutView(snapshot, payment, settings)},
                            {"captured_minor", sums.captured},
                            {"refunded_minor", sums.refunded},
                            {"refunding_minor", sums.refunding}});
    }
    return ok({{"order_ref", filter.order_ref},
               {"paid", paid},
               {"undecided", undecided},
               {"payments", std::move(payments)}});
}

} // namespace payments
