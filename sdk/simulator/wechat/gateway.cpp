#include "wechat/gateway.hpp"

#include "wechat/codes.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <utility>

namespace hub::simulator::wechat {

namespace {

constexpr std::string_view kScheme = "WECHATPAY2-SHA256-RSA2048";
constexpr std::size_t kNonceMax = 32;
constexpr std::size_t kShownMax = 512;
constexpr std::array<std::string_view, 16> kRoutes{kNative,
                                                   kJsapi,
                                                   kH5,
                                                   kQuery,
                                                   kQueryById,
                                                   kClose,
                                                   kRefund,
                                                   kRefundQuery,
                                                   kCertificates,
                                                   kTradeBill,
                                                   kFundflowBill,
                                                   kDownload,
                                                   kAuthorize,
                                                   kAccessToken,
                                                   kH5Page,
                                                   kBridge};

using Texts = std::map<std::string, std::string>;

/// Cuts off what stands before the next slash.
std::string_view nextPart(std::string_view& path)
{
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    return part;
}

/// Whether the address fits the route; what stands for {name} goes into `parts`.
bool fits(std::string_view route, std::string_view address, Texts& parts)
{
    while (!route.empty() && !address.empty()) {
        const std::string_view wanted = nextPart(route);
        const std::string_view given = nextPart(address);
        if (wanted.starts_with('{') && !given.empty()) {
            std::string decoded;
            Poco::URI::decode(std::string(given), decoded);
            parts[std::string(wanted.substr(1, wanted.size() - 2))] = decoded;
        } else if (wanted != given) {
            return false;
        }
    }
    return route.empty() && address.empty();
}

/// Throws Poco::SyntaxException when the coding is broken.
void readAddress(const HttpMessage& message, Call& call)
{
    const std::string address = message.method + " " + message.path;
    for (const std::string_view route : kRoutes) {
        Texts parts;
        if (fits(route, address, parts)) {
            call.method = route;
            call.parameters = std::move(parts);
        }
    }
    Poco::URI uri;
    uri.setRawQuery(message.query);
    for (const auto& [name, value] : uri.getQueryParameters()) {
        call.parameters.emplace(name, value);
    }
}

std::optional<std::int64_t> parseSeconds(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value > 0
               ? std::optional(value)
               : std::nullopt;
}

/// What is wrong with the header's pairs apart from the signature; empty when nothing is.
std::string_view objectionTo(const Settings& settings, const Merchant& merchant, const Texts& pairs)
{
    if (pairs.at("serial_no") != merchant.serial) {
        return "商户证书序列号有误";
    }
    const auto at_s = parseSeconds(pairs.at("timestamp"));
    if (!at_s || std::abs(realNowMs() - *at_s * 1000) > settings.timestamp_tolerance_ms) {
        return "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟";
    }
    const std::string& nonce = pairs.at("nonce_str");
    return nonce.empty() || nonce.size() > kNonceMax ? "Http头Authorization中的nonce_str有误" : "";
}

Answer badSignature(const HttpMessage& message, const std::string& text)
{
    Answer answer = refusal("SIGN_ERROR", "签名验证失败");
    answer.fields["detail"] = {{"detail", {{"issue", "sign not match"}}},
                               {"field", "signature"},
                               {"location", "authorization"},
                               {"sign_information",
                                {{"method", message.method},
                                 {"url", message.target()},
                                 {"truncated_sign_message", text.substr(0, kShownMax)},
                                 {"sign_message_length", text.size()}}}};
    return answer;
}

std::optional<Answer> judgeSender(const Settings& settings, const HttpMessage& message, Call& call)
{
    const Texts pairs = readAuthorization(headerOf(message.headers, "Authorization"));
    for (const char* name : {"mchid", "serial_no", "nonce_str", "timestamp", "signature"}) {
        if (!pairs.contains(name)) {
            return refusal("SIGN_ERROR", "Http头Authorization不符合要求");
        }
    }
    call.app = pairs.at("mchid");
    const Merchant* merchant = settings.findMerchant(call.app);
    if (merchant == nullptr) {
        return refusal("MCH_NOT_EXISTS");
    }
    if (const auto objection = objectionTo(settings, *merchant, pairs); !objection.empty()) {
        return refusal("SIGN_ERROR", objection);
    }
    const std::string text = message.method + "\n" + message.target() + "\n" +
                             pairs.at("timestamp") + "\n" + pairs.at("nonce_str") + "\n" +
                             message.body + "\n";
    if (!verifyRsa2(*merchant->public_key, text, pairs.at("signature"))) {
        return badSignature(message, text);
    }
    const auto& denied = merchant->denied;
    if (std::find(denied.begin(), denied.end(), call.method) != denied.end()) {
        return refusal("NO_AUTH");
    }
    return std::nullopt;
}

bool needsSignature(std::string_view method)
{
    return method != kAuthorize && method != kAccessToken && method != kH5Page && method != kBridge;
}

std::optional<Answer> judge(const Settings& settings, const HttpMessage& message, Call& call)
{
    if (call.method.empty()) {
        return refusal("RESOURCE_NOT_EXISTS", message.method + " " + message.path);
    }
    if (!needsSignature(call.method)) {
        return std::nullopt;
    }
    for (const std::string& name : settings.required_headers) {
        if (headerOf(message.headers, name).empty()) {
            return refusal("PARAM_ERROR", "Http头缺少" + name);
        }
    }
    if (message.method == "POST" && !message.content_type.starts_with("application/json")) {
        return refusal("PARAM_ERROR", "Content-Type必须是application/json");
    }
    if (auto objection = judgeSender(settings, message, call)) {
        return objection;
    }
    if (message.method == "POST" && !call.content.is_object()) {
        return refusal("PARAM_ERROR", "请求体必须是JSON对象");
    }
    return std::nullopt;
}

} // namespace

bool isOurs(const HttpMessage& message)
{
    return message.path.starts_with("/v3/") || message.path.starts_with("/sns/") ||
           message.path.starts_with("/connect/oauth2/") ||
           message.path.starts_with("/cgi-bin/mmpayweb-bin/") ||
           message.path.starts_with("/simulated/wechat/");
}

std::map<std::string, std::string> readAuthorization(std::string_view header)
{
    Texts pairs;
    if (!header.starts_with(kScheme) || header.substr(kScheme.size(), 1) != " ") {
        return {};
    }
    header.remove_prefix(kScheme.size() + 1);
    while (!header.empty()) {
        const std::size_t equals = header.find("=\"");
        const std::size_t end =
            equals == std::string_view::npos ? equals : header.find('"', equals + 2);
        if (end == std::string_view::npos) {
            return {};
        }
        std::string_view name = header.substr(0, equals);
        name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
        const bool is_fresh =
            pairs.emplace(name, header.substr(equals + 2, end - equals - 2)).second;
        header.remove_prefix(end + 1);
        if (!is_fresh || (!header.empty() && header.front() != ',')) {
            return {};
        }
        header.remove_prefix(std::min<std::size_t>(header.size(), 1));
    }
    return pairs;
}

Call readCall(const Settings& settings, const HttpMessage& message)
{
    Call call;
    try {
        readAddress(message, call);
    } catch (const Poco::SyntaxException&) {
        call.refusal = refusal("PARAM_ERROR", "请求地址编码有误");
        return call;
    }
    call.content = Json::parse(message.body, nullptr, false);
    call.number = call.parameters["out_trade_no"];
    if (call.content.is_object() && call.content.contains("out_trade_no") &&
        call.content["out_trade_no"].is_string()) {
        call.number = call.content["out_trade_no"].get<std::string>();
    }
    call.parameters["wechatpay-serial"] = headerOf(message.headers, "Wechatpay-Serial");
    call.refusal = judge(settings, message, call);
    if (call.content.is_discarded()) {
        call.content = Json::object();
    }
    return call;
}

} // namespace hub::simulator::wechat
