#include "flow/callbacks.hpp"

#include "domain/schedule.hpp"
#include "domain/weakness.hpp"
#include "flow/attempts.hpp"
#include "flow/refunds.hpp"
#include "flow/settlement.hpp"

#include <utility>

namespace payments {

namespace {

hub::Answer refuse(std::string reason)
{
    return {HUB_REJECTED, std::move(reason), "{}", 0};
}

hub::Answer taken(bool news)
{
    return {news ? HUB_OK : HUB_ALREADY_DONE, news ? "taken" : "known before", "{}", 0};
}

bool needsConfirmation(const Work& work, const Attempt& attempt)
{
    const auto& above = work.settings().confirm_by_query_above_minor;
    return above && attempt.amount_minor > *above && attempt.state != AttemptState::Paid;
}

bool askForConfirmation(const Work& work, Payment& payment, Attempt& attempt)
{
    if (attempt.confirming_ms != 0) {
        return false;
    }
    attempt.confirming_ms = work.nowMs();
    work.rows().save(attempt);
    work.note(payment,
              attempt,
              "paid_notice_awaits_query",
              "the amount is above the limit up to which a notice alone counts");
    queryAttempt(work, payment, attempt);
    work.unit().setTimer(kAttemptTimer, attempt.number, work.nowMs() + kRetryMsMin);
    return true;
}

hub::Answer
takePaymentNotice(const Work& work, Payment& payment, Attempt& attempt, const Evidence& evidence)
{
    if (saysPaid(evidence)) {
        if (attempt.state == AttemptState::Queued) {
            return refuse("attempt " + attempt.number + " was never sent to a provider");
        }
        return taken(needsConfirmation(work, attempt) ? askForConfirmation(work, payment, attempt)
                                                      : settle(work, payment, attempt, evidence));
    }
    if (evidence.state == "closed") {
        return taken(attempt.confirming_ms == 0 && confirmEnd(work, payment, attempt));
    }
    if (evidence.state == "waiting") {
        return taken(false);
    }
    return refuse("a notice of a payment can't have the state \"" + evidence.state + "\"");
}

hub::Answer
takeRefundReading(const Work& work, Payment& payment, const Attempt& attempt, const Json& reading)
{
    const std::string number = textOf(reading, "refund_number");
    auto refund = work.rows().refund(number);
    if (!refund || refund->attempt_number != attempt.number) {
        return refuse("refund " + number + " of attempt " + attempt.number + " is unknown here");
    }
    const auto amount = integerOf(reading, "amount_minor");
    if (amount && *amount != refund->amount_minor) {
        return refuse("the provider states an amount of " + std::to_string(*amount) + ", refund " +
                      number + " is over " + std::to_string(refund->amount_minor));
    }
    const std::string currency = textOf(reading, "currency");
    if (!currency.empty() && currency != refund->currency) {
        return refuse("refund " + number + " is in " + refund->currency + ", not in " + currency);
    }
    return taken(takeRefundNotice(work, payment, *refund, reading));
}

} // namespace

hub::Answer takeCallback(const Work& work, const hub::Event& event)
{
    const Json reading = Json::parse(event.payload(), nullptr, false);
    if (!reading.is_object()) {
        return refuse("the reading is no JSON object");
    }
    const std::string number = textOf(reading, "number");
    auto attempt = work.rows().attempt(number);
    if (!attempt) {
        return refuse("the number \"" + number + "\" is unknown here");
    }
    if (attempt->account != event.account() && !PAYMENTS_WEAK("account-check-off")) {
        return refuse("attempt " + number + " belongs to account \"" + attempt->account +
                      "\", the notice came for \"" + std::string{event.account()} + "\"");
    }
    auto payment = work.rows().payment(attempt->payment_id);
    if (!payment) {
        return refuse("attempt " + number + " has no payment");
    }
    const std::string subject = textOf(reading, "subject");
    if (subject == "refund") {
        const std::string merchant = textOf(reading, "merchant");
        if (!merchant.empty() && !attempt->merchant.empty() && merchant != attempt->merchant) {
            return refuse("the notice names another merchant than attempt " + number);
        }
        return takeRefundReading(work, *payment, *attempt, reading);
    }
    if (subject != "payment") {
        return refuse("a notice is about a payment or a refund, not about \"" + subject + "\"");
    }
    const Evidence evidence = readEvidence(reading);
    if (const auto reason = mismatch(*attempt, evidence, Source::Notice)) {
        return refuse(*reason);
    }
    return takePaymentNotice(work, *payment, *attempt, evidence);
}

} // namespace payments
