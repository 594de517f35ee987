#include "protocol.hpp"

#include <hub/money.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iterator>
#include <optional>

namespace protocol {

namespace {

using hub::Answer;
using hub::Error;

constexpr std::int64_t kWindowMs = 5 * 60 * 1000;

/// What the provider's codes mean. `operation` "*" is any; a `word` after HUB_OK is the state that
/// is answered, else the reason.
struct Outcome {
    std::string_view operation;
    std::string_view code;
    hub_status status;
    std::string_view word;
};

// The provider's documents, section "Codes". A code that is not here is unknown: the hub asks.
constexpr Outcome kOutcomes[] = {
    {"*", "OK", HUB_OK, ""},

    // That nothing is there is an answer to who asks for it, and a refusal of a refund.
    {"query", "NOT_FOUND", HUB_OK, "not_found"},
    {"close", "NOT_FOUND", HUB_OK, "not_found"},
    {"refund_query", "NOT_FOUND", HUB_OK, "not_found"},
    {"refund", "NOT_FOUND", HUB_REJECTED, "trade_not_exist"},

    // The number is known with other content or has ended: only a query tells its fate.
    {"create", "NUMBER_USED", HUB_OUTCOME_UNKNOWN, "number_used"},
    {"create", "LIMIT_EXCEEDED", HUB_REJECTED, "limit_exceeded"},
    {"close", "ALREADY_PAID", HUB_REJECTED, "already_paid"},
    {"refund", "NOT_REFUNDABLE", HUB_REJECTED, "not_refundable"},
    {"refund", "BALANCE_TOO_LOW", HUB_REJECTED, "seller_balance_not_enough"},

    // Said before anything is booked.
    {"*", "MALFORMED", HUB_BAD_REQUEST, "malformed"},
    {"*", "SIGNATURE_WRONG", HUB_UNAUTHENTICATED, "signature_wrong"},
    {"*", "TIMESTAMP_WRONG", HUB_UNAUTHENTICATED, "timestamp_wrong"},
};

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The request may have been executed: only a query tells. Never "refused".
Answer unknown(std::string message)
{
    return {HUB_OUTCOME_UNKNOWN, std::move(message), {}, 0};
}

Answer succeeded(const Json& payload)
{
    return {HUB_OK, {}, payload.dump(), 0};
}

const Outcome* findOutcome(std::string_view operation, std::string_view code)
{
    const auto* const found =
        std::find_if(std::begin(kOutcomes), std::end(kOutcomes), [&](const Outcome& one) {
            return one.code == code && (one.operation == "*" || one.operation == operation);
        });
    return found == std::end(kOutcomes) ? nullptr : found;
}

/// Amounts are decimal texts here; Money reads them digit by digit.
std::optional<std::int64_t> amountOf(const Json& object)
{
    const auto amount = hub::parseDecimal(textOf(object, "amount"));
    return amount.ok() ? std::optional{amount.value().amountMinor()} : std::nullopt;
}

/// False when the request names an amount and the answer another one or none.
bool isAmountSent(const Json& request, const Json& answer)
{
    const auto amount_minor = amountOf(answer);
    return !request.contains("amount_minor") ||
           (amount_minor && request["amount_minor"] == *amount_minor);
}

bool isState(std::string_view state)
{
    return state == "waiting" || state == "paid" || state == "closed" || state == "refunded";
}

/// Copies what the provider may or may not say of a payment.
void addDetails(Json& payload, const Json& source)
{
    if (const std::string number = textOf(source, "provider_number"); !number.empty()) {
        payload["provider_number"] = number;
    }
    const auto paid_at = source.find("paid_at_ms");
    if (paid_at != source.end() && paid_at->is_number_integer()) {
        payload["paid_at_ms"] = *paid_at;
    }
}

Answer readCreate(const Json& answer)
{
    const std::string qr_code = textOf(answer, "qr_code");
    if (qr_code.empty()) {
        return unknown("the answer holds no qr_code");
    }
    return succeeded({{"product", "qr"}, {"qr_code", qr_code}});
}

Answer readQuery(const Json& request, const Json& answer)
{
    const std::string state = textOf(answer, "state");
    const auto amount_minor = amountOf(answer);
    if (!isState(state) || !amount_minor) {
        return unknown("the answer's state or amount is not one that is documented");
    }
    if (!isAmountSent(request, answer)) {
        return unknown("the answer's amount is not the one that was sent");
    }
    Json payload{{"state", state}, {"amount_minor", *amount_minor}, {"currency", "CNY"}};
    addDetails(payload, answer);
    return succeeded(payload);
}

Answer readClose(const Json& answer)
{
    return textOf(answer, "state") == "closed" ? succeeded({{"state", "closed"}})
                                               : unknown("the answer does not say that it closed");
}

/// Of `refund` and `refund_query`. A refund that is under way is pending to the one, a state to the
/// other.
Answer readRefund(std::string_view operation, const Json& request, const Json& answer)
{
    const std::string state = textOf(answer, "state");
    const auto amount_minor = amountOf(answer);
    if (textOf(answer, "refund_number") != textOf(request, "refund_number") || !amount_minor ||
        !isAmountSent(request, answer)) {
        return unknown("the answer's refund is not the one that was asked for");
    }
    const Json payload{{"state", state}, {"amount_minor", *amount_minor}};
    if (state == "processing" && operation == "refund") {
        return {HUB_PENDING, "the provider is still at it", payload.dump(), 0};
    }
    if (state == "succeeded" || state == "failed" || state == "processing") {
        return succeeded(payload);
    }
    return unknown("the answer's state is not one that is documented");
}

bool isWholeFen(const Json& request)
{
    return textOf(request, "currency") == "CNY" && request.contains("amount_minor") &&
           request["amount_minor"].is_number_integer() && request["amount_minor"] >= 1;
}

Error badAmount()
{
    return Error{HUB_BAD_REQUEST, "the amount must be at least one fen, in CNY"};
}

/// Completes the body of `create`.
hub::Result<Json> addOrder(Json body, const Account& account, const Json& request)
{
    const std::string product = textOf(request, "product");
    if (product != "qr" && product != "page") {
        return Error{HUB_UNSUPPORTED, "this connector collects by \"qr\" and \"page\" only"};
    }
    if (!isWholeFen(request)) {
        return badAmount();
    }
    body["amount"] = hub::toDecimal({request["amount_minor"].get<std::int64_t>(), "CNY"});
    body["subject"] = textOf(request, "subject");
    body["expires_at_ms"] = request.value("expires_at_ms", std::int64_t{0});
    body["notify_url"] = account.callback_url;
    if (product == "page") {
        body["return_url"] = textOf(request, "return_url"); // where the payer goes, not the money
    }
    return body;
}

/// Completes the body of `refund`.
hub::Result<Json> addRefund(Json body, const Json& request)
{
    if (!isWholeFen(request)) {
        return badAmount();
    }
    body["amount"] = hub::toDecimal({request["amount_minor"].get<std::int64_t>(), "CNY"});
    body["reason"] = textOf(request, "reason");
    return body;
}

} // namespace

std::string signedText(std::string_view timestamp, std::string_view body)
{
    return std::string{timestamp} + "\n" + std::string{body};
}

bool isTimely(std::string_view timestamp, std::int64_t now_ms)
{
    std::int64_t seconds = 0;
    const char* end = timestamp.data() + timestamp.size();
    const auto parsed = std::from_chars(timestamp.data(), end, seconds);
    return parsed.ec == std::errc{} && parsed.ptr == end && timestamp.size() <= 12 &&
           std::abs(seconds * 1000 - now_ms) <= kWindowMs;
}

std::string urlOf(const Account& account, std::string_view operation)
{
    return account.base_url + "/v1/payments/" + std::string{operation};
}

hub::Result<Json> makeBody(std::string_view operation, const Account& account, const Json& request)
{
    if (operation != "create" && operation != "query" && operation != "close" &&
        operation != "refund" && operation != "refund_query") {
        return Error{HUB_UNSUPPORTED, "no such operation: " + std::string{operation}};
    }
    const std::string number = textOf(request, "number");
    if (number.empty()) {
        return Error{HUB_BAD_REQUEST, "\"number\" must not be empty"};
    }
    Json body{{"merchant", account.merchant}, {"number", number}};
    if (operation == "create") {
        return addOrder(std::move(body), account, request);
    }
    if (operation == "query" || operation == "close") {
        return body;
    }
    body["refund_number"] = textOf(request, "refund_number");
    if (body["refund_number"].get_ref<const std::string&>().empty()) {
        return Error{HUB_BAD_REQUEST, "\"refund_number\" must not be empty"};
    }
    return operation == "refund" ? addRefund(std::move(body), request) : hub::Result<Json>{body};
}

bool isCarriedByBrowser(std::string_view operation, const Json& request)
{
    return operation == "create" && textOf(request, "product") == "page";
}

hub::Answer makeForm(const Account& account,
                     std::string_view body,
                     std::string_view timestamp,
                     std::string_view signature)
{
    const Json fields{{"request", body}, {"timestamp", timestamp}, {"signature", signature}};
    const Json form{{"method", "POST"}, {"url", urlOf(account, "page")}, {"fields", fields}};
    return succeeded({{"product", "page"}, {"form", form}});
}

hub::Answer readAnswer(std::string_view operation, const Json& request, std::string_view body)
{
    const Json answer = Json::parse(body, nullptr, false);
    if (!answer.is_object()) {
        return unknown("the answer is no JSON object");
    }
    if (textOf(answer, "number") != textOf(request, "number")) {
        return unknown("the answer's number is not the one that was sent");
    }
    const std::string code = textOf(answer, "code");
    const Outcome* const outcome = findOutcome(operation, code);
    if (outcome == nullptr) {
        return unknown("the answer's code is not one that is documented");
    }
    if (outcome->status != HUB_OK) {
        return {outcome->status,
                "the provider said " + code,
                Json{{"reason", outcome->word}}.dump(),
                0};
    }
    if (!outcome->word.empty()) {
        return succeeded({{"state", outcome->word}});
    }
    if (operation == "create") {
        return readCreate(answer);
    }
    if (operation == "query") {
        return readQuery(request, answer);
    }
    return operation == "close" ? readClose(answer) : readRefund(operation, request, answer);
}

hub::Result<Json> readCallback(const Account& account, std::string_view body)
{
    const Json notice = Json::parse(body, nullptr, false);
    if (!notice.is_object() || textOf(notice, "merchant") != account.merchant) {
        return Error{HUB_REJECTED, "the callback is not this merchant's"};
    }
    const std::string state = textOf(notice, "state");
    const auto amount_minor = amountOf(notice);
    if (textOf(notice, "number").empty() || !isState(state) || !amount_minor) {
        return Error{HUB_REJECTED, "the callback states no payment"};
    }
    Json reading{{"subject", "payment"},
                 {"number", textOf(notice, "number")},
                 {"state", state},
                 {"amount_minor", *amount_minor},
                 {"currency", "CNY"},
                 {"merchant", account.merchant},
                 {"notice_id", textOf(notice, "notice_id")}};
    addDetails(reading, notice);
    return reading;
}

} // namespace protocol
