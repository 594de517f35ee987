#include "flow/go_live.hpp"

#include "domain/number.hpp"
#include "flow/attempts.hpp"
#include "flow/recovery.hpp"
#include "flow/refunds.hpp"
#include "store/recovery_rows.hpp"

namespace payments {

namespace {

constexpr std::int64_t kOneFen = 1;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kShanghaiMs = std::int64_t{8} * 3'600'000;
/// After midnight of Shanghai: by then the bills of the day before are made.
constexpr std::int64_t kBillReadyMs = std::int64_t{11} * 3'600'000;

std::int64_t billReadyMs(std::int64_t day_ms)
{
    return ((day_ms + kShanghaiMs) / kDayMs + 1) * kDayMs - kShanghaiMs + kBillReadyMs;
}

Payment draftPayment(const Work& work, const std::string& account)
{
    Payment payment;
    payment.payment_id = work.drawId();
    payment.ordinal = work.rows().nextOf("payment");
    payment.edition = work.edition();
    payment.order_ref = "go-live-" + account + "-" + std::to_string(payment.ordinal);
    payment.method = std::string{kGoLiveMethod};
    payment.amount_minor = kOneFen;
    payment.currency = "CNY";
    payment.subject = "Go-live check";
    payment.created_ms = work.nowMs();
    payment.expires_ms = work.nowMs() + work.settings().attempt_life_ms;
    return payment;
}

} // namespace

std::optional<GoLive> startGoLive(const Work& work, const std::string& account)
{
    Payment payment = draftPayment(work, account);
    work.rows().insert(payment);
    work.recordCreated(payment);
    Wanted wanted;
    wanted.account = account;
    wanted.product = "qr";
    if (!openAttempt(work, payment, wanted)) {
        return std::nullopt;
    }
    work.unit().setTimer(kPaymentTimer, payment.payment_id, payment.expires_ms);
    const GoLive check = {
        account, payment.payment_id, work.nowMs(), work.principal(), false, false};
    OperationRows{work.unit()}.put(check);
    return check;
}

void refundGoLive(const Work& work, Payment& payment, const Attempt& attempt)
{
    if (payment.method == kGoLiveMethod) {
        startRefund(work,
                    payment,
                    attempt,
                    {attempt.amount_minor, "Go-live check", RefundOrigin::Requested});
    }
}

void wantGoLiveBill(const Work& work, const Payment& payment, const Refund& refund)
{
    if (payment.method != kGoLiveMethod) {
        return;
    }
    const RecoveryRows rows{work.unit()};
    const auto attempt = work.rows().attempt(refund.attempt_number);
    for (const std::int64_t day_ms :
         {attempt ? attempt->paid_at_ms : refund.refunded_at_ms, refund.refunded_at_ms}) {
        rows.wantBill(refund.account, dayInShanghai(day_ms), billReadyMs(day_ms));
    }
    lookForBills(work);
}

void noteBilled(const Work& work, const std::string& payment_id, bool is_refund)
{
    const OperationRows rows{work.unit()};
    if (auto check = rows.goLiveOf(payment_id)) {
        (is_refund ? check->refund_found : check->payment_found) = true;
        rows.put(*check);
    }
}

} // namespace payments
