#include "flow/attempts.hpp"

#include "domain/schedule.hpp"
#include "flow/checkouts.hpp"
#include "flow/settlement.hpp"
#include "store/checkout_rows.hpp"

#include <stdexcept>
#include <utility>

namespace payments {

namespace {

/// Freezes the intent; the account is still open.
Attempt draftAttempt(const Work& work, const Payment& payment, const Wanted& wanted)
{
    const Method* method = work.settings().findMethod(payment.method);
    Attempt attempt;
    attempt.product =
        wanted.product.empty() && method != nullptr ? method->product : wanted.product;
    attempt.number = work.drawNumber("attempt");
    attempt.payment_id = payment.payment_id;
    attempt.ordinal = work.rows().nextOf("attempt");
    attempt.edition = payment.edition;
    attempt.created_at_ms = work.nowMs();
    attempt.expires_at_ms = wanted.expires_at_ms != 0
                                ? wanted.expires_at_ms
                                : work.nowMs() + work.settings().attempt_life_ms;
    attempt.wallet = wanted.wallet;
    attempt.payer = wanted.payer;
    attempt.amount_minor = payment.amount_minor;
    attempt.currency = payment.currency;
    attempt.subject = payment.subject;
    return attempt;
}

std::optional<std::int64_t>
callCreate(const Work& work, const Payment& payment, const Attempt& attempt)
{
    Json request = identityOf(attempt);
    request["amount_minor"] = attempt.amount_minor;
    request["currency"] = attempt.currency;
    request["subject"] = attempt.subject;
    if (!attempt.payer.empty()) {
        request["payer"] = Json::parse(attempt.payer);
    }
    if (const auto checkout = CheckoutRows{work.unit()}.newestOf(payment.payment_id)) {
        request["return_url"] = checkoutUrl(work.settings(), *checkout);
    }
    return work.call("create", payment, attempt.account, attempt.number, request);
}

void setFirstTimer(const Work& work, const Attempt& attempt)
{
    work.unit().setTimer(
        kAttemptTimer,
        attempt.number,
        firstCheckAt(attempt.created_at_ms, attempt.expires_at_ms, work.settings().query_every_ms));
}

/// The call that ends it at the provider; 0 when one is under way or none is offered.
std::int64_t callEnd(const Work& work, const Payment& payment, const Attempt& attempt)
{
    const Rows& rows = work.rows();
    if (rows.hasOpenCall(attempt.number, "close") || rows.hasOpenCall(attempt.number, "cancel")) {
        return 0;
    }
    const Json request = identityOf(attempt);
    std::optional<std::int64_t> call;
    if (attempt.end_wanted == EndReason::Canceled && attempt.state == AttemptState::Unknown) {
        // Nobody wants the money any more: what was paid meanwhile may go straight back.
        call = work.call("cancel", payment, attempt.account, attempt.number, request);
    }
    if (!call) {
        call = work.call("close", payment, attempt.account, attempt.number, request);
    }
    work.unit().setTimer(kAttemptTimer, attempt.number, work.nowMs() + kRetryMsMin);
    return call.value_or(0);
}

std::int64_t requestEnd(const Work& work, Payment& payment, Attempt& attempt, EndReason reason)
{
    attempt.end_wanted = reason;
    work.rows().save(attempt);
    switch (attempt.state) {
    case AttemptState::Queued:
        work.advance(payment, attempt, AttemptCause::Superseded);
        work.unit().cancelTimer(kOpenTimer, attempt.number);
        return 0;
    case AttemptState::Creating:
        // A close could overtake the create: its outcome goes on with the end.
        return attempt.create_call;
    default:
        return callEnd(work, payment, attempt);
    }
}

/// Another account for what certainly did not happen at this one: nothing left, or the provider's
/// refusal says that it is about the account. Never after an unknown.
bool goOnElsewhere(const Work& work, Payment& payment, const Attempt& attempt)
{
    const bool may_go_on =
        payment.state == PaymentState::Open && payment.current_number == attempt.number &&
        attempt.end_wanted == EndReason::None && !isPayerBound(attempt.product) &&
        work.nowMs() < attempt.expires_at_ms && !work.rows().orderIsPaidBesides(payment);
    if (!may_go_on) {
        return false;
    }
    Wanted wanted; // who opened one wallet has no other at hand
    wanted.wallet = attempt.wallet;
    wanted.product = attempt.product;
    wanted.payer = attempt.payer;
    wanted.expires_at_ms = attempt.expires_at_ms;
    return openAttempt(work, payment, wanted, failedAccounts(work, payment)).has_value();
}

void fail(const Work& work,
          Payment& payment,
          Attempt& attempt,
          AttemptCause cause,
          const std::string& message,
          bool is_retriable)
{
    if (!work.advance(payment, attempt, cause, message)) {
        return;
    }
    if (attempt.confirming_ms == 0) {
        work.unit().cancelTimer(kAttemptTimer, attempt.number);
    }
    if (is_retriable && goOnElsewhere(work, payment, attempt)) {
        return;
    }
    if (payment.state == PaymentState::Open) {
        work.publish("payment.failed",
                     payment,
                     {{"attempt_number", attempt.number},
                      {"reason", std::string{toText(cause)}},
                      {"payment_open", true}});
    }
    settleEnded(work, payment);
}

bool endAs(const Work& work,
           Payment& payment,
           Attempt& attempt,
           AttemptCause cause,
           const std::string& message)
{
    if (!next(attempt.state, cause)) {
        return false;
    }
    const bool was_unknown = attempt.state == AttemptState::Unknown;
    attempt.confirming_ms = 0; // the provider itself says otherwise
    work.advance(payment, attempt, cause, message);
    if (was_unknown && work.rows().hasOpenCall(attempt.number, "create")) {
        work.unit().releaseCall(static_cast<hub_call_id>(attempt.create_call));
    }
    work.unit().cancelTimer(kAttemptTimer, attempt.number);
    if (attempt.state == AttemptState::Expired && payment.state == PaymentState::Open) {
        work.publish("payment.expired",
                     payment,
                     {{"attempt_number", attempt.number}, {"payment_open", true}});
    }
    settleEnded(work, payment);
    return true;
}

/// What has come between queuing and opening; empty when nothing has.
std::string objectionToOpening(const Work& work, const Payment& payment, const Attempt& attempt)
{
    if (work.nowMs() >= attempt.expires_at_ms) {
        return "its time was over before it was opened";
    }
    if (work.rows().orderIsPaidBesides(payment)) {
        return "another payment has paid the order";
    }
    return isRouted(work, payment, attempt.account)
               ? ""
               : "the method is stopped, or its table does not name the account any more";
}

void releaseQueued(const Work& work, Payment& payment, Attempt& attempt)
{
    work.unit().cancelTimer(kOpenTimer, attempt.number);
    const std::string objection = objectionToOpening(work, payment, attempt);
    if (!objection.empty()) {
        fail(work, payment, attempt, AttemptCause::NotOffered, objection, false);
        return;
    }
    const auto call = callCreate(work, payment, attempt);
    if (!call) {
        fail(work,
             payment,
             attempt,
             AttemptCause::NotOffered,
             "no enabled account offers it now",
             true);
        return;
    }
    attempt.create_call = *call;
    work.advance(payment, attempt, AttemptCause::CreateCalled);
    setFirstTimer(work, attempt);
}

void releaseAllQueued(const Work& work, Payment& payment)
{
    for (Attempt& attempt : work.rows().attempts(payment.payment_id)) {
        if (attempt.state == AttemptState::Queued && payment.state == PaymentState::Open) {
            releaseQueued(work, payment, attempt);
        }
    }
}

/// What the payer's app can't go on without.
std::string missingOf(const std::string& product, const Json& result)
{
    const char* needed = product == "qr"      ? "qr_code"
                         : product == "jsapi" ? "parameters"
                         : product == "h5"    ? "url"
                                              : "form";
    return result.is_object() && result.contains(needed) ? "" : needed;
}

void takeCode(const Work& work, Payment& payment, Attempt& attempt, const Json& result)
{
    if (!next(attempt.state, AttemptCause::CreateSucceeded)) {
        return; // a notice was faster
    }
    const std::string missing = missingOf(attempt.product, result);
    if (!missing.empty()) {
        work.advance(
            payment, attempt, AttemptCause::OutcomeUnknown, "the answer has no " + missing);
        return;
    }
    attempt.qr_code = textOf(result, "qr_code");
    Json presentation = Json::object();
    for (const char* part : {"parameters", "url", "form"}) {
        if (result.contains(part)) {
            presentation[part] = result.at(part);
        }
    }
    attempt.presentation = presentation.empty() ? "" : presentation.dump();
    attempt.merchant = textOf(result, "merchant");
    attempt.provider_number = textOf(result, "provider_number");
    work.advance(payment, attempt, AttemptCause::CreateSucceeded);
}

/// The contract: what is wrong is the account, not the payment.
bool isRetriable(const hub::Event& event)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    const auto member = payload.find("retriable");
    return member != payload.end() && member->is_boolean() && member->get<bool>();
}

void takeCreated(const Work& work, Payment& payment, Attempt& attempt, const hub::Event& event)
{
    const std::string message{event.message()};
    switch (event.outcome()) {
    case HUB_OUTCOME_SUCCEEDED:
        takeCode(work, payment, attempt, Json::parse(event.payload(), nullptr, false));
        break;
    case HUB_OUTCOME_REJECTED:
        fail(work, payment, attempt, AttemptCause::ProviderRejected, message, isRetriable(event));
        break;
    case HUB_OUTCOME_NOT_SENT:
        // After an unknown this is about a repetition only; the first request is still unknown.
        fail(work, payment, attempt, AttemptCause::NotSent, message, true);
        break;
    default:
        work.advance(payment, attempt, AttemptCause::OutcomeUnknown, message);
        break;
    }
    const bool open =
        attempt.state == AttemptState::Waiting || attempt.state == AttemptState::Unknown;
    if (open && attempt.end_wanted != EndReason::None) {
        callEnd(work, payment, attempt);
    }
}

void takeEnd(const Work& work, Payment& payment, Attempt& attempt, const hub::Event& event)
{
    if (event.outcome() == HUB_OUTCOME_REJECTED) {
        queryAttempt(work, payment, attempt); // perhaps it was paid
        return;
    }
    const Json result = Json::parse(event.payload(), nullptr, false);
    const bool answered = event.outcome() == HUB_OUTCOME_SUCCEEDED;
    const std::string state = answered ? textOf(result, "state") : std::string{};
    if (state == "closed") {
        confirmEnd(work, payment, attempt);
    } else if (state == "refunded") {
        Evidence evidence;
        evidence.state = "refunded";
        evidence.amount_minor = attempt.amount_minor;
        evidence.refunded_minor = attempt.amount_minor;
        settle(work, payment, attempt, evidence);
    } else {
        // Unconfirmed: who waits for the end of this one waits no longer, and this one stays
        // watched.
        releaseAllQueued(work, payment);
    }
}

bool endIsDue(const Work& work, const Attempt& attempt)
{
    const bool wanted =
        attempt.end_wanted != EndReason::None || work.nowMs() >= attempt.expires_at_ms;
    return wanted && isLive(attempt.state) && attempt.state != AttemptState::Creating &&
           work.rows().lastCallMs(attempt.number, "close") + kRetryMsMin <= work.nowMs();
}

} // namespace

Json identityOf(const Attempt& attempt)
{
    return {{"number", attempt.number},
            {"product", attempt.product},
            {"created_at_ms", attempt.created_at_ms},
            {"expires_at_ms", attempt.expires_at_ms}};
}

std::set<std::string> failedAccounts(const Work& work, const Payment& payment)
{
    std::set<std::string> failed;
    for (const Attempt& attempt : work.rows().attempts(payment.payment_id)) {
        if (attempt.state == AttemptState::Failed) {
            failed.insert(attempt.account);
        }
    }
    return failed;
}

std::optional<Opened> openAttempt(const Work& work,
                                  Payment& payment,
                                  const Wanted& wanted,
                                  const std::set<std::string>& except)
{
    Attempt attempt = draftAttempt(work, payment, wanted);
    for (const RouteRule& rule : candidatesFor(work, payment, wanted, attempt.number)) {
        if (except.count(rule.account) != 0) {
            continue;
        }
        attempt.account = rule.account;
        const auto call = callCreate(work, payment, attempt);
        if (!call) {
            continue;
        }
        attempt.create_call = *call;
        attempt.state = AttemptState::Creating;
        work.rows().insert(attempt);
        payment.current_number = attempt.number;
        work.recordCreated(payment, attempt);
        setFirstTimer(work, attempt);
        return Opened{attempt, *call};
    }
    return std::nullopt;
}

std::optional<Opened> replaceAttempt(const Work& work, Payment& payment, const Wanted& wanted)
{
    Attempt attempt = draftAttempt(work, payment, wanted);
    const auto candidates = candidatesFor(work, payment, wanted, attempt.number);
    if (candidates.empty()) {
        return std::nullopt;
    }
    attempt.account = candidates.front().account;
    attempt.state = AttemptState::Queued;
    work.rows().insert(attempt);
    payment.current_number = attempt.number;
    work.recordCreated(payment, attempt);
    work.unit().setTimer(kOpenTimer, attempt.number, work.nowMs() + kCloseWaitMs);
    const std::int64_t end = endAttempts(work, payment, EndReason::Replaced, attempt.number);
    settleEnded(work, payment);
    attempt = work.rows().attempt(attempt.number).value_or(attempt);
    return Opened{attempt, attempt.create_call != 0 ? attempt.create_call : end};
}

std::int64_t
endAttempts(const Work& work, Payment& payment, EndReason reason, const std::string& except)
{
    std::int64_t wait_call = 0;
    for (Attempt& attempt : work.rows().attempts(payment.payment_id)) {
        if (attempt.number != except && isLive(attempt.state)) {
            const std::int64_t call = requestEnd(work, payment, attempt, reason);
            wait_call = call != 0 ? call : wait_call;
        }
    }
    return wait_call;
}

void settleEnded(const Work& work, Payment& payment)
{
    bool others_live = false;
    for (const Attempt& attempt : work.rows().attempts(payment.payment_id)) {
        others_live =
            others_live || (isLive(attempt.state) && attempt.state != AttemptState::Queued);
    }
    if (others_live) {
        return;
    }
    if (payment.state == PaymentState::Open) {
        releaseAllQueued(work, payment);
    } else if (work.advance(payment, PaymentCause::AttemptsEnded)) {
        work.unit().cancelTimer(kPaymentTimer, payment.payment_id);
        work.publish("payment.closed", payment, Json::object());
    }
}

void applyStatement(const Work& work,
                    Payment& payment,
                    Attempt& attempt,
                    const Evidence& evidence,
                    std::int64_t asked_ms)
{
    if (const auto reason = mismatch(attempt, evidence, Source::Query)) {
        work.note(payment, attempt, "mismatch", *reason);
        work.warn(*reason);
    } else if (saysPaid(evidence)) {
        settle(work, payment, attempt, evidence);
    } else if (evidence.state == "closed") {
        confirmEnd(work, payment, attempt);
    } else if (evidence.state == "waiting" && endIsDue(work, attempt)) {
        callEnd(work, payment, attempt);
    } else if (evidence.state == "not_found" && attempt.state != AttemptState::Creating &&
               attempt.confirming_ms == 0 &&
               asked_ms >= attempt.expires_at_ms + work.settings().expiry_margin_ms) {
        endAs(work,
              payment,
              attempt,
              AttemptCause::CodeExpired,
              "the code has expired and does not exist at the provider");
    }
}

bool confirmEnd(const Work& work, Payment& payment, Attempt& attempt)
{
    const bool expired =
        attempt.end_wanted == EndReason::Expired ||
        (attempt.end_wanted == EndReason::None && work.nowMs() >= attempt.expires_at_ms);
    return endAs(work,
                 payment,
                 attempt,
                 expired ? AttemptCause::CodeExpired : AttemptCause::CloseConfirmed,
                 "the provider confirms that it can't be paid any more");
}

void takeAttemptOutcome(const Work& work, const hub::Event& event, const ProviderCall& call)
{
    auto attempt = work.rows().attempt(call.number);
    if (!attempt) {
        throw std::logic_error("call " + std::to_string(call.call_id) + " has no attempt");
    }
    auto payment = work.rows().payment(attempt->payment_id);
    if (!payment) {
        throw std::logic_error("attempt " + attempt->number + " has no payment");
    }
    const bool is_statement = call.operation == "query" || event.isResolved();
    if (is_statement && event.outcome() == HUB_OUTCOME_SUCCEEDED) {
        const Json statement = Json::parse(event.payload(), nullptr, false);
        applyStatement(work, *payment, *attempt, readEvidence(statement), call.created_ms);
    } else if (call.operation == "create") {
        takeCreated(work, *payment, *attempt, event);
    } else if (call.operation == "close" || call.operation == "cancel") {
        takeEnd(work, *payment, *attempt, event);
    }
    // A query without an answer is asked again by the attempt's timer.
}

void onAttemptTimer(const Work& work, const std::string& number)
{
    auto attempt = work.rows().attempt(number);
    if (!attempt || attempt->state == AttemptState::Queued ||
        (!isLive(attempt->state) && attempt->confirming_ms == 0)) {
        return;
    }
    const auto payment = work.rows().payment(attempt->payment_id);
    if (!payment) {
        throw std::logic_error("attempt " + number + " has no payment");
    }
    const bool expired = work.nowMs() >= attempt->expires_at_ms;
    if (expired && attempt->end_wanted == EndReason::None) {
        attempt->end_wanted = EndReason::Expired;
        work.rows().save(*attempt);
    }
    queryAttempt(work, *payment, *attempt);
    const std::int64_t due = attempt->confirming_ms != 0
                                 ? retryAt(work.nowMs(), attempt->confirming_ms)
                                 : nextCheckAt(work.nowMs(),
                                               attempt->expires_at_ms,
                                               work.settings().query_every_ms,
                                               work.settings().expiry_margin_ms);
    work.unit().setTimer(kAttemptTimer, number, due);
}

void onOpenTimer(const Work& work, const std::string& number)
{
    auto attempt = work.rows().attempt(number);
    if (!attempt || attempt->state != AttemptState::Queued) {
        return;
    }
    auto payment = work.rows().payment(attempt->payment_id);
    if (payment && payment->state == PaymentState::Open) {
        releaseQueued(work, *payment, *attempt);
    }
}

void onPaymentTimer(const Work& work, const std::string& payment_id)
{
    auto payment = work.rows().payment(payment_id);
    if (!payment || payment->state != PaymentState::Open) {
        return;
    }
    for (const Attempt& attempt : work.rows().attempts(payment_id)) {
        if (isLive(attempt.state)) {
            // An order does not expire while somebody may be paying it.
            work.unit().setTimer(kPaymentTimer, payment_id, work.nowMs() + 6 * kRetryMsMin);
            return;
        }
    }
    work.advance(*payment, PaymentCause::LifeOver);
    work.publish("payment.expired",
                 *payment,
                 {{"attempt_number", payment->current_number}, {"payment_open", false}});
}

void queryAttempt(const Work& work, const Payment& payment, const Attempt& attempt)
{
    if (!work.rows().hasOpenCall(attempt.number, "query")) {
        askAttempt(work, payment, attempt);
    }
}

std::optional<std::int64_t>
askAttempt(const Work& work, const Payment& payment, const Attempt& attempt)
{
    Json request = identityOf(attempt);
    request["amount_minor"] = attempt.amount_minor;
    request["currency"] = attempt.currency;
    if (!attempt.provider_number.empty()) {
        request["provider_number"] = attempt.provider_number;
    }
    return work.call("query", payment, attempt.account, attempt.number, request);
}

} // namespace payments
