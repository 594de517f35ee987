#include "flow/refunds.hpp"

#include "domain/schedule.hpp"
#include "domain/weakness.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace payments {

namespace {

Json requestOf(const Refund& refund, const Attempt& attempt)
{
    Json request = {{"number", attempt.number},
                    {"refund_number", refund.number},
                    {"created_at_ms", attempt.created_at_ms},
                    {"refund_created_at_ms", refund.created_at_ms},
                    {"amount_minor", refund.amount_minor},
                    {"total_minor", attempt.amount_minor},
                    {"currency", refund.currency},
                    {"reason", refund.reason}};
    if (!attempt.provider_number.empty()) {
        request["provider_number"] = attempt.provider_number;
    }
    return request;
}

Attempt attemptOf(const Work& work, const Refund& refund)
{
    const auto attempt = work.rows().attempt(refund.attempt_number);
    if (!attempt) {
        throw std::logic_error("refund " + refund.number + " has no attempt");
    }
    return *attempt;
}

void setRefundTimer(const Work& work, const Refund& refund)
{
    work.unit().setTimer(kRefundTimer, refund.number, retryAt(work.nowMs(), refund.created_at_ms));
}

std::int64_t callRefund(const Work& work, const Payment& payment, const Refund& refund)
{
    const Attempt attempt = attemptOf(work, refund);
    return work.call("refund", payment, refund.account, refund.number, requestOf(refund, attempt))
        .value_or(0);
}

Json identifiersOf(const Refund& refund)
{
    return {{"refund_id", refund.number},
            {"attempt_number", refund.attempt_number},
            {"amount_minor", refund.amount_minor},
            {"currency", refund.currency},
            {"origin", std::string{toText(refund.origin)}}};
}

/// Money that is back twice in our books would hide a loss: a refund that had failed is only
/// believed where nothing else explains it.
bool mayStillSucceed(const Work& work, const Attempt& attempt, const Refund& refund)
{
    std::int64_t by_provider = 0;
    const auto refunds = work.rows().refundsOf(attempt.number);
    for (const Refund& other : refunds) {
        if (other.origin == RefundOrigin::Provider) {
            by_provider += other.amount_minor;
        }
    }
    return by_provider < refund.amount_minor &&
           refundedOrUnderWay(refunds) + refund.amount_minor <= attempt.amount_minor;
}

bool succeed(const Work& work, Payment& payment, Refund& refund, const Json& result)
{
    if (refund.state == RefundState::Succeeded) {
        return false;
    }
    const Attempt attempt = attemptOf(work, refund);
    if (refund.state == RefundState::Failed) {
        if (!mayStillSucceed(work, attempt, refund)) {
            work.note(payment,
                      refund,
                      "late_success_ignored",
                      "the provider now states success; other refunds already account for it");
            return false;
        }
        work.book(bookRefundRequested(attempt.application, refund.amount_minor, refund.currency),
                  payment,
                  refund.number);
    }
    refund.refunded_at_ms = integerOf(result, "refunded_at_ms").value_or(work.nowMs());
    refund.provider_refund_number = textOf(result, "provider_refund_number");
    refund.refused = false;
    work.advance(payment, refund, RefundCause::ProviderSucceeded);
    work.book(bookRefundSucceeded(refund.account, refund.amount_minor, refund.currency),
              payment,
              refund.number);
    work.unit().cancelTimer(kRefundTimer, refund.number);
    work.publish("refund.succeeded", payment, identifiersOf(refund));
    return true;
}

/// The provider has stated a total that this refund must be part of.
bool wentBackAnyhow(const Work& work, const Refund& refund)
{
    const Attempt attempt = attemptOf(work, refund);
    std::int64_t succeeded = 0;
    for (const Refund& other : work.rows().refundsOf(attempt.number)) {
        succeeded += other.state == RefundState::Succeeded ? other.amount_minor : 0;
    }
    return attempt.provider_refunded_minor >= succeeded + refund.amount_minor;
}

bool fail(const Work& work, Payment& payment, Refund& refund, const std::string& message)
{
    if (isFinal(refund.state)) {
        return false;
    }
    if (wentBackAnyhow(work, refund)) {
        return succeed(work, payment, refund, Json::object());
    }
    if (isAutomatic(refund.origin)) {
        refund.refused = true;
        work.rows().save(refund);
        work.note(payment, refund, "refused_will_be_tried_again", message);
        work.warn("refund " + refund.number + " was refused and will be tried again: " + message);
        setRefundTimer(work, refund);
        return true;
    }
    const Attempt attempt = attemptOf(work, refund);
    work.advance(payment, refund, RefundCause::ProviderFailed, message);
    work.book(bookRefundFailed(attempt.application, refund.amount_minor, refund.currency),
              payment,
              refund.number);
    work.unit().cancelTimer(kRefundTimer, refund.number);
    work.publish("refund.failed", payment, identifiersOf(refund));
    return true;
}

void takeNotFound(const Work& work, Payment& payment, Refund& refund)
{
    if (isFinal(refund.state) || work.rows().hasOpenCall(refund.number, "refund")) {
        return; // the hub still finds out
    }
    if (refund.refused && !isAutomatic(refund.origin)) {
        fail(work, payment, refund, refund.message);
        return;
    }
    if (refund.state == RefundState::Unknown) {
        // Nothing is there: the same number with the same content can't refund twice.
        callRefund(work, payment, refund);
    }
    setRefundTimer(work, refund);
}

/// The result of refund and of refund_query have the same members.
void takeResult(const Work& work, Payment& payment, Refund& refund, const Json& result)
{
    const auto amount = integerOf(result, "amount_minor");
    if (amount && *amount != refund.amount_minor) {
        work.note(payment,
                  refund,
                  "mismatch",
                  "the provider states an amount of " + std::to_string(*amount));
        work.warn("refund " + refund.number + " has another amount at the provider");
        setRefundTimer(work, refund);
        return;
    }
    const std::string state = textOf(result, "state");
    if (state == "succeeded") {
        succeed(work, payment, refund, result);
    } else if (state == "failed") {
        fail(work, payment, refund, "the provider could not refund");
    } else if (state == "processing") {
        work.advance(payment, refund, RefundCause::ProviderAccepted);
    } else if (state == "not_found") {
        takeNotFound(work, payment, refund);
    } else {
        work.advance(payment, refund, RefundCause::OutcomeUnknown, "the answer has no state");
    }
}

void takeRejection(const Work& work, Payment& payment, Refund& refund, const std::string& message)
{
    if (refund.state == RefundState::Requested || isFinal(refund.state)) {
        fail(work, payment, refund, message);
        return;
    }
    // An earlier try may have been booked; a refused repetition proves nothing about it.
    refund.refused = true;
    refund.message = message;
    work.rows().save(refund);
    work.note(payment, refund, "repetition_refused", message);
    askRefund(work, payment, refund);
}

} // namespace

std::optional<std::int64_t>
askRefund(const Work& work, const Payment& payment, const Refund& refund)
{
    const Attempt attempt = attemptOf(work, refund);
    Json request = requestOf(refund, attempt);
    request.erase("total_minor");
    request.erase("reason");
    return work.call("refund_query", payment, refund.account, refund.number, request);
}

std::int64_t refundedOrUnderWay(const std::vector<Refund>& refunds)
{
    std::int64_t sum = 0;
    for (const Refund& refund : refunds) {
        sum += refund.state == RefundState::Failed ? 0 : refund.amount_minor;
    }
    return sum;
}

RefundStarted startRefund(const Work& work,
                          Payment& payment,
                          const Attempt& attempt,
                          const RefundRequest& request)
{
    Refund refund;
    refund.number = work.drawNumber("refund");
    refund.payment_id = payment.payment_id;
    refund.ordinal = work.rows().nextOf("refund");
    refund.edition = payment.edition;
    refund.attempt_number = attempt.number;
    refund.account = attempt.account;
    refund.created_at_ms = work.nowMs();
    refund.amount_minor = request.amount_minor;
    refund.currency = attempt.currency;
    refund.reason = request.reason;
    refund.origin = request.origin;
    work.rows().insert(refund);
    work.recordCreated(payment, refund);
    work.book(bookRefundRequested(attempt.application, refund.amount_minor, refund.currency),
              payment,
              refund.number);
    if (refund.origin == RefundOrigin::Provider) {
        succeed(work, payment, refund, Json::object());
        return {refund, 0};
    }
    work.publish("refund.requested", payment, identifiersOf(refund));
    setRefundTimer(work, refund);
    return {refund, callRefund(work, payment, refund)};
}

bool bookProviderRefund(const Work& work,
                        Payment& payment,
                        Attempt& attempt,
                        const Evidence& evidence)
{
    const std::int64_t known = refundedOrUnderWay(work.rows().refundsOf(attempt.number));
    // Without a total, "refunded" means all of it, unless refunds of ours explain the word.
    const std::int64_t unstated = known == 0 ? attempt.amount_minor : 0;
    const std::int64_t total =
        std::min(evidence.refunded_minor.value_or(unstated), attempt.amount_minor);
    if (total > attempt.provider_refunded_minor) {
        attempt.provider_refunded_minor = total;
        work.rows().save(attempt);
    }
    if (total <= known) {
        return false;
    }
    startRefund(work,
                payment,
                attempt,
                {total - known, "refunded at the provider", RefundOrigin::Provider});
    return true;
}

void takeRefundOutcome(const Work& work, const hub::Event& event, const ProviderCall& call)
{
    auto refund = work.rows().refund(call.number);
    if (!refund) {
        throw std::logic_error("call " + std::to_string(call.call_id) + " has no refund");
    }
    auto payment = work.rows().payment(refund->payment_id);
    if (!payment) {
        throw std::logic_error("refund " + refund->number + " has no payment");
    }
    const std::string message{event.message()};
    switch (event.outcome()) {
    case HUB_OUTCOME_SUCCEEDED:
        takeResult(work, *payment, *refund, Json::parse(event.payload(), nullptr, false));
        break;
    case HUB_OUTCOME_REJECTED:
        if (call.operation == "refund") {
            takeRejection(work, *payment, *refund, message);
        }
        break;
    case HUB_OUTCOME_PENDING:
        if (call.operation == "refund") {
            work.advance(*payment, *refund, RefundCause::ProviderAccepted, message);
        }
        break;
    case HUB_OUTCOME_NOT_SENT:
        work.note(*payment, *refund, "not_sent_will_be_tried_again", message);
        break;
    default:
        if (call.operation == "refund") {
            work.advance(*payment, *refund, RefundCause::OutcomeUnknown, message);
        }
        if (PAYMENTS_WEAK("resend-on-unknown")) {
            startRefund(work,
                        *payment,
                        attemptOf(work, *refund),
                        {refund->amount_minor, refund->reason, refund->origin});
        }
        break;
    }
}

bool takeRefundNotice(const Work& work, Payment& payment, Refund& refund, const Json& reading)
{
    const std::string state = textOf(reading, "state");
    if (state == "succeeded") {
        return succeed(work, payment, refund, reading);
    }
    if (state == "failed") {
        const bool known = refund.refused && isAutomatic(refund.origin);
        return !known && fail(work, payment, refund, "the provider gave notice of failure");
    }
    return false;
}

void onRefundTimer(const Work& work, const std::string& number)
{
    const auto refund = work.rows().refund(number);
    if (!refund || isFinal(refund->state)) {
        return;
    }
    const auto payment = work.rows().payment(refund->payment_id);
    if (!payment) {
        throw std::logic_error("refund " + number + " has no payment");
    }
    const bool asking = work.rows().hasOpenCall(number, "refund_query");
    const bool refunding = work.rows().hasOpenCall(number, "refund");
    const bool again =
        refund->state == RefundState::Requested || (refund->refused && isAutomatic(refund->origin));
    if (again && !refunding && !asking) {
        callRefund(work, *payment, *refund);
    } else if (refund->state != RefundState::Requested && !asking) {
        askRefund(work, *payment, *refund);
    }
    setRefundTimer(work, *refund);
}

} // namespace payments
