#include "protocol.hpp"

#include <hub/money.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace example_pay {

namespace {

using hub::Answer;
using hub::Error;

constexpr std::int64_t kWindowMs = 5 * 60 * 1000;

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

/// Amounts are decimal texts here; Money reads them digit by digit.
std::optional<std::int64_t> amountOf(const Json& object)
{
    const auto amount = hub::parseDecimal(textOf(object, "amount"));
    return amount.ok() ? std::optional{amount.value().amountMinor()} : std::nullopt;
}

bool isState(std::string_view state)
{
    return state == "waiting" || state == "paid" || state == "closed" || state == "refunded";
}

Answer readCreate(const Json& answer)
{
    const std::string qr_code = textOf(answer, "qr_code");
    if (qr_code.empty()) {
        return unknown("the answer holds no qr_code");
    }
    return {HUB_OK, {}, Json{{"product", "qr"}, {"qr_code", qr_code}}.dump(), 0};
}

Answer readQuery(const Json& request, const Json& answer)
{
    const std::string state = textOf(answer, "state");
    if (state == "not_found") {
        return {HUB_OK, {}, R"({"state":"not_found"})", 0};
    }
    const auto amount_minor = amountOf(answer);
    if (!isState(state) || !amount_minor) {
        return unknown("the answer's state or amount is not one that is documented");
    }
    if (request.contains("amount_minor") && request["amount_minor"] != *amount_minor) {
        return unknown("the answer's amount is not the one that was sent");
    }
    return {HUB_OK,
            {},
            Json{{"state", state}, {"amount_minor", *amount_minor}, {"currency", "CNY"}}.dump(),
            0};
}

} // namespace

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

bool isSame(std::string_view a, std::string_view b) noexcept
{
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    }
    return difference == 0;
}

hub::Result<std::string> fromBase64(std::string_view text)
{
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size() - padding; ++i) {
        const auto digit = kAlphabet.find(text[i]);
        if (text.size() % 4 != 0 || digit == std::string_view::npos) {
            return Error{HUB_BAD_REQUEST, "the text is no padded base64"};
        }
        group = group << 6U | static_cast<std::uint32_t>(digit);
        if (i % 4 != 0) {
            bytes += static_cast<char>(group >> (6U - 2U * static_cast<unsigned>(i % 4)) & 0xFFU);
        }
    }
    return bytes;
}

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

hub::Result<Json> makeBody(std::string_view operation, const Account& account, const Json& request)
{
    const std::string number = textOf(request, "number");
    if (number.empty()) {
        return Error{HUB_BAD_REQUEST, "\"number\" must not be empty"};
    }
    Json body{{"merchant", account.merchant}, {"number", number}};
    if (operation == "query") {
        return body;
    }
    const std::string product = textOf(request, "product");
    if (product != "qr" && product != "page") {
        return Error{HUB_UNSUPPORTED, "this connector collects by \"qr\" and \"page\" only"};
    }
    if (textOf(request, "currency") != "CNY" || !request.contains("amount_minor") ||
        !request["amount_minor"].is_number_integer() || request["amount_minor"] < 1) {
        return Error{HUB_BAD_REQUEST, "the amount must be at least one fen, in CNY"};
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

bool isCarriedByBrowser(const Json& request)
{
    return textOf(request, "product") == "page";
}

hub::Answer makeForm(const Account& account,
                     std::string_view body,
                     std::string_view timestamp,
                     std::string_view signature)
{
    const Json fields{{"request", body}, {"timestamp", timestamp}, {"signature", signature}};
    const Json form{
        {"method", "POST"}, {"url", account.base_url + "/v1/payments/page"}, {"fields", fields}};
    return {HUB_OK, {}, Json{{"product", "page"}, {"form", form}}.dump(), 0};
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
    if (textOf(answer, "result") == "refused") {
        const Json payload{{"reason", textOf(answer, "reason")}};
        return {HUB_REJECTED, "the provider refused", payload.dump(), 0};
    }
    if (textOf(answer, "result") != "ok") {
        return unknown("the answer's result is not one that is documented");
    }
    return operation == "create" ? readCreate(answer) : readQuery(request, answer);
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
    return Json{{"subject", "payment"},
                {"number", textOf(notice, "number")},
                {"state", state},
                {"amount_minor", *amount_minor},
                {"currency", "CNY"},
                {"merchant", account.merchant},
                {"notice_id", textOf(notice, "notice_id")}};
}

} // namespace example_pay
