#include "flow/settlement.hpp"

#include "flow/attempts.hpp"
#include "flow/go_live.hpp"
#include "flow/refunds.hpp"

#include <string>

namespace payments {

namespace {

struct Verdict {
    Application application = Application::Fees;
    RefundOrigin refund = RefundOrigin::SecondPayment; // of what is unapplied
};

Verdict judge(const Work& work, const Payment& payment)
{
    if (payment.state == PaymentState::Paid || work.rows().orderIsPaidBesides(payment)) {
        return {Application::Unapplied, RefundOrigin::SecondPayment};
    }
    const bool late = payment.state != PaymentState::Open;
    if (late && work.settings().late_success == LateSuccess::Refund) {
        return {Application::Unapplied, RefundOrigin::LatePayment};
    }
    return {Application::Fees, RefundOrigin::SecondPayment};
}

void capture(const Work& work,
             Payment& payment,
             Attempt& attempt,
             const Evidence& evidence,
             Application application)
{
    const bool was_unknown = attempt.state == AttemptState::Unknown;
    attempt.application = application;
    attempt.confirming_ms = 0;
    attempt.provider_number = evidence.provider_number;
    attempt.paid_at_ms = evidence.paid_at_ms != 0 ? evidence.paid_at_ms : work.nowMs();
    if (attempt.merchant.empty()) {
        attempt.merchant = evidence.merchant;
    }
    work.advance(payment, attempt, AttemptCause::PaidReported);
    work.book(bookCapture(attempt.account, application, attempt.amount_minor, attempt.currency),
              payment,
              attempt.number);
    work.unit().cancelTimer(kAttemptTimer, attempt.number);
    if (was_unknown && work.rows().hasOpenCall(attempt.number, "create")) {
        // Its fate is known: the hub need not find out any more.
        work.unit().releaseCall(static_cast<hub_call_id>(attempt.create_call));
    }
}

void payOrder(const Work& work, Payment& payment, const Attempt& attempt)
{
    payment.current_number = attempt.number;
    if (!work.advance(payment, PaymentCause::AttemptPaid)) {
        work.advance(payment, PaymentCause::LateSuccessHonored);
    }
    work.unit().cancelTimer(kPaymentTimer, payment.payment_id);
    work.publish("payment.paid",
                 payment,
                 {{"amount_minor", payment.amount_minor},
                  {"currency", payment.currency},
                  {"account", attempt.account},
                  {"attempt_number", attempt.number}});
    endAttempts(work, payment, EndReason::Replaced, attempt.number);
    refundGoLive(work, payment, attempt);
}

/// Nobody may pay a payment whose order somebody else has paid.
void closeSuperfluous(const Work& work, Payment& payment, const Attempt& attempt)
{
    if (work.advance(payment, PaymentCause::OrderPaidElsewhere)) {
        work.unit().cancelTimer(kPaymentTimer, payment.payment_id);
        endAttempts(work, payment, EndReason::Canceled, attempt.number);
    }
}

} // namespace

bool settle(const Work& work, Payment& payment, Attempt& attempt, const Evidence& evidence)
{
    const bool news = attempt.state != AttemptState::Paid;
    Verdict verdict;
    if (news) {
        verdict = judge(work, payment);
        capture(work, payment, attempt, evidence, verdict.application);
        if (verdict.application == Application::Fees) {
            payOrder(work, payment, attempt);
        } else {
            closeSuperfluous(work, payment, attempt);
        }
    }
    const bool went_back =
        evidence.state == "refunded" && bookProviderRefund(work, payment, attempt, evidence);
    if (news && verdict.application == Application::Unapplied) {
        const std::int64_t left =
            attempt.amount_minor - refundedOrUnderWay(work.rows().refundsOf(attempt.number));
        if (left > 0) {
            startRefund(work,
                        payment,
                        attempt,
                        {left, std::string{toText(verdict.refund)}, verdict.refund});
        }
    }
    if (news) {
        settleEnded(work, payment);
    }
    return news || went_back;
}

} // namespace payments
