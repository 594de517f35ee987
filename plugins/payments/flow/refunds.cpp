#include "flow/refunds.hpp"

#include "domain/schedule.hpp"
#include "domain/weakness.hpp"
#include "flow/go_live.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace payments {

namespace {

Json requestOf(const Refund& refund, const Attempt& attempt)
{
    Json request = {{"number", attempt.number},
                    {"refund_number", refund.number},
                    {"product", attempt.product},
                    {"created_at_ms", attempt.created_at_ms},
                    {"refund_created_at_ms", refund.sent_at_ms},
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

/// Since when the money waits to go back: one that takes the place of a failed one goes on at its
/// pace.
std::int64_t waitsSince(const Work& work, const Refund& refund)
{
    std::int64_t since_ms = refund.created_at_ms;
    if (isAutomatic(refund.origin)) {
        for (const Refund& other : work.rows().refundsOf(refund.attempt_number)) {
            since_ms =
                isAutomatic(other.origin) ? std::min(since_ms, other.created_at_ms) : since_ms;
        }
    }
    return since_ms;
}

void setRefundTimer(const Work& work, const Refund& refund)
{
    work.unit().setTimer(
        kRefundTimer, refund.number, retryAt(work.nowMs(), waitsSince(work, refund)));
}

/// Some providers take a request only with a time that is about now.
bool isTimeCurrent(const Work& work, const Refund& refund)
{
    return work.nowMs() - refund.sent_at_ms <= kTimeCurrentMs;
}

std::int64_t callRefund(const Work& work, const Payment& payment, const Refund& refund)
{
    const Attempt attempt = attemptOf(work, refund);
    return work.call("refund", payment, refund.account, refund.number, requestOf(refund, attempt))
        .value_or(0);
}

void freeze(const Work& work, Refund& refund)
{
    if (!refund.may_have_left) {
        refund.may_have_left = true;
        work.rows().save(refund);
    }
}

/// Once a request may have left, number and time are what a query finds it by: they stay. Before,
/// the time is that of the request.
void callRefundAgain(const Work& work, const Payment& payment, Refund& refund)
{
    if (!refund.may_have_left && !isTimeCurrent(work, refund)) {
        refund.sent_at_ms = work.nowMs();
        work.rows().save(refund);
    }
    callRefund(work, payment, refund);
}

Json identifiersOf(const Refund& refund)
{
    return {{"refund_id", refund.number},
            {"attempt_number", refund.attempt_number},
            {"amount_minor", refund.amount_minor},
            {"currency", refund.currency},
            {"origin", std::string{toText(refund.origin)}}};
}

std::int64_t succeededMinor(const Work& work, const Attempt& attempt)
{
    std::int64_t sum = 0;
    for (const Refund& refund : work.rows().refundsOf(attempt.number)) {
        sum += refund.state == RefundState::Succeeded ? refund.amount_minor : 0;
    }
    return sum;
}

/// What the provider did without us may be this very refund.
bool isExplained(const Work& work, const Refund& refund)
{
    std::int64_t by_provider = 0;
    for (const Refund& other : work.rows().refundsOf(refund.attempt_number)) {
        by_provider += other.origin == RefundOrigin::Provider ? other.amount_minor : 0;
    }
    return by_provider >= refund.amount_minor;
}

void end(const Work& work,
         Payment& payment,
         Refund& refund,
         RefundCause cause,
         const std::string& message)
{
    const Attempt attempt = attemptOf(work, refund);
    work.advance(payment, refund, cause, message);
    work.book(bookRefundFailed(attempt.application, refund.amount_minor, refund.currency),
              payment,
              refund.number);
    work.unit().cancelTimer(kRefundTimer, refund.number);
    work.publish("refund.failed", payment, identifiersOf(refund));
}

/// What took the place of a failed refund, and is not needed when that one succeeded after all.
std::vector<Refund> unsentFollowers(const Work& work, const Attempt& attempt)
{
    std::vector<Refund> unsent;
    for (Refund& refund : work.rows().refundsOf(attempt.number)) {
        const bool may_leave =
            refund.may_have_left || work.rows().hasOpenCall(refund.number, "refund");
        if (isAutomatic(refund.origin) && refund.state == RefundState::Requested && !may_leave) {
            unsent.push_back(std::move(refund));
        }
    }
    return unsent;
}

/// Money that is back twice in our books would hide a loss: a refund that had failed is only
/// believed where nothing else explains it. False when it is not; else there is room for it again.
bool makeRoomAgain(const Work& work, Payment& payment, const Attempt& attempt, const Refund& refund)
{
    std::int64_t others = refundedOrUnderWay(work.rows().refundsOf(attempt.number));
    std::vector<Refund> followers = unsentFollowers(work, attempt);
    for (const Refund& follower : followers) {
        others -= follower.amount_minor;
    }
    if (isExplained(work, refund) || others + refund.amount_minor > attempt.amount_minor) {
        return false;
    }
    for (Refund& follower : followers) {
        end(work,
            payment,
            follower,
            RefundCause::Superseded,
            "the refund before it succeeded after all");
    }
    work.book(bookRefundRequested(attempt.application, refund.amount_minor, refund.currency),
              payment,
              refund.number);
    return true;
}

/// It counts as stated all the same: should what took its place fail, the money is back by this.
void ignoreLateSuccess(const Work& work, Payment& payment, Attempt& attempt, const Refund& refund)
{
    work.note(payment,
              refund,
              "late_success_ignored",
              "the provider now states success; other refunds already account for it");
    if (isExplained(work, refund)) {
        return;
    }
    attempt.provider_refunded_minor = std::max(
        attempt.provider_refunded_minor,
        std::min(succeededMinor(work, attempt) + refund.amount_minor, attempt.amount_minor));
    work.rows().save(attempt);
}

bool succeed(const Work& work, Payment& payment, Refund& refund, const Json& result)
{
    if (refund.state == RefundState::Succeeded) {
        return false;
    }
    Attempt attempt = attemptOf(work, refund);
    if (refund.state == RefundState::Failed && !makeRoomAgain(work, payment, attempt, refund)) {
        ignoreLateSuccess(work, payment, attempt, refund);
        return false;
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
    wantGoLiveBill(work, payment, refund);
    return true;
}

Refund insertRefund(const Work& work,
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
    refund.sent_at_ms = work.nowMs();
    refund.amount_minor = request.amount_minor;
    refund.currency = attempt.currency;
    refund.reason = request.reason;
    refund.origin = request.origin;
    work.rows().insert(refund);
    work.recordCreated(payment, refund);
    work.book(bookRefundRequested(attempt.application, refund.amount_minor, refund.currency),
              payment,
              refund.number);
    return refund;
}

void announce(const Work& work, const Payment& payment, const Refund& refund)
{
    work.publish("refund.requested", payment, identifiersOf(refund));
    setRefundTimer(work, refund);
}

/// Under a new number, sent by the timer: a provider that fails at once is not asked in a circle.
void startAnew(const Work& work, Payment& payment, const Refund& failed)
{
    const Attempt attempt = attemptOf(work, failed);
    const std::int64_t left =
        attempt.amount_minor - refundedOrUnderWay(work.rows().refundsOf(attempt.number));
    const std::int64_t amount = std::min(failed.amount_minor, left);
    if (amount > 0) {
        announce(work,
                 payment,
                 insertRefund(work, payment, attempt, {amount, failed.reason, failed.origin}));
    }
}

/// The provider has stated a total that this refund must be part of.
bool wentBackAnyhow(const Work& work, const Refund& refund)
{
    const Attempt attempt = attemptOf(work, refund);
    return attempt.provider_refunded_minor >= succeededMinor(work, attempt) + refund.amount_minor;
}

/// An automatic refund that was refused is repeated as it is: under its number it happens once.
void keepTrying(const Work& work, Payment& payment, Refund& refund, const std::string& message)
{
    refund.refused = true;
    refund.message = message;
    work.rows().save(refund);
    work.note(payment, refund, "refused_will_be_tried_again", message);
    work.warn("refund " + refund.number + " was refused and will be tried again: " + message);
    setRefundTimer(work, refund);
}

/// The provider states that it did not happen, and for some providers its number is used up.
bool fail(const Work& work, Payment& payment, Refund& refund, const std::string& message)
{
    if (isFinal(refund.state)) {
        return false;
    }
    if (wentBackAnyhow(work, refund)) {
        return succeed(work, payment, refund, Json::object());
    }
    const bool is_automatic = isAutomatic(refund.origin);
    if (is_automatic && work.rows().hasOpenCall(refund.number, "refund")) {
        keepTrying(work, payment, refund, message); // a request may still be under way
        return true;
    }
    end(work, payment, refund, RefundCause::ProviderFailed, message);
    if (is_automatic) {
        work.warn("refund " + refund.number + " failed and is made anew: " + message);
        startAnew(work, payment, refund);
    }
    return true;
}

void refuse(const Work& work, Payment& payment, Refund& refund, const std::string& message)
{
    if (!isAutomatic(refund.origin) || isFinal(refund.state) || wentBackAnyhow(work, refund)) {
        fail(work, payment, refund, message);
    } else {
        keepTrying(work, payment, refund, message);
    }
}

void takeNotFound(const Work& work, Payment& payment, Refund& refund)
{
    if (isFinal(refund.state) || work.rows().hasOpenCall(refund.number, "refund")) {
        return; // the hub still finds out
    }
    if (refund.refused) {
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
        refuse(work, payment, refund, message);
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

std::optional<std::int64_t> askRefund(const Work& work, const Payment& payment, Refund& refund)
{
    const Attempt attempt = attemptOf(work, refund);
    freeze(work, refund); // who asks doubts that nothing has left
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
    Refund refund = insertRefund(work, payment, attempt, request);
    if (refund.origin == RefundOrigin::Provider) {
        succeed(work, payment, refund, Json::object());
        return {refund, 0};
    }
    announce(work, payment, refund);
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
    if (event.outcome() != HUB_OUTCOME_NOT_SENT) {
        freeze(work, *refund);
    }
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
        const bool known = refund.refused && isAutomatic(refund.origin) &&
                           work.rows().hasOpenCall(refund.number, "refund");
        return !known && fail(work, payment, refund, "the provider gave notice of failure");
    }
    return false;
}

void onRefundTimer(const Work& work, const std::string& number)
{
    auto refund = work.rows().refund(number);
    if (!refund || isFinal(refund->state)) {
        return;
    }
    const auto payment = work.rows().payment(refund->payment_id);
    if (!payment) {
        throw std::logic_error("refund " + number + " has no payment");
    }
    const bool asking = work.rows().hasOpenCall(number, "refund_query");
    const bool refunding = work.rows().hasOpenCall(number, "refund");
    // A refused one is repeated while its time is current; then only a query makes certain that
    // nothing is there, and that it may be made anew.
    const bool again = refund->state == RefundState::Requested &&
                       (!refund->refused || isTimeCurrent(work, *refund));
    if (!asking && !refunding && again) {
        callRefundAgain(work, *payment, *refund);
    } else if (!asking && !again) {
        askRefund(work, *payment, *refund);
    }
    setRefundTimer(work, *refund);
}

} // namespace payments
