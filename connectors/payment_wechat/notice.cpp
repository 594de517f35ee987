#include "notice.hpp"

#include "encoding.hpp"
#include "rfc3339.hpp"

#include <optional>

namespace wechat {

namespace {

using Json = nlohmann::json;
using hub::Error;
using hub::Result;

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kAssociatedBytesMax = 16;

Error badRequest(std::string message)
{
    return Error{HUB_BAD_REQUEST, std::move(message)};
}

Error rejected(std::string message)
{
    return Error{HUB_REJECTED, std::move(message)};
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Json objectOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_object() ? *found : Json::object();
}

std::string headerOf(const Json& headers, std::string_view lower_name)
{
    if (!headers.is_object()) {
        return {};
    }
    for (const auto& [name, value] : headers.items()) {
        if (toLower(name) == lower_name && value.is_string()) {
            return value.get<std::string>();
        }
    }
    return {};
}

std::optional<std::int64_t> fenOf(const Json& node, const char* name)
{
    const Json amount = objectOf(node, "amount");
    const auto found = amount.find(name);
    if (found == amount.end() || !found->is_number_integer() || *found < 1) {
        return std::nullopt;
    }
    return found->get<std::int64_t>();
}

/// The document lists the currency for payments, not for refunds: empty when none is named.
std::string currencyOf(const Json& node)
{
    const Json amount = objectOf(node, "amount");
    const auto found = amount.find("currency");
    if (found == amount.end()) {
        return {};
    }
    return found->is_string() ? found->get<std::string>() : found->dump();
}

void addText(Json& reading, const char* member, const std::string& text)
{
    if (!text.empty()) {
        reading[member] = text;
    }
}

Result<Json> readPayment(const Account& account, const Json& content)
{
    if (textOf(content, "appid") != account.appid) {
        return rejected("the notice's appid is not this account's");
    }
    if (textOf(content, "trade_state") != "SUCCESS") {
        return rejected("the notice of a payment does not state SUCCESS");
    }
    const auto total = fenOf(content, "total");
    if (!total) {
        return rejected("the notice says paid, but not how many fen");
    }
    if (currencyOf(content).empty()) {
        return rejected("the notice of a payment does not name its currency");
    }
    Json reading{{"subject", "payment"}, {"state", "paid"}, {"amount_minor", *total}};
    if (const auto time = parseRfc3339(textOf(content, "success_time")); time.ok()) {
        reading["paid_at_ms"] = time.value();
    }
    return reading;
}

/// "waiting" for what is not over: an abnormal refund waits for somebody at the merchant platform.
std::string refundStateOf(const std::string& event_type, const std::string& status)
{
    if (event_type == "REFUND.SUCCESS" && status == "SUCCESS") {
        return "succeeded";
    }
    if (event_type == "REFUND.CLOSED" && status == "CLOSED") {
        return "failed";
    }
    return event_type == "REFUND.ABNORMAL" && status == "ABNORMAL" ? "waiting" : std::string{};
}

Result<Json> readRefund(const std::string& event_type, const Json& content)
{
    const std::string state = refundStateOf(event_type, textOf(content, "refund_status"));
    const std::string number = textOf(content, "out_refund_no");
    const auto refunded = fenOf(content, "refund");
    if (state.empty() || number.empty() || !refunded) {
        return rejected("the notice of a refund is not whole: refund_status, out_refund_no or "
                        "amount.refund is missing or does not fit its event_type");
    }
    return Json{{"subject", "refund"},
                {"state", state},
                {"refund_number", number},
                {"amount_minor", *refunded}};
}

Json httpAnswer(int status, const char* code, const char* message)
{
    return {{"status", status},
            {"media_type", "application/json"},
            {"body", Json{{"code", code}, {"message", message}}.dump()}};
}

} // namespace

Result<Sealed> parseSealed(const Json& resource)
{
    if (!resource.is_object() || textOf(resource, "algorithm") != "AEAD_AES_256_GCM") {
        return badRequest("the content is not sealed by AEAD_AES_256_GCM");
    }
    auto bytes = fromBase64(textOf(resource, "ciphertext"));
    Sealed sealed{textOf(resource, "nonce"), textOf(resource, "associated_data"), {}};
    if (!bytes.ok() || bytes.value().size() < kTagBytes || sealed.nonce.size() != kNonceBytes ||
        sealed.associated_data.size() > kAssociatedBytesMax) {
        return badRequest("the sealed content's ciphertext, nonce or associated_data is none");
    }
    sealed.bytes = std::move(bytes).value();
    return sealed;
}

Proof proofOf(const Json& headers)
{
    return {headerOf(headers, "wechatpay-timestamp"),
            headerOf(headers, "wechatpay-nonce"),
            headerOf(headers, "wechatpay-serial"),
            headerOf(headers, "wechatpay-signature")};
}

bool isKnownScheme(const Json& headers)
{
    const std::string scheme = headerOf(headers, "wechatpay-signature-type");
    return scheme.empty() || scheme == kScheme;
}

Result<Notice> parseNotice(std::string_view body)
{
    const Json parsed = Json::parse(body, nullptr, false);
    if (!parsed.is_object()) {
        return badRequest("the notice is no JSON object");
    }
    auto resource = parseSealed(objectOf(parsed, "resource"));
    if (!resource.ok()) {
        return resource.error();
    }
    Notice notice{textOf(parsed, "id"), textOf(parsed, "event_type"), std::move(resource).value()};
    if (notice.id.empty() || notice.event_type.empty()) {
        return badRequest("the notice has no id or no event_type");
    }
    return notice;
}

Result<Json> readNotice(const Account& account, const Notice& notice, std::string_view content)
{
    const Json parsed = Json::parse(content, nullptr, false);
    if (!parsed.is_object()) {
        return rejected("the notice's content is no JSON object");
    }
    const std::string merchant = textOf(parsed, "mchid");
    if (merchant != account.mchid) {
        return rejected("the notice's mchid is not this account's");
    }
    const std::string number = textOf(parsed, "out_trade_no");
    if (number.empty()) {
        return rejected("the notice names no out_trade_no");
    }
    const std::string currency = currencyOf(parsed);
    if (!currency.empty() && currency != "CNY") {
        return rejected("the notice's amount.currency is not CNY");
    }
    const bool is_payment = notice.event_type == "TRANSACTION.SUCCESS";
    if (!is_payment && !notice.event_type.starts_with("REFUND.")) {
        return rejected("the notice is of another event than payments and refunds");
    }
    auto reading =
        is_payment ? readPayment(account, parsed) : readRefund(notice.event_type, parsed);
    if (!reading.ok()) {
        return reading;
    }
    reading.value().update(
        Json{{"number", number}, {"merchant", merchant}, {"notice_id", notice.id}});
    addText(reading.value(), "currency", currency);
    addText(reading.value(), "provider_number", textOf(parsed, "transaction_id"));
    return reading;
}

Json acceptance()
{
    return httpAnswer(200, "SUCCESS", "OK");
}

Json refusal()
{
    return httpAnswer(400, "FAIL", "not accepted");
}

} // namespace wechat
