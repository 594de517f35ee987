#include "flow/creation.hpp"

#include "domain/amount.hpp"
#include "flow/checkouts.hpp"
#include "store/checkout_rows.hpp"
#include "store/operation_rows.hpp"

#include <optional>
#include <utility>

namespace payments {

namespace {

/// Why an order can't be paid so; nothing when it can.
std::optional<std::string> findObstacle(const Work& work, const Payment& payment, const Json& wish)
{
    if (const auto fault = checkAmount(wish, work.settings().amount_max_minor)) {
        return fault->code;
    }
    const Method* const method = work.settings().findMethod(payment.method);
    if (method == nullptr || !method->is_checkout) {
        return "method_not_supported";
    }
    if (OperationRows{work.unit()}.stopOf(payment.method)) {
        return "method_stopped";
    }
    if (work.rows().orderIsPaidBesides(payment)) {
        return "order_already_paid";
    }
    return std::nullopt;
}

std::optional<Payment> findOpen(const Work& work, const Payment& wanted)
{
    PaymentFilter filter;
    filter.order_ref = wanted.order_ref;
    for (Payment& payment : work.rows().payments(filter)) {
        if (payment.state == PaymentState::Open && payment.edition == wanted.edition) {
            return std::move(payment);
        }
    }
    return std::nullopt;
}

void decline(const Work& work, const Payment& payment, const std::string& code)
{
    hub::Publication event;
    event.type = "payment.declined";
    event.key = payment.order_ref;
    event.edition = payment.edition;
    event.payload = Json{{"order_ref", payment.order_ref}, {"code", code}}.dump();
    work.unit().publish(event);
}

} // namespace

Payment draftPayment(const Work& work, const Terms& terms)
{
    Payment payment;
    payment.payment_id = work.drawId();
    payment.edition = work.edition();
    payment.order_ref = terms.order_ref;
    payment.method = terms.method;
    payment.amount_minor = terms.amount_minor;
    payment.currency = terms.currency;
    payment.subject = terms.subject;
    payment.created_ms = work.nowMs();
    payment.expires_ms = work.nowMs() + work.settings().payment_life_ms;
    return payment;
}

void keepPayment(const Work& work, Payment& payment)
{
    payment.ordinal = work.rows().nextOf("payment");
    work.rows().insert(payment);
    work.recordCreated(payment);
}

void announcePayment(const Work& work, const Payment& payment, const std::string& attempt_number)
{
    work.unit().setTimer(kPaymentTimer, payment.payment_id, payment.expires_ms);
    Json identifiers = {{"amount_minor", payment.amount_minor}, {"currency", payment.currency}};
    if (!attempt_number.empty()) {
        identifiers["attempt_number"] = attempt_number;
    }
    work.publish("payment.created", payment, std::move(identifiers));
}

hub::Answer takePaymentRequest(const Work& work, const hub::Event& event)
{
    const Json wish = Json::parse(event.payload(), nullptr, false);
    Payment payment = draftPayment(work,
                                   {textOf(wish, "order_ref"),
                                    textOf(wish, "method"),
                                    integerOf(wish, "amount_minor").value_or(0),
                                    textOf(wish, "currency"),
                                    textOf(wish, "subject")});
    if (const auto obstacle = findObstacle(work, payment, wish)) {
        decline(work, payment, *obstacle);
        return {};
    }
    if (const auto open = findOpen(work, payment)) {
        if (open->amount_minor != payment.amount_minor || open->currency != payment.currency) {
            decline(work, payment, "another_amount_open");
            return {};
        }
        const auto newest = CheckoutRows{work.unit()}.newestOf(open->payment_id);
        if (!newest || newest->expires_ms <= work.nowMs()) {
            openCheckout(work, *open);
        }
        return {};
    }
    keepPayment(work, payment);
    openCheckout(work, payment);
    announcePayment(work, payment, "");
    return {};
}

} // namespace payments
