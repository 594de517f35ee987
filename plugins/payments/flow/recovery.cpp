#include "flow/recovery.hpp"

#include "domain/number.hpp"
#include "flow/attempts.hpp"
#include "flow/bill_lines.hpp"
#include "flow/refunds.hpp"
#include "store/recovery_rows.hpp"

#include <hub/blob.hpp>

#include <algorithm>
#include <set>

namespace payments {

namespace {

// Per unit, so that the lane stays free for others.
constexpr std::int64_t kQuestionsPerUnit = 50;
constexpr std::uint64_t kBillBytesPerUnit = std::uint64_t{64} * 1024;
constexpr std::int64_t kLookAgainMs = 2'000;
constexpr std::int64_t kAskAgainMs = 10'000;
constexpr std::int64_t kBillAgainMs = 60'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBillDaysMax = 62;

void setTimer(const Work& work, std::int64_t due_ms)
{
    work.unit().setTimer(kRecoveryTimer, "all", due_ms);
}

/// Whether it was opened since the backup is as unknown as the fate of a create.
void reopenQueued(const Work& work, Payment& payment, Attempt& attempt)
{
    if (attempt.state != AttemptState::Queued) {
        return;
    }
    work.unit().cancelTimer(kOpenTimer, attempt.number);
    work.advance(payment, attempt, AttemptCause::CreateCalled, "the store was restored");
    work.advance(payment, attempt, AttemptCause::OutcomeUnknown, "the store was restored");
    work.unit().setTimer(kAttemptTimer, attempt.number, work.nowMs() + kAskAgainMs);
}

std::optional<std::int64_t> ask(const Work& work, const Question& question)
{
    if (question.subject == "refund") {
        auto refund = work.rows().refund(question.number);
        const auto payment =
            refund ? work.rows().payment(refund->payment_id) : std::optional<Payment>{};
        return payment ? askRefund(work, *payment, *refund) : std::nullopt;
    }
    auto attempt = work.rows().attempt(question.number);
    auto payment = attempt ? work.rows().payment(attempt->payment_id) : std::optional<Payment>{};
    if (!payment) {
        return std::nullopt;
    }
    reopenQueued(work, *payment, *attempt);
    return askAttempt(work, *payment, *attempt);
}

/// False when an account offers no query now: its questions stay open.
bool askWanted(const Work& work, const RecoveryRows& rows)
{
    bool all = true;
    for (const Question& question : rows.wanted(kQuestionsPerUnit)) {
        const auto call = ask(work, question);
        if (call) {
            rows.asked(question, *call);
        }
        all = all && call.has_value();
    }
    return all;
}

void askForBill(const Work& work, const RecoveryRows& rows, BillDay bill)
{
    hub::CallRequest request;
    request.contract = "payment";
    request.operation = "bill";
    request.key = "bill:" + bill.account;
    request.account = bill.account;
    request.payload = Json{{"date", bill.day}, {"kind", "trades"}}.dump();
    request.edition = work.edition();
    const auto call = work.unit().call(request);
    if (!call.ok()) {
        bill.message = call.error().message;
        rows.save(bill, work.nowMs() + kBillAgainMs);
        work.warn(bill.message);
        return;
    }
    const auto call_id = static_cast<std::int64_t>(call.value());
    work.rows().insert(
        ProviderCall{call_id, "bill", bill.account + " " + bill.day, work.nowMs(), false});
    rows.billAsked(bill, call_id);
}

/// One range of the bill, up to the end of its last whole line.
void readBill(const Work& work, const RecoveryRows& rows, BillDay bill)
{
    const auto bytes = hub::blob::read(work.unit().host(),
                                       work.unit().handle(),
                                       bill.blob,
                                       static_cast<std::uint64_t>(bill.read_bytes),
                                       kBillBytesPerUnit);
    if (!bytes.ok()) {
        bill.state = "wanted";
        bill.message = bytes.error().message;
        rows.save(bill, work.nowMs() + kBillAgainMs);
        return;
    }
    const std::string& text = bytes.value();
    const std::size_t end = text.rfind('\n');
    if (end == std::string::npos) {
        bill.state = "compared";
        rows.save(bill, 0);
        return;
    }
    std::size_t begin = 0;
    while (begin <= end) {
        const std::size_t stop = text.find('\n', begin);
        compareLine(work, bill, text.substr(begin, stop - begin));
        ++bill.read_lines;
        begin = stop + 1;
    }
    bill.read_bytes += static_cast<std::int64_t>(end) + 1;
    rows.save(bill, 0);
}

} // namespace

void onRestored(const Work& work, const hub::Event& event)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    const RecoveryRows rows{work.unit()};
    rows.begin();
    std::set<std::string> accounts;
    for (const std::string& account : rows.accounts()) {
        accounts.insert(account);
    }
    for (const Method& method : work.settings().methods) {
        for (const RouteRule& rule : method.rules) {
            accounts.insert(rule.account);
        }
    }
    // From the day before: a day's last trades may be on the next day's side of another clock.
    const std::int64_t from = integerOf(payload, "backup_ms").value_or(work.nowMs()) - kDayMs;
    const std::string last = dayInShanghai(work.nowMs());
    std::int64_t days = 0;
    for (std::int64_t at = from; days < kBillDaysMax; at += kDayMs, ++days) {
        const std::string day = dayInShanghai(at);
        for (const std::string& account : accounts) {
            rows.wantBill(account, day, work.nowMs());
        }
        if (day >= last) {
            break;
        }
    }
    setTimer(work, work.nowMs());
}

void lookForBills(const Work& work)
{
    setTimer(work, work.nowMs());
}

void onRecoveryTimer(const Work& work)
{
    const RecoveryRows rows{work.unit()};
    const bool offered = askWanted(work, rows);
    const std::int64_t open = rows.openQuestions("attempt") + rows.openQuestions("refund");
    if (open == 0) {
        // Only now: what a query has booked must not be booked by its line of the bill again.
        if (auto bill = rows.dueBill(work.nowMs())) {
            askForBill(work, rows, std::move(*bill));
        }
        if (auto bill = rows.readingBill()) {
            readBill(work, rows, std::move(*bill));
        }
    }
    if (open == 0 && rows.openBills() == 0) {
        return;
    }
    const bool more = (offered && !rows.wanted(1).empty()) ||
                      (open == 0 && (rows.readingBill() || rows.dueBill(work.nowMs())));
    const std::int64_t soon_ms = work.nowMs() + (more ? 0 : (offered ? kLookAgainMs : kAskAgainMs));
    // Nothing but bills of days to come: then until the first of them.
    setTimer(work, open == 0 ? std::max(soon_ms, rows.nextBillMs()) : soon_ms);
}

void noteAnswer(const Work& work, const hub::Event& event, const ProviderCall& call)
{
    const bool asked = call.operation == "query" || call.operation == "refund_query";
    if (!asked || event.outcome() == HUB_OUTCOME_PENDING ||
        event.outcome() == HUB_OUTCOME_UNRESOLVED) {
        return;
    }
    const bool known = event.outcome() == HUB_OUTCOME_SUCCEEDED;
    const std::string answer = known ? textOf(Json::parse(event.payload(), nullptr, false), "state")
                                     : std::string{event.message()};
    RecoveryRows{work.unit()}.answered(call.call_id, known, answer);
}

void takeBill(const Work& work, const hub::Event& event, const ProviderCall& call)
{
    const RecoveryRows rows{work.unit()};
    auto bill = rows.billOf(call.call_id);
    if (!bill || event.outcome() == HUB_OUTCOME_PENDING ||
        event.outcome() == HUB_OUTCOME_UNRESOLVED) {
        return;
    }
    const Json result = event.outcome() == HUB_OUTCOME_SUCCEEDED
                            ? Json::parse(event.payload(), nullptr, false)
                            : Json::object();
    const std::string state = textOf(result, "state");
    std::int64_t due_ms = 0;
    if (state == "ready") {
        bill->state = "reading";
        bill->blob = textOf(result, "blob");
        bill->read_bytes = 0;
    } else if (state == "empty") {
        bill->state = "compared";
    } else {
        bill->state = "wanted";
        bill->message = state.empty() ? std::string{event.message()} : state;
        due_ms = work.nowMs() + kBillAgainMs;
    }
    rows.save(*bill, due_ms);
}

} // namespace payments
