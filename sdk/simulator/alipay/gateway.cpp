#include "alipay/gateway.hpp"

#include "alipay/codes.hpp"
#include "alipay/content.hpp"

#include <Poco/Exception.h>
#include <Poco/TextIterator.h>
#include <Poco/URI.h>
#include <Poco/UTF8Encoding.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hub::simulator::alipay {

namespace {

constexpr std::size_t kUrlMax = 256;
constexpr std::size_t kAppIdMax = 32;

std::string get(const Parameters& parameters, const std::string& name)
{
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string{} : found->second;
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
    });
    return text;
}

/// What is absent, in the order in which the gateway asks for it.
std::string_view missingSubCode(const Parameters& parameters)
{
    constexpr std::array<std::pair<const char*, std::string_view>, 6> kRequired{{
        {"method", "isv.missing-method"},
        {"app_id", "isv.missing-app-id"},
        {"sign_type", "isv.missing-signature-type"},
        {"sign", "isv.missing-signature"},
        {"timestamp", "isv.missing-timestamp"},
        {"version", "isv.missing-version"},
    }};
    for (const auto& [name, sub_code] : kRequired) {
        if (get(parameters, name).empty()) {
            return sub_code;
        }
    }
    return {};
}

bool isTimely(const Settings& settings, const std::string& timestamp)
{
    const auto at_ms = parseBeijingText(timestamp);
    return at_ms && std::abs(realNowMs() - *at_ms) <= settings.timestamp_tolerance_ms;
}

bool isWebAddress(const std::string& url)
{
    const bool shaped = url.size() <= kUrlMax &&
                        (url.starts_with("http://") || url.starts_with("https://")) &&
                        url.find_first_of(" \t\r\n") == std::string::npos;
    try {
        return shaped && !Poco::URI(url).getHost().empty();
    } catch (const Poco::SyntaxException&) {
        return false;
    }
}

/// The first wrong value among the public parameters; empty when all are right.
std::string_view invalidSubCode(const Settings& settings, const Parameters& parameters)
{
    const std::string charset = lower(get(parameters, "charset"));
    const std::string format = lower(get(parameters, "format"));
    const auto isBadAddress = [&](const char* name) {
        const std::string url = get(parameters, name);
        return !url.empty() && !isWebAddress(url);
    };
    if (!isKnownMethod(get(parameters, "method"))) {
        return "isv.invalid-method";
    }
    if (get(parameters, "app_id").size() > kAppIdMax ||
        settings.findApp(get(parameters, "app_id")) == nullptr) {
        return "isv.invalid-app-id";
    }
    if (get(parameters, "sign_type") != "RSA2") {
        return "isv.invalid-signature-type";
    }
    // Without the parameter Alipay assumes GBK, which this side doesn't speak.
    if (charset != "utf-8" && charset != "utf8") {
        return "isv.invalid-charset";
    }
    if (!format.empty() && format != "json") {
        return "isv.invalid-format";
    }
    if (!isTimely(settings, get(parameters, "timestamp"))) {
        return "isv.invalid-timestamp";
    }
    if (get(parameters, "version") != "1.0" || !get(parameters, "encrypt_type").empty() ||
        isBadAddress("notify_url") || isBadAddress("return_url")) {
        return "isv.invalid-parameter";
    }
    return {};
}

/// What is wrong with the certificates that a request names, or with naming none.
std::string_view certificateSubCode(const Settings& settings, const Parameters& parameters)
{
    const App& app = *settings.findApp(get(parameters, "app_id"));
    const std::string number = get(parameters, "app_cert_sn");
    const std::string root = get(parameters, "alipay_root_cert_sn");
    if (number.empty()) {
        return app.needs_certificates || !root.empty() ? "isv.missing-app-cert-sn" : "";
    }
    if (number != app.certificate_number) {
        return "isv.app-cert-not-exist";
    }
    if (root.empty()) {
        return "isv.missing-alipay-root-cert-sn";
    }
    return root == settings.root_number ? "" : "isv.invalid-alipay-root-cert-sn";
}

Answer unsignedRefusal(std::string_view sub_code)
{
    // Who calls is not established, so there is no method's node and nobody to sign for.
    Answer answer = refusal("", sub_code);
    answer.is_signed = false;
    return answer;
}

/// Throws Poco::SyntaxException when the coding is broken.
std::string decode(std::string_view text)
{
    // Poco takes a plus for a space only after a question mark.
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    std::string decoded;
    Poco::URI::decode(spaced, decoded);
    return decoded;
}

bool hasBadUtf8(const std::string& text)
{
    const Poco::UTF8Encoding encoding;
    const auto* at = reinterpret_cast<const unsigned char*>(text.data());
    const auto* end = at + text.size();
    while (at < end) {
        const int size = encoding.sequenceLength(at, static_cast<int>(end - at));
        if (size < 1 || size > end - at || encoding.queryConvert(at, size) < 0 ||
            !Poco::UTF8Encoding::isLegal(at, size)) {
            return true;
        }
        at += size;
    }
    return false;
}

} // namespace

std::string signedText(const Parameters& parameters,
                       std::initializer_list<std::string_view> excluded)
{
    std::string text;
    for (const auto& [name, value] : parameters) {
        if (value.empty() || std::find(excluded.begin(), excluded.end(), name) != excluded.end()) {
            continue;
        }
        text += (text.empty() ? "" : "&") + name + "=" + value;
    }
    return text;
}

bool readForm(std::string_view text, Parameters& into)
{
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (pair.empty()) {
            continue;
        }
        std::string name;
        std::string value;
        try {
            name = decode(pair.substr(0, equals));
            if (equals != std::string_view::npos) {
                value = decode(pair.substr(equals + 1));
            }
        } catch (const Poco::SyntaxException&) {
            return false;
        }
        const auto [known, fresh] = into.emplace(name, value);
        if (hasBadUtf8(name) || hasBadUtf8(value) || (!fresh && known->second != value)) {
            return false;
        }
    }
    return true;
}

std::string toForm(const Parameters& parameters)
{
    std::string form;
    for (const auto& [name, value] : parameters) {
        std::string encoded;
        // Everything but letters, digits and "-_.~"; Poco leaves these reserved ones alone.
        Poco::URI::encode(value, "!#$&'()*+,/:;=?@[]", encoded);
        form += (form.empty() ? "" : "&") + name + "=" + encoded;
    }
    return form;
}

Call readCall(const Settings& settings, const HttpMessage& message)
{
    Call call;
    Parameters& parameters = call.parameters;
    if (!readForm(message.query, parameters) || !readForm(message.body, parameters)) {
        call.refusal = unsignedRefusal("isv.invalid-parameter");
        return call;
    }
    call.method = get(parameters, "method");
    call.app = get(parameters, "app_id");
    call.content = Json::parse(get(parameters, "biz_content"), nullptr, false);
    const bool has_content = call.content.is_object();
    if (call.content.is_discarded()) {
        call.content = Json::object(); // what is no JSON can't be shown as such
    }
    if (call.content.is_object() && call.content.contains("out_trade_no") &&
        call.content["out_trade_no"].is_string()) {
        call.number = call.content["out_trade_no"].get<std::string>();
    }

    if (const auto sub_code = missingSubCode(parameters); !sub_code.empty()) {
        call.refusal = unsignedRefusal(sub_code);
        return call;
    }
    if (const auto sub_code = invalidSubCode(settings, parameters); !sub_code.empty()) {
        call.refusal = unsignedRefusal(sub_code);
        return call;
    }
    if (const auto sub_code = certificateSubCode(settings, parameters); !sub_code.empty()) {
        call.refusal = unsignedRefusal(sub_code);
        return call;
    }
    const App& app = *settings.findApp(call.app);
    const std::string text = signedText(parameters, {"sign"});
    if (!verifyRsa2(*app.public_key, text, get(parameters, "sign"))) {
        call.refusal =
            refusal(call.method, "isv.invalid-signature", "网关生成的验签字符串为：" + text);
    } else if (std::find(app.methods_denied.begin(), app.methods_denied.end(), call.method) !=
               app.methods_denied.end()) {
        call.refusal = refusal(call.method, "isv.insufficient-isv-permissions");
    } else if (!has_content) {
        call.refusal = refusal(call.method, "isv.invalid-parameter", "biz_content必须是JSON对象");
    }
    return call;
}

} // namespace hub::simulator::alipay
