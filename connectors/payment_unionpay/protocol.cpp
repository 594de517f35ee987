#include "protocol.hpp"

#include "outcome_table.hpp"
#include "unionpay_acp/beijing_time.hpp"

#include <algorithm>
#include <optional>

namespace payment_unionpay {

namespace {

using hub::Answer;
using hub::Error;
using hub::Result;
using unionpay::Fields;
using unionpay::valueOf;

constexpr std::string_view kBackPath = "/gateway/api/backTransReq.do";
constexpr std::string_view kFrontPath = "/gateway/api/frontTransReq.do";
constexpr std::string_view kQueryPath = "/gateway/api/queryTrans.do";
constexpr std::string_view kBusinessNone = "000000";
constexpr std::string_view kCurrency = "156";
constexpr std::int64_t kAmountMinorMax = 999'999'999'999; // twelve digits
constexpr std::int64_t kHourMs = 3600 * 1000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
// Clocks differ, and a payment that began in time may end a little later.
constexpr std::int64_t kEndMarginMs = 5 * 60 * 1000;
constexpr std::uint32_t kThrottledRetryMs = 2000;

Answer succeeded(const Json& payload)
{
    return {HUB_OK, {}, payload.dump(), 0};
}

Answer unknown(std::string message)
{
    return {HUB_OUTCOME_UNKNOWN, std::move(message), {}, 0};
}

Error badRequest(std::string message)
{
    return Error{HUB_BAD_REQUEST, std::move(message)};
}

std::optional<std::int64_t> integerOf(const Json& request, const char* name)
{
    const auto found = request.find(name);
    return found != request.end() && found->is_number_integer()
               ? std::optional{found->get<std::int64_t>()}
               : std::nullopt;
}

std::string textOf(const Json& request, const char* name)
{
    const auto found = request.find(name);
    return found != request.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// 8 to 40 letters and digits: no - and no _.
bool isOrderId(std::string_view text)
{
    return text.size() >= 8 && text.size() <= 40 &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           });
}

/// txnTime: the frozen time of what the message is about, so that a repetition is the same.
Result<std::string> timeOf(const Json& request, const char* name)
{
    const auto time_ms = integerOf(request, name);
    return time_ms ? unionpay::toBeijingTime(*time_ms)
                   : Result<std::string>{badRequest("\"" + std::string{name} + "\" is missing")};
}

/// The fields that name an order: ours is (merId, orderId, txnTime).
Result<Fields> orderFields(const Json& request, const char* number, const char* time)
{
    const std::string order = textOf(request, number);
    if (!isOrderId(order)) {
        return badRequest("\"" + std::string{number} + "\" must be 8 to 40 letters and digits");
    }
    const auto at = timeOf(request, time);
    if (!at.ok()) {
        return at.error();
    }
    return Fields{{"orderId", order}, {"txnTime", at.value()}};
}

Result<std::string> amountOf(const Json& request)
{
    if (textOf(request, "currency") != "CNY") {
        return badRequest("this provider takes \"currency\" CNY only");
    }
    const auto amount_minor = integerOf(request, "amount_minor");
    if (!amount_minor || *amount_minor < 1 || *amount_minor > kAmountMinorMax) {
        return badRequest("\"amount_minor\" must be from 1 to 999999999999");
    }
    return std::to_string(*amount_minor);
}

void append(Fields& fields, const Fields& more)
{
    fields.insert(fields.end(), more.begin(), more.end());
}

Fields kindFields(std::string_view type, std::string_view sub_type, std::string_view business)
{
    return {{"txnType", std::string{type}},
            {"txnSubType", std::string{sub_type}},
            {"bizType", std::string{business}}};
}

/// The order, its amount and where to report.
Result<Fields> paymentFields(const Context& context)
{
    auto fields = orderFields(context.request, "number", "created_at_ms");
    const auto amount = amountOf(context.request);
    if (!fields.ok() || !amount.ok()) {
        return fields.ok() ? amount.error() : fields.error();
    }
    fields.value().emplace_back("txnAmt", amount.value());
    fields.value().emplace_back("currencyCode", kCurrency);
    fields.value().emplace_back("backUrl", context.account.callback_url);
    return fields;
}

/// When the order can't be paid any more; never later than the account's order_life_minutes.
Result<std::string> payTimeout(const Context& context)
{
    const auto created_ms = integerOf(context.request, "created_at_ms");
    const auto expires_ms = integerOf(context.request, "expires_at_ms");
    if (!created_ms || !expires_ms) {
        return badRequest("\"created_at_ms\" and \"expires_at_ms\" must be there");
    }
    return unionpay::toBeijingTime(
        std::min(*expires_ms, *created_ms + context.account.order_life_ms));
}

Result<Fields> makeApply(const Context& context)
{
    auto payment = paymentFields(context);
    const auto end = payTimeout(context);
    if (!payment.ok() || !end.ok()) {
        return payment.ok() ? end.error() : payment.error();
    }
    Fields fields = kindFields("01", "07", kBusinessNone);
    fields.emplace_back("channelType", "08");
    append(fields, payment.value());
    if (context.account.qr_states_end) {
        fields.emplace_back("payTimeout", end.value());
    }
    return fields;
}

/// Of every product: the document's query has one bizType, whatever the order's own.
Result<Fields> makeQuery(const Context& context)
{
    const auto order = orderFields(context.request, "number", "created_at_ms");
    if (!order.ok()) {
        return order;
    }
    Fields fields = kindFields("00", "00", kBusinessNone);
    append(fields, order.value());
    return fields;
}

/// A refund bears the bizType of its payment. For pages of B2B no document settles that, so the
/// account may say another; a code's is always the same.
std::string_view refundBusiness(const Context& context)
{
    const std::string product = textOf(context.request, "product");
    const Account& account = context.account;
    if (product == "qr") {
        return kBusinessNone;
    }
    if (!account.refund_business.empty()) {
        return account.refund_business;
    }
    return product == "page" ? std::string_view{account.page_business} : kBusinessNone;
}

Result<Fields> makeRefund(const Context& context)
{
    const Json& request = context.request;
    auto refund = orderFields(request, "refund_number", "refund_created_at_ms");
    const auto original = orderFields(request, "number", "created_at_ms");
    const auto amount = amountOf(request);
    if (!refund.ok() || !original.ok()) {
        return refund.ok() ? original : refund;
    }
    if (!amount.ok()) {
        return amount.error();
    }
    const std::string_view business = refundBusiness(context);
    Fields fields = kindFields("04", "00", business);
    fields.emplace_back("channelType", business == kBusinessNone ? "08" : "07");
    append(fields, refund.value());
    fields.emplace_back("txnAmt", amount.value());
    fields.emplace_back("backUrl", context.account.callback_url);
    const std::string query_id = textOf(request, "provider_number");
    if (!query_id.empty()) {
        fields.emplace_back("origQryId", query_id);
    } else if (business == kBusinessNone) {
        fields.emplace_back("origOrderId", valueOf(original.value(), "orderId"));
        fields.emplace_back("origTxnTime", valueOf(original.value(), "txnTime"));
    } else {
        return badRequest("a refund of bizType " + std::string{business} +
                          " needs \"provider_number\"");
    }
    // Comes back in the notification and in the bill, which name the refund alone.
    fields.emplace_back("reqReserved", valueOf(original.value(), "orderId"));
    return fields;
}

Result<Fields> makeRefundQuery(const Context& context)
{
    const auto order = orderFields(context.request, "refund_number", "refund_created_at_ms");
    if (!order.ok()) {
        return order;
    }
    Fields fields = kindFields("00", "00", kBusinessNone);
    append(fields, order.value());
    return fields;
}

Result<Fields> makeBill(const Context& context)
{
    if (textOf(context.request, "kind") != "trades") {
        return Error{HUB_UNSUPPORTED, "this connector fetches bills of \"trades\" only"};
    }
    const auto end = endOfDay(context.request);
    const auto now = unionpay::toBeijingTime(context.now_ms);
    if (!end.ok() || !now.ok()) {
        return end.ok() ? now.error() : end.error();
    }
    const std::string date = textOf(context.request, "date");
    Fields fields = kindFields("76", "01", kBusinessNone);
    fields.emplace_back("txnTime", now.value());
    fields.emplace_back("settleDate", date.substr(5, 2) + date.substr(8, 2));
    fields.emplace_back("fileType", "00");
    return fields;
}

/// Codes are shown to operators and kept: nothing but code characters, of bounded length.
std::string codeOf(const Fields& answer, std::string_view name)
{
    const std::string_view code = valueOf(answer, name);
    const bool is_clean = code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) {
                              return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                          });
    return is_clean ? std::string{code} : std::string{};
}

/// What a code means for the question that was asked.
struct Verdict {
    const OutcomeRule& outcome;
    const unionpay::CodeRule& rule;
    std::string code;
};

Verdict judge(Question question, const Fields& answer, std::string_view name)
{
    std::string code = codeOf(answer, name);
    const unionpay::CodeRule& rule = unionpay::findCode(code);
    return {findOutcome(question, rule.meaning), rule, std::move(code)};
}

Answer failure(const Verdict& verdict, std::string_view field)
{
    Answer answer;
    answer.status = verdict.outcome.status;
    answer.message = "answered with " + std::string{field} + " " +
                     (verdict.code.empty() ? "that is none" : verdict.code);
    Json payload{{"reason", verdict.rule.word}, {"code", verdict.code}};
    if (verdict.outcome.is_retriable) {
        payload["retriable"] = true;
    }
    answer.payload = payload.dump();
    answer.retry_after_ms = answer.status == HUB_THROTTLED ? kThrottledRetryMs : 0;
    return answer;
}

/// An answer that is genuine but speaks of something else.
std::optional<Answer> findMismatch(const Context& context, const Fields& answer, const Fields& sent)
{
    if (valueOf(answer, "merId") != context.account.merchant_id) {
        return unknown("the answer's merId is not this account's");
    }
    for (const std::string_view name : {"orderId", "txnTime"}) {
        if (valueOf(answer, name) != valueOf(sent, name)) {
            return unknown("the answer's " + std::string{name} + " is not the one that was sent");
        }
    }
    return std::nullopt;
}

/// The amount in fen; nothing when it is no amount.
std::optional<std::int64_t> amountIn(const Fields& answer)
{
    const std::string_view text = valueOf(answer, "txnAmt");
    if (text.empty() || text.size() > 12 ||
        text.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t amount_minor = 0;
    for (const char c : text) {
        amount_minor = amount_minor * 10 + (c - '0');
    }
    return amount_minor;
}

Answer readApply(const Context& context, const Fields& answer)
{
    const auto sent = orderFields(context.request, "number", "created_at_ms");
    const Verdict verdict = judge(Question::Apply, answer, "respCode");
    if (auto mismatch = findMismatch(context, answer, sent.value())) {
        return *mismatch;
    }
    if (verdict.outcome.status != HUB_OK) {
        return failure(verdict, "respCode");
    }
    const std::string_view code = valueOf(answer, "qrCode");
    if (code.empty()) {
        return unknown("the answer holds no qrCode");
    }
    return succeeded(
        {{"product", "qr"}, {"qr_code", code}, {"merchant", context.account.merchant_id}});
}

/// True when the answer names one. It need not: vectors of orders that wait have none.
bool isOtherCurrency(const Fields& answer)
{
    const auto differs = [&answer](std::string_view name) {
        const std::string_view currency = valueOf(answer, name);
        return !currency.empty() && currency != kCurrency;
    };
    return differs("currencyCode") || differs("settleCurrencyCode");
}

/// The state of the order that a query names, with what the answer adds.
Answer
readOriginal(const Context& context, const Fields& answer, const Fields& sent, bool is_refund)
{
    if (auto mismatch = findMismatch(context, answer, sent)) {
        return *mismatch;
    }
    const Verdict query = judge(Question::Query, answer, "respCode");
    if (query.outcome.status != HUB_OK) {
        return failure(query, "respCode");
    }
    if (query.outcome.word == "not_found") {
        return succeeded({{"state", "not_found"}});
    }
    const Verdict original =
        judge(is_refund ? Question::RefundState : Question::PaymentState, answer, "origRespCode");
    if (original.outcome.status != HUB_OK) {
        return failure(original, "origRespCode");
    }
    if (valueOf(answer, "txnType") != (is_refund ? "04" : "01")) {
        return unknown("the answer's txnType is not that of what was asked for");
    }
    Json payload{{"state", original.outcome.word}};
    const auto amount_minor = amountIn(answer);
    const auto expected_minor = integerOf(context.request, "amount_minor");
    const bool has_moved = original.rule.meaning == unionpay::Meaning::Success;
    if ((has_moved && !amount_minor) ||
        (amount_minor && expected_minor && *amount_minor != *expected_minor)) {
        return unknown("the answer's txnAmt is not the one that was sent");
    }
    if (isOtherCurrency(answer)) {
        return unknown("the answer's currencyCode or settleCurrencyCode is not 156");
    }
    if (amount_minor) {
        payload["amount_minor"] = *amount_minor;
    }
    if (const auto query_id = valueOf(answer, "queryId"); !query_id.empty()) {
        payload[is_refund ? "provider_refund_number" : "provider_number"] = query_id;
    }
    const auto time =
        unionpay::parseBeijingTimeBefore(valueOf(answer, "traceTime"), context.now_ms + kDayMs);
    if (has_moved && time.ok()) {
        payload[is_refund ? "refunded_at_ms" : "paid_at_ms"] = time.value();
    }
    return {HUB_OK, {}, payload.dump(), 0};
}

/// Whether the order's life, which the account limits, is over for certain.
bool isLifeOver(const Context& context)
{
    const auto created_ms = integerOf(context.request, "created_at_ms");
    return created_ms &&
           context.now_ms >= *created_ms + context.account.order_life_ms + kEndMarginMs;
}

/// True when the provider itself works on the order just now.
bool isUnderWay(const Fields& answer)
{
    return unionpay::findCode(codeOf(answer, "origRespCode")).meaning == unionpay::Meaning::Pending;
}

/// A code that was applied for without payTimeout lives on after the caller's expiry, unknown to
/// the provider until somebody scans it. Forms of pages always name their end.
bool canStillBePaid(const Context& context)
{
    return !context.account.qr_states_end && textOf(context.request, "product") != "page" &&
           !isLifeOver(context);
}

Answer readQuery(const Context& context, const Fields& answer)
{
    const auto sent = orderFields(context.request, "number", "created_at_ms");
    Answer read = readOriginal(context, answer, sent.value(), false);
    if (read.status != HUB_OK) {
        return read;
    }
    Json payload = Json::parse(read.payload);
    if (payload["state"] == "not_found") {
        return canStillBePaid(context) ? succeeded({{"state", "waiting"}}) : read;
    }
    if (payload["state"] == "waiting" && !isUnderWay(answer) && isLifeOver(context)) {
        payload["state"] = "closed";
    }
    payload["currency"] = "CNY";
    payload["merchant"] = context.account.merchant_id;
    return succeeded(payload);
}

/// UnionPay ends an order by its payTimeout alone, so closing is looking whether that has come.
Answer readClose(const Context& context, const Fields& answer)
{
    const Answer read = readQuery(context, answer);
    if (read.status != HUB_OK) {
        return read;
    }
    const std::string state = Json::parse(read.payload).value("state", "");
    if (state == "paid") {
        return {HUB_REJECTED, "the order was paid", R"({"reason":"already_paid"})", 0};
    }
    if (state == "waiting" && isUnderWay(answer)) {
        return {HUB_REJECTED, "the order is being paid", R"({"reason":"in_progress"})", 0};
    }
    return succeeded({{"state", isLifeOver(context) ? "closed" : "not_found"}});
}

Answer readRefund(const Context& context, const Fields& answer)
{
    const auto sent = orderFields(context.request, "refund_number", "refund_created_at_ms");
    if (auto mismatch = findMismatch(context, answer, sent.value())) {
        return *mismatch;
    }
    const Verdict verdict = judge(Question::Refund, answer, "respCode");
    if (verdict.outcome.status != HUB_PENDING) {
        return failure(verdict, "respCode");
    }
    Json payload{{"state", verdict.outcome.word}};
    if (const auto query_id = valueOf(answer, "queryId"); !query_id.empty()) {
        payload["provider_refund_number"] = query_id;
    }
    return {HUB_PENDING, "the refund was taken", payload.dump(), 0};
}

Answer readRefundQuery(const Context& context, const Fields& answer)
{
    const auto sent = orderFields(context.request, "refund_number", "refund_created_at_ms");
    return readOriginal(context, answer, sent.value(), true);
}

Answer readBill(const Context& context, const Fields& answer)
{
    const Verdict verdict = judge(Question::Bill, answer, "respCode");
    if (verdict.outcome.status != HUB_OK) {
        return failure(verdict, "respCode");
    }
    if (valueOf(answer, "merId") != context.account.merchant_id) {
        return unknown("the answer's merId is not this account's");
    }
    if (verdict.outcome.word == "empty") {
        return succeeded({{"state", mayBillStillCome(context) ? "not_yet" : "empty"}});
    }
    const std::string date = textOf(context.request, "date");
    const std::string_view day = valueOf(answer, "settleDate");
    if (!day.empty() && day != date.substr(5, 2) + date.substr(8, 2)) {
        return unknown("the answer's settleDate is not the day that was asked for");
    }
    const std::string_view content = valueOf(answer, "fileContent");
    return content.empty() ? unknown("the answer holds no fileContent")
                           : succeeded({{"state", "ready"}, {kFileContent, content}});
}

constexpr Operation kOperations[] = {
    {"create", kBackPath, makeApply, readApply},
    {"query", kQueryPath, makeQuery, readQuery},
    {"close", kQueryPath, makeQuery, readClose},
    {"refund", kBackPath, makeRefund, readRefund},
    {"refund_query", kQueryPath, makeRefundQuery, readRefundQuery},
    {"bill", "", makeBill, readBill},
};

/// What every message has, its own fields, and the certificate that it is signed with.
Fields complete(const Account& account, const Fields& own, const std::string& cert_id)
{
    Fields fields{{"version", "5.1.0"},
                  {"encoding", "UTF-8"},
                  {"signMethod", "01"},
                  {"accessType", "0"},
                  {"merId", account.merchant_id}};
    append(fields, own);
    fields.emplace_back("certId", cert_id);
    return unionpay::trimmed(fields);
}

} // namespace

const Operation* findOperation(std::string_view name)
{
    const auto* found =
        std::find_if(std::begin(kOperations),
                     std::end(kOperations),
                     [name](const Operation& operation) { return operation.name == name; });
    return found == std::end(kOperations) ? nullptr : found;
}

Result<Fields>
makeMessage(const Operation& operation, const Context& context, const std::string& cert_id)
{
    const auto own = operation.makeFields(context);
    return own.ok() ? Result<Fields>{complete(context.account, own.value(), cert_id)} : own;
}

std::string addressOf(const Operation& operation, const Account& account)
{
    return operation.path.empty() ? account.file_url
                                  : account.gateway_url + std::string{operation.path};
}

Result<Fields> makePageFields(const Context& context, const std::string& cert_id)
{
    auto payment = paymentFields(context);
    const auto end = payTimeout(context);
    if (!payment.ok() || !end.ok()) {
        return payment.ok() ? end.error() : payment.error();
    }
    const std::string return_url = textOf(context.request, "return_url");
    if (return_url.empty()) {
        return badRequest("product page needs \"return_url\"");
    }
    Fields fields = kindFields("01", "01", context.account.page_business);
    fields.emplace_back("channelType", "07");
    append(fields, payment.value());
    fields.emplace_back("frontUrl", return_url);
    fields.emplace_back("payTimeout", end.value());
    return complete(context.account, fields, cert_id);
}

Answer makePageAnswer(const Account& account, const Fields& signed_fields)
{
    Json fields = Json::object();
    for (const auto& [name, value] : signed_fields) {
        fields[name] = value;
    }
    return succeeded({{"product", "page"},
                      {"form",
                       {{"method", "POST"},
                        {"url", account.gateway_url + std::string{kFrontPath}},
                        {"fields", fields}}},
                      {"merchant", account.merchant_id}});
}

std::string describeUntrusted(const Fields& answer)
{
    const std::string code = codeOf(answer, "respCode");
    return code.empty() ? "no respCode" : "respCode " + code;
}

Result<std::int64_t> endOfDay(const Json& request)
{
    std::string date = textOf(request, "date");
    if (date.size() != 10 || date[4] != '-' || date[7] != '-') {
        return badRequest("\"date\" must be a day like 2026-11-21");
    }
    std::erase(date, '-');
    const auto start = unionpay::parseBeijingTime(date + "000000");
    return start.ok() ? Result<std::int64_t>{start.value() + kDayMs}
                      : Result<std::int64_t>{badRequest("\"date\" must be a day like 2026-11-21")};
}

bool isBillDayOpen(const Json& request, std::int64_t now_ms)
{
    const auto end = endOfDay(request);
    return end.ok() && now_ms < end.value();
}

bool mayBillStillCome(const Context& context)
{
    const auto end = endOfDay(context.request);
    return end.ok() && context.now_ms < end.value() + context.account.bill_ready_hour * kHourMs;
}

} // namespace payment_unionpay
