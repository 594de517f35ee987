#include "alipay/content.hpp"

#include "alipay/bill.hpp"
#include "core/clock.hpp"

#include <hub/money.hpp>

#include <algorithm>
#include <array>

namespace hub::simulator::alipay {

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;
constexpr std::int64_t kTimeoutMaxMs = 15 * kDayMs;
constexpr std::int64_t kAmountMaxMinor = 10'000'000'000; // 100000000.00 yuan
constexpr std::size_t kGoodsMax = 500;

constexpr std::string_view kBadParameter = "ACQ.INVALID_PARAMETER";

using Rule = bool (*)(const Json&);

struct MemberRule {
    const char* member;
    bool required;
    Rule holds;
};

/// Characters, not bytes.
std::size_t lengthOf(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

template <std::size_t Max>
bool isText(const Json& value)
{
    return value.is_string() && lengthOf(value.get<std::string>()) <= Max;
}

bool isNumber(const Json& value)
{
    if (!isText<64>(value)) {
        return false;
    }
    const auto text = value.get<std::string>();
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '_';
    });
}

/// A refund's number may hold more than an order's.
bool isRequestNumber(const Json& value)
{
    if (!isText<64>(value)) {
        return false;
    }
    const auto text = value.get<std::string>();
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool isTradeNumber(const Json& value)
{
    if (!isText<64>(value)) {
        return false;
    }
    const auto text = value.get<std::string>();
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isSubject(const Json& value)
{
    return isText<256>(value) && !value.get<std::string>().empty() &&
           value.get<std::string>().find_first_of("/=&") == std::string::npos;
}

bool isPositiveAmount(const Json& value)
{
    return parseAmount(value).value_or(0) > 0;
}
bool isAmount(const Json& value)
{
    return parseAmount(value).has_value();
}
bool isTimeout(const Json& value)
{
    return value.is_string() && parseTimeout(value.get<std::string>(), 0).has_value();
}
bool isTime(const Json& value)
{
    const auto at_ms =
        value.is_string() ? parseBeijingText(value.get<std::string>()) : std::nullopt;
    return at_ms && *at_ms <= realNowMs() + kTimeoutMaxMs;
}
bool isCodeProduct(const Json& value)
{
    return value == "FACE_TO_FACE_PAYMENT" || value == "OFFLINE_PAYMENT";
}
bool isWapProduct(const Json& value)
{
    return value == "QUICK_WAP_WAY";
}
bool isPageProduct(const Json& value)
{
    return value == "FAST_INSTANT_TRADE_PAY";
}
bool isQuitUrl(const Json& value)
{
    return isText<400>(value) && (value.get<std::string>().starts_with("http://") ||
                                  value.get<std::string>().starts_with("https://"));
}
bool isCodeMode(const Json& value)
{
    return value == "0" || value == "1" || value == "2" || value == "3" || value == "4";
}
bool isWholeNumber(const Json& value)
{
    return value.is_number_unsigned();
}
bool isObject(const Json& value)
{
    return value.is_object();
}
bool isTextList(const Json& value)
{
    return value.is_array() &&
           std::all_of(value.begin(), value.end(), [](const Json& one) { return one.is_string(); });
}
bool isGoodsList(const Json& value)
{
    return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& goods) {
               return goods.is_object() && goods.contains("goods_id") &&
                      goods.contains("goods_name") && goods.contains("quantity") &&
                      goods.contains("price") && isText<64>(goods["goods_id"]) &&
                      isText<256>(goods["goods_name"]) &&
                      (goods["price"].is_number() || isPositiveAmount(goods["price"])) &&
                      (goods["quantity"].is_number_integer() || goods["quantity"].is_string());
           });
}

constexpr std::array<MemberRule, 15> kOrder{{
    {"out_trade_no", true, isNumber},
    {"total_amount", true, isPositiveAmount},
    {"subject", true, isSubject},
    {"body", false, isText<128>},
    {"goods_detail", false, isGoodsList},
    {"seller_id", false, isText<28>},
    {"store_id", false, isText<32>},
    {"timeout_express", false, isTimeout},
    {"time_expire", false, isTime},
    {"enable_pay_channels", false, isText<128>},
    {"disable_pay_channels", false, isText<128>},
    {"extend_params", false, isObject},
    {"passback_params", false, isText<512>},
    {"query_options", false, isTextList},
    {"business_params", false, isObject},
}};
constexpr std::array<MemberRule, 6> kPrecreate{{
    {"product_code", false, isCodeProduct},
    {"operator_id", false, isText<28>},
    {"terminal_id", false, isText<32>},
    {"qr_code_timeout_express", false, isTimeout},
    {"discountable_amount", false, isAmount},
    {"undiscountable_amount", false, isAmount},
}};
constexpr std::array<MemberRule, 2> kWap{{
    {"product_code", true, isWapProduct},
    {"quit_url", true, isQuitUrl},
}};
constexpr std::array<MemberRule, 3> kPage{{
    {"product_code", true, isPageProduct},
    {"qr_pay_mode", false, isCodeMode},
    {"qrcode_width", false, isWholeNumber},
}};
constexpr std::array<MemberRule, 4> kAnyTrade{{
    {"out_trade_no", false, isNumber},
    {"trade_no", false, isTradeNumber},
    {"operator_id", false, isText<28>},
    {"query_options", false, isTextList},
}};
constexpr std::array<MemberRule, 3> kRefund{{
    {"refund_amount", true, isAmount},
    {"refund_reason", false, isText<256>},
    {"out_request_no", false, isRequestNumber},
}};
constexpr std::array<MemberRule, 1> kRefundQuery{{{"out_request_no", true, isRequestNumber}}};

template <typename Rules>
std::optional<Objection> firstBroken(const Rules& rules, const Json& content)
{
    for (const MemberRule& rule : rules) {
        const auto member = content.find(rule.member);
        const bool present = member != content.end() && !member->is_null();
        if (present ? !rule.holds(*member) : rule.required) {
            return Objection{std::string(kBadParameter), rule.member};
        }
    }
    return std::nullopt;
}

template <typename Rules>
std::optional<Objection> judgeOrder(const Rules& more_rules, const Json& content)
{
    if (auto broken = firstBroken(kOrder, content)) {
        return broken;
    }
    if (auto broken = firstBroken(more_rules, content)) {
        return broken;
    }
    if (content.contains("enable_pay_channels") && content.contains("disable_pay_channels")) {
        return Objection{std::string(kBadParameter), "disable_pay_channels"};
    }
    const std::int64_t total = *parseAmount(content["total_amount"]);
    const auto part = [&](const char* member) {
        return content.contains(member) ? parseAmount(content[member]).value_or(0) : 0;
    };
    if (total > kAmountMaxMinor) {
        return Objection{"ACQ.TOTAL_FEE_EXCEED", "total_amount"};
    }
    if (part("discountable_amount") > total ||
        part("undiscountable_amount") > total - part("discountable_amount")) {
        return Objection{std::string(kBadParameter), "discountable_amount"};
    }
    if (content.contains("goods_detail") && content["goods_detail"].size() > kGoodsMax) {
        return Objection{"ACQ.SUB_GOODS_SIZE_MAX_COUNT", "goods_detail"};
    }
    return std::nullopt;
}

std::optional<Objection> judgePrecreate(const Json& content)
{
    return judgeOrder(kPrecreate, content);
}
std::optional<Objection> judgeWap(const Json& content)
{
    return judgeOrder(kWap, content);
}
std::optional<Objection> judgePage(const Json& content)
{
    return judgeOrder(kPage, content);
}

std::optional<Objection> judgeTrade(const Json& content)
{
    if (textOf(content, "trade_no").empty() && textOf(content, "out_trade_no").empty()) {
        return Objection{std::string(kBadParameter), "out_trade_no"};
    }
    return firstBroken(kAnyTrade, content);
}

std::optional<Objection> judgeRefund(const Json& content)
{
    if (auto broken = judgeTrade(content)) {
        return broken;
    }
    if (auto broken = firstBroken(kRefund, content)) {
        return broken;
    }
    if (!isPositiveAmount(content["refund_amount"])) {
        return Objection{"ACQ.REASON_TRADE_REFUND_FEE_ERR", "refund_amount"};
    }
    return std::nullopt;
}

std::optional<Objection> judgeRefundQuery(const Json& content)
{
    auto broken = judgeTrade(content);
    return broken ? broken : firstBroken(kRefundQuery, content);
}

std::optional<Objection> judgeBill(const Json& content)
{
    if (textOf(content, "bill_type") != "trade") {
        return Objection{"TYPE_NOT_SUPPORTED", "bill_type"};
    }
    return isDay(textOf(content, "bill_date"))
               ? std::nullopt
               : std::optional(Objection{"INVAILID_ARGUMENTS", "bill_date"});
}

struct Method {
    std::string_view name;
    std::optional<Objection> (*judge)(const Json&);
};
constexpr std::array<Method, 9> kMethods{{
    {"alipay.trade.precreate", judgePrecreate},
    {"alipay.trade.wap.pay", judgeWap},
    {"alipay.trade.page.pay", judgePage},
    {"alipay.trade.query", judgeTrade},
    {"alipay.trade.cancel", judgeTrade},
    {"alipay.trade.close", judgeTrade},
    {"alipay.trade.refund", judgeRefund},
    {"alipay.trade.fastpay.refund.query", judgeRefundQuery},
    {"alipay.data.dataservice.bill.downloadurl.query", judgeBill},
}};

} // namespace

bool isKnownMethod(std::string_view method)
{
    return std::any_of(
        kMethods.begin(), kMethods.end(), [&](const Method& one) { return one.name == method; });
}

std::optional<Objection> judgeContent(std::string_view method, const Json& content)
{
    for (const Method& one : kMethods) {
        if (one.name == method) {
            return one.judge(content);
        }
    }
    return Objection{"isv.invalid-method", "method"};
}

std::optional<std::int64_t> parseTimeout(std::string_view text, std::int64_t from_ms)
{
    if (text == "1c") {
        return endOfBeijingDay(from_ms);
    }
    if (text.size() < 2 || text.size() > 6) {
        return std::nullopt;
    }
    std::int64_t count = 0;
    for (const char c : text.substr(0, text.size() - 1)) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        count = count * 10 + (c - '0');
    }
    const char unit = text.back();
    const std::int64_t unit_ms = unit == 'm'   ? kMinuteMs
                                 : unit == 'h' ? 60 * kMinuteMs
                                 : unit == 'd' ? kDayMs
                                               : 0;
    const std::int64_t length_ms = count * unit_ms;
    if (length_ms < kMinuteMs || length_ms > kTimeoutMaxMs) {
        return std::nullopt;
    }
    return from_ms + length_ms;
}

std::optional<std::int64_t> parseAmount(const Json& value)
{
    if (!value.is_string()) {
        return std::nullopt;
    }
    const auto money = parseDecimal(value.get<std::string>());
    return money ? std::optional(money.value().amountMinor()) : std::nullopt;
}

std::string textOf(const Json& content, const char* member)
{
    const auto found = content.find(member);
    return found != content.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string normalForm(const Json& content)
{
    // The unordered kind of JSON sorts its members.
    nlohmann::json sorted = nlohmann::json::parse(content.dump());
    sorted["total_amount"] = parseAmount(content.at("total_amount")).value_or(0);
    return sorted.dump();
}

bool asksFor(const Json& content, std::string_view option)
{
    const auto options = content.find("query_options");
    return options != content.end() && std::any_of(options->begin(),
                                                   options->end(),
                                                   [&](const Json& one) { return one == option; });
}

} // namespace hub::simulator::alipay
