#include "notice.hpp"

#include "outcome_table.hpp"
#include "unionpay_acp/beijing_time.hpp"

namespace payment_unionpay {

namespace {

using Json = nlohmann::json;
using hub::Error;
using hub::Result;
using unionpay::Fields;
using unionpay::valueOf;

constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;

Error rejected(std::string message)
{
    return Error{HUB_REJECTED, std::move(message)};
}

/// The contract's state; empty when the code states none that a notification may state.
std::string stateOf(const Fields& notice, bool is_refund)
{
    const auto& rule = unionpay::findCode(valueOf(notice, "respCode"));
    const auto& outcome =
        findOutcome(is_refund ? Question::RefundState : Question::PaymentState, rule.meaning);
    const bool is_end = outcome.word != "processing";
    return outcome.status == HUB_OK && is_end ? std::string{outcome.word} : std::string{};
}

Result<std::int64_t> amountOf(const Fields& notice)
{
    const std::string_view text = valueOf(notice, "txnAmt");
    if (text.empty() || text.size() > 12 ||
        text.find_first_not_of("0123456789") != std::string_view::npos) {
        return rejected("the notification's txnAmt is no amount in fen");
    }
    return std::int64_t{std::stoll(std::string{text})};
}

/// `payTime` says it whole, `traceTime` without the year.
Result<std::int64_t> timeOf(const Fields& notice, std::int64_t now_ms)
{
    const auto whole = unionpay::parseBeijingTime(valueOf(notice, "payTime"));
    return whole.ok()
               ? whole
               : unionpay::parseBeijingTimeBefore(valueOf(notice, "traceTime"), now_ms + kDayMs);
}

Json httpAnswer(int status, const char* body)
{
    return {{"status", status}, {"media_type", "text/plain"}, {"body", body}};
}

/// A genuine reply is signed like a notification and names the same order, but it answers a
/// question: its respCode is of the question, not of the payment. Whoever got hold of one must not
/// be able to post it as a notification.
Result<void> checkKind(const Fields& notice, const std::string& state)
{
    for (const std::string_view name : {"origRespCode", "qrCode"}) {
        if (!valueOf(notice, name).empty()) {
            return rejected("this is no notification but a reply: it has " + std::string{name});
        }
    }
    if (state != "paid" && state != "succeeded") {
        return {};
    }
    // The reply to a refund, which only says that it was taken, has a queryId but was not cleared.
    for (const std::string_view name : {"queryId", "traceTime"}) {
        if (valueOf(notice, name).empty()) {
            return rejected("the notification states success without " + std::string{name});
        }
    }
    return {};
}

/// The document lists currencyCode for payments; of refunds it says nothing.
Result<void> checkCurrency(const Fields& notice, bool is_refund)
{
    const std::string_view currency = valueOf(notice, "currencyCode");
    const std::string_view settled = valueOf(notice, "settleCurrencyCode");
    if (currency.empty() && !is_refund) {
        return rejected("the notification of a payment names no currencyCode");
    }
    if ((!currency.empty() && currency != "156") || (!settled.empty() && settled != "156")) {
        return rejected("the notification's currencyCode or settleCurrencyCode is not 156");
    }
    return {};
}

/// A refund's order is the refund; which payment it belongs to we put into reqReserved ourselves.
Result<void> addNumbers(Json& reading, const Fields& notice, bool is_refund)
{
    const std::string_view order = valueOf(notice, "orderId");
    if (order.empty()) {
        return rejected("the notification names no orderId");
    }
    if (!is_refund) {
        reading["number"] = order;
        return {};
    }
    const std::string_view payment = valueOf(notice, "reqReserved");
    if (payment.empty()) {
        return rejected("the refund's notification does not bring back reqReserved; the refund "
                        "query tells how it ended");
    }
    reading["number"] = payment;
    reading["refund_number"] = order;
    return {};
}

} // namespace

Result<Json> readNotice(const Account& account, const Fields& notice, std::int64_t now_ms)
{
    const std::string_view type = valueOf(notice, "txnType");
    const bool is_refund = type == "04";
    if (valueOf(notice, "merId") != account.merchant_id) {
        return rejected("the notification's merId is not this account's");
    }
    if (type != "01" && !is_refund) {
        return rejected("the notification is neither of a payment nor of a refund");
    }
    if (const auto currency = checkCurrency(notice, is_refund); !currency.ok()) {
        return currency.error();
    }
    const std::string state = stateOf(notice, is_refund);
    if (state.empty()) {
        return rejected("the notification's respCode states no outcome; the query tells");
    }
    if (const auto kind = checkKind(notice, state); !kind.ok()) {
        return kind.error();
    }
    const auto amount_minor = amountOf(notice);
    if (!amount_minor.ok()) {
        return amount_minor.error();
    }
    Json reading{{"subject", is_refund ? "refund" : "payment"},
                 {"state", state},
                 {"amount_minor", amount_minor.value()},
                 {"merchant", account.merchant_id}};
    if (!valueOf(notice, "currencyCode").empty()) {
        reading["currency"] = "CNY";
    }
    if (const auto numbers = addNumbers(reading, notice, is_refund); !numbers.ok()) {
        return numbers.error();
    }
    // Of a refund's two numbers the payment's is meant: `number` is the payment's, too.
    const auto payment_id = valueOf(notice, is_refund ? "origQryId" : "queryId");
    if (!payment_id.empty()) {
        reading["provider_number"] = payment_id;
    }
    if (const auto query_id = valueOf(notice, "queryId"); !query_id.empty()) {
        reading["notice_id"] = query_id;
    }
    const auto time = timeOf(notice, now_ms);
    if (state == "paid" && time.ok()) {
        reading["paid_at_ms"] = time.value();
    }
    return reading;
}

Json acceptance()
{
    return httpAnswer(200, "ok");
}

Json refusal()
{
    return httpAnswer(400, "fail");
}

} // namespace payment_unionpay
