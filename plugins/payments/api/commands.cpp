#include "api/commands.hpp"

#include "api/answers.hpp"
#include "api/views.hpp"
#include "domain/number.hpp"
#include "store/ledger_rows.hpp"
#include "store/rows.hpp"

#include <hub/money.hpp>

#include <set>

namespace payments {

namespace {

constexpr std::int64_t kListMax = 50;

Json section(const std::string& title, std::vector<std::string> columns, Json rows)
{
    return {{"title", title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

std::string argumentOf(const hub::Event& event)
{
    const Json document = Json::parse(event.payload(), nullptr, false);
    if (!document.is_object() || !document.contains("arguments") ||
        !document.at("arguments").is_array() || document.at("arguments").empty() ||
        !document.at("arguments").front().is_string()) {
        return {};
    }
    return document.at("arguments").front().get<std::string>();
}

std::string money(std::int64_t amount_minor, const std::string& currency)
{
    return hub::toDecimal(hub::Money{amount_minor, currency}) + " " + currency;
}

Json attemptRows(const std::vector<Attempt>& attempts)
{
    Json rows = Json::array();
    for (const Attempt& attempt : attempts) {
        rows.push_back({attempt.number,
                        toText(attempt.state),
                        attempt.account,
                        money(attempt.amount_minor, attempt.currency),
                        toText(attempt.application),
                        toRfc3339(attempt.expires_at_ms),
                        attempt.message});
    }
    return rows;
}

Json refundRows(const std::vector<Refund>& refunds)
{
    Json rows = Json::array();
    for (const Refund& refund : refunds) {
        rows.push_back({refund.number,
                        toText(refund.state),
                        toText(refund.origin),
                        money(refund.amount_minor, refund.currency),
                        refund.attempt_number,
                        refund.message});
    }
    return rows;
}

Json stepRows(const std::vector<Transition>& steps)
{
    Json rows = Json::array();
    for (const Transition& step : steps) {
        rows.push_back({toRfc3339(step.time_ms),
                        step.subject,
                        step.number,
                        step.from_state,
                        step.cause,
                        step.to_state,
                        step.message});
    }
    return rows;
}

} // namespace

hub::Answer
showPayment(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
{
    const Rows rows{snapshot};
    const std::string argument = argumentOf(event);
    auto payment = rows.payment(argument);
    if (!payment) {
        payment = rows.payment(rows.paymentOf(argument));
    }
    if (!payment) {
        return {HUB_NOT_FOUND,
                "no payment, attempt or refund has the id or number \"" + argument + "\"",
                "",
                0};
    }
    Json view = viewOf(snapshot, *payment, settings);
    const Json summary = Json::array(
        {Json::array({payment->payment_id,
                      payment->order_ref,
                      view.at("state"),
                      money(payment->amount_minor, payment->currency),
                      money(view.at("refunded_minor").get<std::int64_t>(), payment->currency),
                      payment->subject})});
    Json sections = Json::array();
    sections.push_back(section(
        "Payment", {"payment", "order", "state", "amount", "refunded", "subject"}, summary));
    sections.push_back(
        section("Attempts",
                {"number", "state", "account", "amount", "used for", "expires", "message"},
                attemptRows(rows.attempts(payment->payment_id))));
    sections.push_back(section("Refunds",
                               {"number", "state", "origin", "amount", "attempt", "message"},
                               refundRows(rows.refunds(payment->payment_id))));
    sections.push_back(section("Timeline",
                               {"time", "subject", "number", "from", "cause", "to", "message"},
                               stepRows(rows.transitions(payment->payment_id))));
    view["timeline"] = timelineOf(snapshot, *payment);
    return ok({{"data", std::move(view)}, {"sections", std::move(sections)}, {"exit", 0}});
}

hub::Answer
showPayments(const hub::Snapshot& snapshot, const hub::Event& /*event*/, const Settings& settings)
{
    const Rows rows{snapshot};
    PaymentFilter filter;
    filter.limit = kListMax;
    Json data = Json::array();
    Json lines = Json::array();
    for (const Payment& payment : rows.payments(filter)) {
        const Json view = viewOf(snapshot, payment, settings);
        lines.push_back({payment.payment_id,
                         payment.order_ref,
                         view.at("state"),
                         money(payment.amount_minor, payment.currency),
                         money(view.at("refunded_minor").get<std::int64_t>(), payment.currency),
                         toRfc3339(payment.created_ms)});
        data.push_back(view);
    }
    Json sections = Json::array();
    sections.push_back(section("Payments, newest first",
                               {"payment", "order", "state", "amount", "refunded", "created"},
                               std::move(lines)));
    return ok(
        {{"data", {{"items", std::move(data)}}}, {"sections", std::move(sections)}, {"exit", 0}});
}

hub::Answer checkLedger(const hub::Snapshot& snapshot,
                        const hub::Event& /*event*/,
                        const Settings& /*settings*/)
{
    const LedgerRows ledger{snapshot};
    const Balances booked = ledger.balances();
    const Balances demanded = ledger.demanded();
    const auto unbalanced = ledger.unbalanced();
    std::set<std::pair<std::string, std::string>> accounts;
    for (const Balances* side : {&booked, &demanded}) {
        for (const auto& [account, amount] : *side) {
            accounts.insert(account);
        }
    }
    Json lines = Json::array();
    Json data = Json::array();
    bool balanced = unbalanced.empty();
    for (const auto& key : accounts) {
        const std::int64_t ours = booked.contains(key) ? booked.at(key) : 0;
        const std::int64_t wanted = demanded.contains(key) ? demanded.at(key) : 0;
        balanced = balanced && ours == wanted;
        lines.push_back({key.first,
                         money(ours, key.second),
                         money(wanted, key.second),
                         ours == wanted ? "ok" : "differs"});
        data.push_back({{"account", key.first},
                        {"currency", key.second},
                        {"booked_minor", ours},
                        {"demanded_minor", wanted}});
    }
    const std::string verdict = balanced ? "ledger balanced" : "ledger NOT balanced";
    Json sections = Json::array();
    sections.push_back(
        section(verdict, {"account", "booked", "by state tables", "verdict"}, std::move(lines)));
    return ok({{"data",
                {{"balanced", balanced},
                 {"bookings", ledger.bookingCount()},
                 {"unbalanced_bookings", unbalanced},
                 {"accounts", std::move(data)}}},
               {"sections", std::move(sections)},
               {"exit", balanced ? 0 : 1}});
}

} // namespace payments
