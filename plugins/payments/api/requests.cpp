#include "api/requests.hpp"

#include "api/answers.hpp"
#include "api/views.hpp"
#include "domain/amount.hpp"
#include "domain/number.hpp"
#include "flow/attempts.hpp"
#include "flow/checkouts.hpp"
#include "flow/creation.hpp"
#include "flow/refunds.hpp"
#include "store/operation_rows.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace payments {

namespace {

hub::Answer refuse(const AmountFault& fault)
{
    Json parameters = Json::object();
    if (fault.limit_minor != 0) {
        parameters["limit_minor"] = fault.limit_minor;
    }
    return refuse(Problem{fault.status, fault.code, fault.pointer, fault.detail, parameters});
}

hub::Answer refuseConflict(const std::string& code, const std::string& detail)
{
    return refuse(Problem{409, code, "", detail, Json::object()});
}

hub::Answer refuseUnknown(const std::string& payment_id)
{
    return refuse(Problem{
        404, "not_found", "", "there is no payment \"" + payment_id + "\"", Json::object()});
}

hub::Answer refuseNoChannel(const std::string& method)
{
    return refuse(Problem{503,
                          "no_channel",
                          "",
                          "no account for method \"" + method +
                              "\" is enabled now; enable one, then try again",
                          Json::object()});
}

hub::Answer refuseMethod(const Settings& settings, const std::string& method)
{
    std::string offered;
    for (const Method& each : settings.methods) {
        offered += (offered.empty() ? "\"" : ", \"") + each.name + "\"";
    }
    return refuse(Problem{422,
                          "method_not_supported",
                          "/method",
                          "method is \"" + method + "\", only " + offered + " is offered",
                          Json::object()});
}

/// Nothing while the method is open.
std::optional<hub::Answer> refuseStopped(const Work& work, const std::string& method)
{
    const auto stop = OperationRows{work.unit()}.stopOf(method);
    if (!stop) {
        return std::nullopt;
    }
    return refuse(Problem{409,
                          "method_stopped",
                          "",
                          stop->notice_en + " / " + stop->notice_zh,
                          {{"notice", {{"zh", stop->notice_zh}, {"en", stop->notice_en}}}}});
}

std::string addressOf(const Payment& payment)
{
    return "/api/v1/payments/" + payment.payment_id;
}

hub::Answer
answerPayment(const Work& work, const Payment& payment, int status, std::int64_t wait_call)
{
    Json answer = {{"status", status},
                   {"body", viewOf(work.unit(), payment, work.settings())},
                   {"etag", etagOf(payment)}};
    if (status == 201) {
        answer["location"] = addressOf(payment);
    }
    if (wait_call != 0) {
        answer["wait"] = {{"call", std::to_string(wait_call)},
                          {"operation", "payment.get"},
                          {"path", {{"payment_id", payment.payment_id}}}};
    }
    return ok(std::move(answer));
}

std::optional<hub::Answer> checkNewAttempt(const Work& work,
                                           const Payment& payment,
                                           const std::vector<Attempt>& attempts,
                                           const std::string& account)
{
    if (payment.state != PaymentState::Open) {
        return refuseConflict("payment_not_open",
                              "the payment is " + std::string{toText(payment.state)} +
                                  "; create a new payment if the order is still to be paid");
    }
    if (work.rows().orderIsPaidBesides(payment)) {
        return refuseConflict("order_already_paid", "another payment has paid this order");
    }
    if (attempts.size() >= kAttemptsMax) {
        return refuseConflict("too_many_attempts",
                              "the payment has " + std::to_string(kAttemptsMax) +
                                  " attempts; cancel it and create a new one");
    }
    for (const Attempt& attempt : attempts) {
        const bool same = account.empty() || attempt.account == account;
        if (isLive(attempt.state) && attempt.end_wanted == EndReason::None && same &&
            work.nowMs() < attempt.expires_at_ms) {
            return refuseConflict("attempt_still_open",
                                  "attempt " + attempt.number + " is open until " +
                                      toRfc3339(attempt.expires_at_ms) +
                                      "; pay that one, or name another account");
        }
    }
    return std::nullopt;
}

/// `opened` is null for a checkout: nothing is asked of a provider before somebody opens it.
hub::Answer answerCreated(const Work& work, const Payment& payment, const Opened* opened)
{
    announcePayment(work, payment, opened == nullptr ? "" : opened->attempt.number);
    return answerPayment(work, payment, 201, opened == nullptr ? 0 : opened->wait_call);
}

} // namespace

hub::Answer createPayment(const Work& work, const hub::Event& event)
{
    const Json body = readRequest(event.payload()).body;
    if (const auto fault = checkAmount(body, work.settings().amount_max_minor)) {
        return refuse(*fault);
    }
    const std::string method = textOf(body, "method");
    if (work.settings().findMethod(method) == nullptr) {
        return refuseMethod(work.settings(), method);
    }
    if (auto stopped = refuseStopped(work, method)) {
        return *stopped;
    }
    Payment payment = draftPayment(work,
                                   {textOf(body, "order_ref"),
                                    method,
                                    integerOf(body, "amount_minor").value_or(0),
                                    textOf(body, "currency"),
                                    textOf(body, "subject")});
    if (work.rows().orderIsPaidBesides(payment)) {
        return refuseConflict("order_already_paid",
                              "order \"" + payment.order_ref + "\" is paid already");
    }
    keepPayment(work, payment);
    if (work.settings().findMethod(payment.method)->is_checkout) {
        openCheckout(work, payment);
        return answerCreated(work, payment, nullptr);
    }
    const auto opened = openAttempt(work, payment, {});
    return opened ? answerCreated(work, payment, &*opened) : refuseNoChannel(payment.method);
}

hub::Answer createAttempt(const Work& work, const hub::Event& event)
{
    const RequestParts request = readRequest(event.payload());
    const std::string payment_id = textOf(request.path, "payment_id");
    auto payment = work.rows().payment(payment_id);
    if (!payment) {
        return refuseUnknown(payment_id);
    }
    const std::string account = textOf(request.body, "account");
    const auto attempts = work.rows().attempts(payment_id);
    if (auto refusal = checkNewAttempt(work, *payment, attempts, account)) {
        return *refusal;
    }
    if (auto stopped = refuseStopped(work, payment->method)) {
        return *stopped;
    }
    const Wanted wanted = {
        account, textOf(request.body, "wallet"), textOf(request.body, "product")};
    const bool live = std::any_of(
        attempts.begin(), attempts.end(), [](const Attempt& a) { return isLive(a.state); });
    const auto opened =
        live ? replaceAttempt(work, *payment, wanted) : openAttempt(work, *payment, wanted);
    if (!opened) {
        return refuseNoChannel(payment->method);
    }
    return answerPayment(work, *payment, 201, opened->wait_call);
}

hub::Answer cancelPayment(const Work& work, const hub::Event& event)
{
    const std::string payment_id = textOf(readRequest(event.payload()).path, "payment_id");
    auto payment = work.rows().payment(payment_id);
    if (!payment) {
        return refuseUnknown(payment_id);
    }
    if (payment->state == PaymentState::Paid) {
        return refuseConflict("payment_is_paid",
                              "a paid payment can't be canceled; refund it: POST " +
                                  addressOf(*payment) + "/refunds");
    }
    std::int64_t wait_call = 0;
    if (work.advance(*payment, PaymentCause::CancelRequested)) {
        wait_call = endAttempts(work, *payment, EndReason::Canceled);
        settleEnded(work, *payment);
    }
    const bool closing = payment->state == PaymentState::Closing;
    return answerPayment(work, *payment, closing ? 202 : 200, wait_call);
}

hub::Answer createRefund(const Work& work, const hub::Event& event)
{
    const RequestParts request = readRequest(event.payload());
    const std::string payment_id = textOf(request.path, "payment_id");
    auto payment = work.rows().payment(payment_id);
    if (!payment) {
        return refuseUnknown(payment_id);
    }
    if (const auto fault = checkAmount(request.body, payment->amount_minor)) {
        return refuse(*fault);
    }
    const auto attempts = work.rows().attempts(payment_id);
    const auto paid = std::find_if(attempts.begin(), attempts.end(), [](const Attempt& a) {
        return a.application == Application::Fees;
    });
    if (paid == attempts.end()) {
        return refuseConflict("payment_not_paid",
                              "nothing was paid that could be refunded; cancel the payment");
    }
    const std::int64_t left =
        paid->amount_minor - refundedOrUnderWay(work.rows().refundsOf(paid->number));
    const std::int64_t amount = integerOf(request.body, "amount_minor").value_or(0);
    if (amount > left) {
        return refuse(Problem{422,
                              "refund_over_captured",
                              "/amount_minor",
                              "amount_minor is " + std::to_string(amount) + ", only " +
                                  std::to_string(left) + " is left to refund",
                              {{"refundable_minor", left}}});
    }
    const RefundStarted started = startRefund(
        work, *payment, *paid, {amount, textOf(request.body, "reason"), RefundOrigin::Requested});
    if (started.call_id == 0) {
        return refuseNoChannel(payment->method);
    }
    return ok({{"status", 201},
               {"body", viewOf(started.refund)},
               {"location", addressOf(*payment) + "/refunds/" + started.refund.number},
               {"etag", etagOf(*payment)},
               {"wait",
                {{"call", std::to_string(started.call_id)},
                 {"operation", "refund.get"},
                 {"path", {{"payment_id", payment_id}, {"refund_id", started.refund.number}}}}}});
}

} // namespace payments
