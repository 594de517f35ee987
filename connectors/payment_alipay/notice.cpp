#include "notice.hpp"

#include "beijing_time.hpp"

#include <hub/money.hpp>

#include <algorithm>

namespace alipay {

namespace {

using Json = nlohmann::json;
using hub::Error;
using hub::Result;

Error rejected(std::string message)
{
    return Error{HUB_REJECTED, std::move(message)};
}

bool isNameCharacter(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// "…&name=…" inside a value.
bool holdsParameter(std::string_view value) noexcept
{
    for (auto at = value.find('&'); at != std::string_view::npos; at = value.find('&', at + 1)) {
        const auto name = value.begin() + static_cast<std::ptrdiff_t>(at) + 1;
        const auto end = std::find_if_not(name, value.end(), isNameCharacter);
        if (end != name && end != value.end() && *end == '=') {
            return true;
        }
    }
    return false;
}

/// The signed text joins raw values by "&", so one signature covers every way to cut it into
/// parameters: a genuine "…&refund_fee=1.00" could hide inside the value before it.
bool hasOneReading(const Parameters& parameters)
{
    return std::all_of(parameters.begin(), parameters.end(), [](const auto& parameter) {
        const auto& [name, value] = parameter;
        return !name.empty() && std::all_of(name.begin(), name.end(), isNameCharacter) &&
               !holdsParameter(value);
    });
}

std::string stateOf(const Parameters& parameters)
{
    const std::string_view status = valueOf(parameters, "trade_status");
    if (status == "WAIT_BUYER_PAY") {
        return "waiting";
    }
    if (status == "TRADE_SUCCESS" || status == "TRADE_FINISHED") {
        return "paid";
    }
    if (status != "TRADE_CLOSED") {
        return {};
    }
    const bool gave_back =
        !valueOf(parameters, "gmt_refund").empty() || !valueOf(parameters, "refund_fee").empty();
    return gave_back ? "refunded" : "closed";
}

/// Adds `member` when the parameter is there; false when it is no amount.
bool addAmount(Json& reading, const char* member, std::string_view text)
{
    if (text.empty()) {
        return true;
    }
    const auto amount = hub::parseDecimal(text);
    if (amount.ok()) {
        reading[member] = amount.value().amountMinor();
    }
    return amount.ok();
}

void addText(Json& reading, const char* member, std::string_view text)
{
    if (!text.empty()) {
        reading[member] = std::string{text};
    }
}

Json httpAnswer(int status, const char* body)
{
    return {{"status", status}, {"media_type", "text/plain"}, {"body", body}};
}

} // namespace

Result<Notice> parseNotice(std::string_view form_body)
{
    auto parameters = fromForm(form_body);
    if (!parameters.ok()) {
        return parameters.error();
    }
    const std::string_view sign_type = valueOf(parameters.value(), "sign_type");
    if (!sign_type.empty() && sign_type != "RSA2") {
        return Error{HUB_BAD_REQUEST, "the notice's sign_type is not RSA2"};
    }
    auto signature = fromBase64(valueOf(parameters.value(), "sign"));
    if (!signature.ok() || signature.value().empty()) {
        return Error{HUB_BAD_REQUEST, "the notice bears no signature in base64"};
    }
    return Notice{std::move(parameters).value(), std::move(signature).value()};
}

Result<Json> readNotice(const Account& account, const Notice& notice)
{
    const Parameters& parameters = notice.parameters;
    if (!hasOneReading(parameters)) {
        return rejected("the notice's signed text can be cut into parameters in two ways");
    }
    if (valueOf(parameters, "app_id") != account.app_id) {
        return rejected("the notice's app_id is not this account's");
    }
    const std::string_view seller = valueOf(parameters, "seller_id");
    if (seller != account.seller_id) {
        return rejected("the notice's seller_id is not this account's");
    }
    const std::string_view number = valueOf(parameters, "out_trade_no");
    const std::string state = stateOf(parameters);
    if (number.empty() || state.empty()) {
        return rejected(
            "the notice states no trade: out_trade_no or a documented trade_status is missing");
    }
    Json reading{{"subject", "payment"},
                 {"number", std::string{number}},
                 {"state", state},
                 {"currency", "CNY"},
                 {"merchant", std::string{seller}}};
    if (!addAmount(reading, "amount_minor", valueOf(parameters, "total_amount")) ||
        !addAmount(reading, "refunded_minor", valueOf(parameters, "refund_fee"))) {
        return rejected("the notice's total_amount or refund_fee is no amount");
    }
    if (state == "paid" && !reading.contains("amount_minor")) {
        return rejected("the notice says paid, but not how much");
    }
    addText(reading, "provider_number", valueOf(parameters, "trade_no"));
    addText(reading, "notice_id", valueOf(parameters, "notify_id"));
    if (reading.contains("refunded_minor")) {
        addText(reading, "refund_number", valueOf(parameters, "out_biz_no"));
    }
    if (const auto time = parseBeijingTime(valueOf(parameters, "gmt_payment")); time.ok()) {
        reading["paid_at_ms"] = time.value();
    }
    return reading;
}

Json acceptance()
{
    return httpAnswer(200, "success");
}

Json refusal()
{
    return httpAnswer(400, "fail");
}

} // namespace alipay
