#include "flow/bill_lines.hpp"

#include "flow/go_live.hpp"

#include <stdexcept>
#include <utility>

namespace payments {

namespace {

constexpr const char* kTheirPayment = "their_payment";
constexpr const char* kTheirRefund = "their_refund";

Exception exceptionOf(const Work& work, const BillDay& bill, const Json& line)
{
    Exception exception;
    exception.account = bill.account;
    exception.day = bill.day;
    exception.number = textOf(line, "number");
    exception.refund_number = textOf(line, "refund_number");
    exception.provider_number = textOf(line, "provider_number");
    exception.amount_minor = integerOf(line, "amount_minor").value_or(0);
    exception.currency = textOf(line, "currency");
    exception.state = "open";
    exception.time_ms = work.nowMs();
    return exception;
}

void raise(const Work& work, const Exception& exception)
{
    const bool news = RecoveryRows{work.unit()}.insert(exception, work.rows().nextOf("exception"));
    if (!news || !exception.booked) {
        return;
    }
    const bool came = exception.kind == kTheirPayment;
    LedgerRows{work.unit()}.insert(
        bookTheirs(exception.account,
                   came ? exception.amount_minor : -exception.amount_minor,
                   exception.currency),
        work.rows().nextOf("booking"),
        work.edition(),
        "",
        came ? exception.number : exception.refund_number,
        work.nowMs());
    work.warn("the provider alone knows " + exception.kind.substr(6) + " " + exception.number +
              "; it is booked into suspense");
}

void comparePayment(const Work& work, Exception exception)
{
    const auto attempt = work.rows().attempt(exception.number);
    if (!attempt) {
        exception.kind = kTheirPayment;
        exception.booked = true;
        exception.message = "paid at the provider, unknown here";
        raise(work, exception);
    } else if (attempt->state != AttemptState::Paid) {
        RecoveryRows{work.unit()}.want(
            {"attempt", attempt->number, attempt->account, "wanted", ""});
    } else if (attempt->amount_minor != exception.amount_minor) {
        exception.kind = "amount_differs";
        exception.message = "ours is over " + std::to_string(attempt->amount_minor);
        raise(work, exception);
    } else {
        noteBilled(work, attempt->payment_id, false);
    }
}

/// A refund that was made at the provider, and that a query has told us of already.
bool isExplained(const Work& work, const Exception& exception)
{
    std::int64_t by_provider = 0;
    for (const Refund& refund : work.rows().refundsOf(exception.number)) {
        by_provider += refund.origin == RefundOrigin::Provider ? refund.amount_minor : 0;
    }
    const std::int64_t used = RecoveryRows{work.unit()}.explainedMinor(exception.number);
    return by_provider - used >= exception.amount_minor;
}

void compareRefund(const Work& work, Exception exception)
{
    const auto refund = work.rows().refund(exception.refund_number);
    if (refund) {
        if (refund->state != RefundState::Succeeded) {
            RecoveryRows{work.unit()}.want(
                {"refund", refund->number, refund->account, "wanted", ""});
        } else {
            noteBilled(work, refund->payment_id, true);
        }
        return;
    }
    exception.kind = kTheirRefund;
    const auto attempt = work.rows().attempt(exception.number);
    if (attempt && isExplained(work, exception)) {
        exception.state = "explained";
        exception.message = "booked when the provider was asked about the payment";
    } else if (attempt && attempt->state != AttemptState::Paid) {
        exception.message = "of a payment that is not known as paid here; it is asked about";
        RecoveryRows{work.unit()}.want(
            {"attempt", attempt->number, attempt->account, "wanted", ""});
    } else {
        exception.booked = true;
        exception.message = "refunded at the provider, unknown here";
    }
    raise(work, exception);
}

} // namespace

void compareLine(const Work& work, const BillDay& bill, const std::string& line)
{
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) {
        throw std::runtime_error("the bill of " + bill.account + " of " + bill.day +
                                 " has a line that is no JSON");
    }
    Exception exception = exceptionOf(work, bill, json);
    const std::string type = textOf(json, "type");
    if (exception.number.empty() || exception.amount_minor <= 0 || exception.currency.empty()) {
        throw std::runtime_error("the bill of " + bill.account + " of " + bill.day +
                                 " has a line without number, amount or currency");
    }
    if (type == "payment") {
        comparePayment(work, std::move(exception));
    } else if (type == "refund") {
        compareRefund(work, std::move(exception));
    }
}

} // namespace payments
