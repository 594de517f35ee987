#include "unionpay/gateway.hpp"

#include "unionpay/codes.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace hub::simulator::unionpay {

namespace {

constexpr std::string_view kPrefix = "/gateway/api/";
constexpr std::string_view kFileWord = "file";

std::string_view addressOf(std::string_view path)
{
    return path.starts_with(kPrefix) ? path.substr(kPrefix.size()) : std::string_view{};
}

/// The last part of the address is the method's first word.
std::string_view addressOfMethod(std::string_view method)
{
    const std::string_view word = method.substr(0, method.find(' '));
    return word == kFileWord ? std::string_view{} : word;
}

/// Two digits or nothing, so that a method has no strange letters.
std::string typeOf(const Fields& fields)
{
    const std::string type = get(fields, "txnType");
    const bool is_number =
        type.size() == 2 && type.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? type : "??";
}

bool isForm(const HttpMessage& message)
{
    return message.method == "POST" && message.query.empty() &&
           message.content_type.starts_with("application/x-www-form-urlencoded");
}

std::optional<Answer> judgeSender(const Settings& settings, const Fields& fields)
{
    const Merchant* merchant = settings.findMerchant(fields.at("merId"));
    if (merchant == nullptr) {
        return refusal(settings.codes.at("merchant_unknown"));
    }
    const auto key = merchant->keys.find(fields.at("certId"));
    if (key == merchant->keys.end()) {
        return refusal(settings.codes.at("certificate_unknown"), "certId");
    }
    if (!verifyFields(*key->second, signedText(fields), fields.at("signature"))) {
        return refusal("11");
    }
    return merchant->blocked ? std::optional(refusal(settings.codes.at("merchant_blocked")))
                             : std::nullopt;
}

bool isTimely(const Settings& settings, const Fields& fields)
{
    const auto at_ms = parseCompactTime(fields.at("txnTime"));
    return at_ms && std::abs(realNowMs() - *at_ms) <= settings.time_tolerance_ms;
}

/// What is asked for, after it is known who asks.
std::optional<Answer> judgeContent(const Settings& settings, const Call& call)
{
    const Fields& fields = call.parameters;
    const auto& denied = settings.findMerchant(call.app)->denied;
    const Transaction* transaction = findTransaction(addressOfMethod(call.method), fields);
    if (transaction == nullptr) {
        return refusal("10", "txnType");
    }
    if (transaction->kind == Kind::Closed || fields.at("accessType") != "0" ||
        std::find(denied.begin(), denied.end(), call.method) != denied.end()) {
        return refusal("32");
    }
    if (const std::string missing = missingField(*transaction, fields); !missing.empty()) {
        return refusal("13", missing);
    }
    if (!transaction->channels.empty() &&
        !isOneOf(fields.at("channelType"), transaction->channels)) {
        return refusal("10", "channelType");
    }
    // A query names the time of the order that it asks for.
    if (transaction->kind != Kind::Query && !isTimely(settings, fields)) {
        return refusal(settings.codes.at("time"), "txnTime");
    }
    return std::nullopt;
}

std::optional<Answer> judge(const Settings& settings, const Call& call)
{
    const Fields& fields = call.parameters;
    if (const std::string missing = missingCommonField(fields); !missing.empty()) {
        return refusal("13", missing);
    }
    if (const std::string malformed = malformedField(fields); !malformed.empty()) {
        return refusal("10", malformed);
    }
    if (auto objection = judgeSender(settings, fields)) {
        return objection;
    }
    return judgeContent(settings, call);
}

} // namespace

bool isOurs(const HttpMessage& message)
{
    return message.path.starts_with(kPrefix) || (message.path == "/" && message.method == "POST");
}

Call readCall(const Settings& settings, const HttpMessage& message)
{
    Call call;
    const bool is_readable = isForm(message) && readForm(message.body, call.parameters);
    if (!is_readable) {
        call.parameters.clear();
    }
    const Fields& fields = call.parameters;
    const std::string_view address = addressOf(message.path);
    call.method = std::string(address.empty() ? kFileWord : address) + " " + typeOf(fields);
    call.number = get(fields, "orderId");
    call.app = get(fields, "merId");
    for (const auto& [name, value] : fields) {
        if (name != "signature") {
            call.content[name] = value;
        }
    }
    call.refusal = is_readable ? judge(settings, call) : std::optional(refusal("10"));
    return call;
}

const Transaction& transactionOf(const Call& call)
{
    return *findTransaction(addressOfMethod(call.method), call.parameters);
}

} // namespace hub::simulator::unionpay
