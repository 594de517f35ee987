#include "wechat/content.hpp"

#include "core/clock.hpp"
#include "wechat/gateway.hpp"

#include <algorithm>
#include <charconv>

namespace hub::simulator::wechat {

namespace {

constexpr std::int64_t kMinuteMs = 60 * 1000;
constexpr std::int64_t kBeijingOffsetMs = 8 * 60 * kMinuteMs;
constexpr std::size_t kUrlMax = 255;
constexpr std::string_view kLettersAndDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Characters, not bytes.
std::size_t lengthOf(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned>(c) & 0xC0U) != 0x80U;
    }));
}

/// A text of `low` to `high` characters; an absent one only where `low` is 0.
bool isText(const Json& content, const char* member, std::size_t low, std::size_t high)
{
    if (!content.contains(member)) {
        return low == 0;
    }
    const std::string text = textOf(content, member);
    return content[member].is_string() && lengthOf(text) >= low && lengthOf(text) <= high;
}

bool isNumber(const Json& content,
              const char* member,
              std::size_t low,
              std::size_t high,
              std::string_view more)
{
    const std::string text = textOf(content, member);
    return text.size() >= low && text.size() <= high &&
           text.find_first_not_of(std::string(kLettersAndDigits) + std::string(more)) ==
               std::string::npos;
}

/// https, without a question.
bool isNotifyUrl(const Json& content, bool is_needed)
{
    if (!content.contains("notify_url")) {
        return !is_needed;
    }
    const std::string url = textOf(content, "notify_url");
    return url.starts_with("https://") && url.size() <= kUrlMax && url.size() > 8 &&
           url.find_first_of("? \t\r\n") == std::string::npos;
}

bool isAmount(const Json& content, std::initializer_list<const char*> members, bool needs_currency)
{
    if (!content.contains("amount") || !content["amount"].is_object()) {
        return false;
    }
    const Json& amount = content["amount"];
    const bool is_positive = std::all_of(members.begin(), members.end(), [&](const char* member) {
        return amountOf(content, member) > 0;
    });
    const std::string currency = textOf(amount, "currency");
    return is_positive && (currency == "CNY" || (!needs_currency && !amount.contains("currency")));
}

std::optional<int> digits(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && text.front() != '-'
               ? std::optional(value)
               : std::nullopt;
}

std::string objectionToScene(const Json& content)
{
    const Json scene = content.value("scene_info", Json::object());
    if (!scene.is_object() || textOf(scene, "payer_client_ip").empty()) {
        return "scene_info.payer_client_ip";
    }
    const Json h5 = scene.value("h5_info", Json::object());
    return h5.is_object() && !textOf(h5, "type").empty() ? "" : "scene_info.h5_info.type";
}

} // namespace

std::string textOf(const Json& content, const char* member)
{
    const auto found = content.find(member);
    return found != content.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t amountOf(const Json& content, const char* member)
{
    const Json amount = content.value("amount", Json::object());
    const auto found = amount.is_object() ? amount.find(member) : amount.end();
    return found != amount.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string objectionToOrder(const Json& content, std::string_view method)
{
    if (!isText(content, "appid", 1, 32)) {
        return "appid";
    }
    if (!isText(content, "mchid", 1, 32)) {
        return "mchid";
    }
    if (!isText(content, "description", 1, 127)) {
        return "description";
    }
    if (!isNumber(content, "out_trade_no", 6, 32, "_-|*")) {
        return "out_trade_no";
    }
    if (content.contains("time_expire") && !parseRfc3339(textOf(content, "time_expire"))) {
        return "time_expire";
    }
    if (!isText(content, "attach", 0, 128)) {
        return "attach";
    }
    if (!isNotifyUrl(content, true)) {
        return "notify_url";
    }
    if (!isAmount(content, {"total"}, false)) {
        return "amount";
    }
    if (method == kJsapi) {
        const Json payer = content.value("payer", Json::object());
        return payer.is_object() && isText(payer, "openid", 1, 128) ? "" : "payer.openid";
    }
    return method == kH5 ? objectionToScene(content) : "";
}

std::string objectionToRefund(const Json& content)
{
    if (content.contains("transaction_id") == content.contains("out_trade_no")) {
        return "transaction_id xor out_trade_no";
    }
    const char* key = content.contains("transaction_id") ? "transaction_id" : "out_trade_no";
    if (!isNumber(content, key, 6, 32, "_-|*")) {
        return key;
    }
    if (!isNumber(content, "out_refund_no", 1, 64, "_-|*@")) {
        return "out_refund_no";
    }
    if (!isText(content, "reason", 0, 80)) {
        return "reason";
    }
    if (!isNotifyUrl(content, false)) {
        return "notify_url";
    }
    if (content.contains("funds_account") && textOf(content, "funds_account") != "AVAILABLE") {
        return "funds_account";
    }
    return isAmount(content, {"refund", "total"}, true) ? "" : "amount";
}

std::string toRfc3339(std::int64_t unix_ms)
{
    std::string text = toBeijingText(unix_ms);
    text[10] = 'T';
    return text + "+08:00";
}

std::optional<std::int64_t> parseRfc3339(std::string_view text)
{
    constexpr std::size_t kLocal = 19;
    if (text.size() < kLocal + 1 || text[10] != 'T') {
        return std::nullopt;
    }
    std::string local(text.substr(0, kLocal));
    local[10] = ' ';
    const auto at_ms = parseBeijingText(local);
    const std::string_view zone = text.substr(kLocal);
    if (!at_ms) {
        return std::nullopt;
    }
    if (zone == "Z") {
        return *at_ms + kBeijingOffsetMs;
    }
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') {
        return std::nullopt;
    }
    const auto hours = digits(zone.substr(1, 2));
    const auto minutes = digits(zone.substr(4, 2));
    if (!hours || !minutes || *hours > 14 || *minutes > 59) {
        return std::nullopt;
    }
    const std::int64_t offset_ms = (*hours * 60 + *minutes) * kMinuteMs;
    return *at_ms + kBeijingOffsetMs - (zone[0] == '-' ? -offset_ms : offset_ms);
}

} // namespace hub::simulator::wechat
