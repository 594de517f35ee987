#include "flow/work.hpp"

#include "domain/number.hpp"

#include <hub/ids.hpp>

#include <utility>

namespace payments {

namespace {

Transition
step(std::string_view subject, std::string_view from, std::string_view cause, std::string_view to)
{
    Transition transition;
    transition.subject = subject;
    transition.from_state = from;
    transition.cause = cause;
    transition.to_state = to;
    return transition;
}

template <typename State>
Transition stay(std::string_view subject, State state, std::string_view cause)
{
    return step(subject, toText(state), cause, toText(state));
}

} // namespace

std::string Work::drawId() const
{
    return hub::makeUuidV7(now_ms_, unit_.random(10));
}

std::string Work::drawNumber(const std::string& kind) const
{
    // A number that is taken means that the clock went back over a whole round of serials.
    while (true) {
        std::string number =
            makeNumber(settings_.site, settings_.store_epoch, now_ms_, rows_.nextOf("number"));
        if (rows_.takeNumber(number, kind)) {
            return number;
        }
    }
}

void Work::record(Payment& payment, Transition transition) const
{
    payment.revision += 1;
    rows_.save(payment);
    transition.ordinal = payment.revision;
    transition.time_ms = now_ms_;
    transition.configuration_version = settings_.configuration_version;
    transition.principal = event_.principal();
    transition.trace = event_.trace();
    rows_.insert(payment, transition);
}

bool Work::advance(Payment& payment, PaymentCause cause, const std::string& message) const
{
    const auto to = next(payment.state, cause);
    if (!to) {
        return false;
    }
    Transition transition = step("payment", toText(payment.state), toText(cause), toText(*to));
    transition.message = message;
    payment.state = *to;
    record(payment, std::move(transition));
    return true;
}

bool Work::advance(Payment& payment,
                   Attempt& attempt,
                   AttemptCause cause,
                   const std::string& message) const
{
    const auto to = next(attempt.state, cause);
    if (!to) {
        return false;
    }
    Transition transition = step("attempt", toText(attempt.state), toText(cause), toText(*to));
    transition.number = attempt.number;
    transition.account = attempt.account;
    transition.message = message;
    attempt.state = *to;
    attempt.message = message;
    rows_.save(attempt);
    record(payment, std::move(transition));
    return true;
}

bool Work::advance(Payment& payment,
                   Refund& refund,
                   RefundCause cause,
                   const std::string& message) const
{
    const auto to = next(refund.state, cause);
    if (!to) {
        return false;
    }
    Transition transition = step("refund", toText(refund.state), toText(cause), toText(*to));
    transition.number = refund.number;
    transition.account = refund.account;
    transition.message = message;
    refund.state = *to;
    refund.message = message;
    rows_.save(refund);
    record(payment, std::move(transition));
    return true;
}

void Work::recordCreated(Payment& payment) const
{
    record(payment, step("payment", "", "created", toText(payment.state)));
}

void Work::recordCreated(Payment& payment, const Attempt& attempt) const
{
    Transition transition = step("attempt", "", "created", toText(attempt.state));
    transition.number = attempt.number;
    transition.account = attempt.account;
    record(payment, std::move(transition));
}

void Work::recordCreated(Payment& payment, const Refund& refund) const
{
    Transition transition = step("refund", "", toText(refund.origin), toText(refund.state));
    transition.number = refund.number;
    transition.account = refund.account;
    transition.message = refund.reason;
    record(payment, std::move(transition));
}

void Work::note(Payment& payment,
                const Attempt& attempt,
                std::string_view cause,
                const std::string& message) const
{
    Transition transition = stay("attempt", attempt.state, cause);
    transition.number = attempt.number;
    transition.account = attempt.account;
    transition.message = message;
    record(payment, std::move(transition));
}

void Work::note(Payment& payment,
                const Refund& refund,
                std::string_view cause,
                const std::string& message) const
{
    Transition transition = stay("refund", refund.state, cause);
    transition.number = refund.number;
    transition.account = refund.account;
    transition.message = message;
    record(payment, std::move(transition));
}

void Work::publish(std::string_view type, const Payment& payment, Json identifiers) const
{
    identifiers["payment_id"] = payment.payment_id;
    identifiers["order_ref"] = payment.order_ref;
    hub::Publication publication;
    publication.type = type;
    publication.key = payment.payment_id;
    publication.payload = identifiers.dump();
    publication.edition = payment.edition;
    unit_.publish(publication);
}

void Work::book(const Booking& booking, const Payment& payment, const std::string& number) const
{
    LedgerRows{unit_}.insert(
        booking, rows_.nextOf("booking"), payment.edition, payment.payment_id, number, now_ms_);
}

std::optional<std::int64_t> Work::call(const std::string& operation,
                                       const Payment& payment,
                                       const std::string& account,
                                       const std::string& number,
                                       const Json& payload) const
{
    hub::CallRequest request;
    request.contract = "payment";
    request.operation = operation;
    request.key = payment.payment_id;
    request.account = account;
    request.payload = payload.dump();
    request.idempotency_key = number;
    request.edition = payment.edition;
    const auto call = unit_.call(request);
    if (!call.ok()) {
        warn(call.error().message);
        return std::nullopt;
    }
    const auto call_id = static_cast<std::int64_t>(call.value());
    rows_.insert(ProviderCall{call_id, operation, number, now_ms_, false});
    return call_id;
}

void Work::warn(const std::string& message) const
{
    unit_.host().log(hub::LogLevel::Warning, message);
}

} // namespace payments
