#include "aliyun/gateway.hpp"

#include "aliyun/codes.hpp"
#include "aliyun/signature.hpp"
#include "core/clock.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <utility>

namespace hub::simulator::aliyun {

namespace {

constexpr std::string_view kScheme = "ACS3-HMAC-SHA256";
constexpr std::string_view kVersion = "2017-05-25";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

/// Adds the pairs of a query or form. False when its coding is broken or a name comes twice.
bool addPairs(const std::string& text, Texts& pairs)
{
    try {
        Poco::URI uri;
        uri.setRawQuery(text);
        for (const auto& [name, value] : uri.getQueryParameters()) {
            if (!pairs.emplace(name, value).second) {
                return false;
            }
        }
    } catch (const Poco::SyntaxException&) {
        return false;
    }
    return true;
}

std::string get(const Texts& texts, const std::string& name)
{
    const auto found = texts.find(name);
    return found == texts.end() ? std::string{} : found->second;
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return text;
}

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

/// "scheme name=value,name=value"; empty when it is not of that form.
Texts readAuthorization(const std::string& header)
{
    Texts pairs;
    const auto blank = header.find(' ');
    if (blank == std::string::npos || header.substr(0, blank) != kScheme) {
        return pairs;
    }
    for (const std::string& pair : split(header.substr(blank + 1), ',')) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos) {
            return {};
        }
        pairs[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    return pairs;
}

/// "2026-11-21T02:40:00Z", which is UTC.
std::optional<std::int64_t> parseUtc(const std::string& text)
{
    constexpr std::int64_t kBeijingMs = 8LL * 3600 * 1000;
    if (text.size() != 20 || text[10] != 'T' || text[19] != 'Z') {
        return std::nullopt;
    }
    const auto local_ms = parseBeijingText(text.substr(0, 10) + " " + text.substr(11, 8));
    return local_ms ? std::optional(*local_ms + kBeijingMs) : std::nullopt;
}

/// The names that must be signed: the host and all of the provider's own headers.
bool signsEnough(const HttpMessage& message, const std::vector<std::string>& names)
{
    const auto is_signed = [&](const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    return is_signed("host") && std::is_sorted(names.begin(), names.end()) &&
           std::all_of(message.headers.begin(), message.headers.end(), [&](const auto& header) {
               const std::string name = lower(header.first);
               return !name.starts_with("x-acs-") || is_signed(name);
           });
}

} // namespace

bool isOurs(const HttpMessage& message)
{
    const bool has_header =
        std::any_of(message.headers.begin(), message.headers.end(), [](const auto& header) {
            return lower(header.first).starts_with("x-acs-") ||
                   (lower(header.first) == "authorization" && header.second.starts_with("ACS"));
        });
    const auto names = [](const std::string& text) {
        return text.find("AccessKeyId=") != std::string::npos ||
               text.find("SignatureMethod=") != std::string::npos;
    };
    return message.path == "/" && (has_header || names(message.query) || names(message.body));
}

Call Gateway::read(const HttpMessage& message) const
{
    Call call;
    const bool is_form = message.content_type.starts_with(kForm);
    const bool is_readable = addPairs(message.query, call.parameters) &&
                             (!is_form || addPairs(message.body, call.parameters));
    const std::string action = headerOf(message.headers, "x-acs-action");
    call.method = action.empty() ? get(call.parameters, "Action") : action;
    if (call.method == kSend) {
        call.number = get(call.parameters, "OutId");
    }
    call.refusal = is_readable ? judge(message, call) : refusal("IncompleteSignature");
    // What exchanges are remembered with names no phone and no variable.
    call.content = {{"action", call.method}, {"sender", call.app}};
    return call;
}

std::optional<Answer> Gateway::judge(const HttpMessage& message, Call& call) const
{
    if (message.method != "POST" && message.method != "GET") {
        return refusal("UnsupportedHTTPMethod");
    }
    const bool is_rpc = call.parameters.contains("SignatureMethod");
    if (auto objection = is_rpc ? judgeRpc(message, call) : judgeAcs3(message, call)) {
        return objection;
    }
    const std::string version =
        is_rpc ? get(call.parameters, "Version") : headerOf(message.headers, "x-acs-version");
    if (version != kVersion) {
        return refusal("InvalidVersion");
    }
    if (call.method != kSend && call.method != kQuery) {
        return refusal("InvalidAction.NotFound");
    }
    return std::nullopt;
}

std::optional<Answer> Gateway::judgeTime(const std::string& text) const
{
    const auto at_ms = parseUtc(text);
    if (!at_ms) {
        return refusal("InvalidTimeStamp.Format");
    }
    return std::abs(realNowMs() - *at_ms) > settings_.timestamp_tolerance_ms
               ? std::optional(refusal("InvalidTimeStamp.Expired"))
               : std::nullopt;
}

/// Only of what is genuine: nobody else can use a nonce up.
std::optional<Answer> Gateway::judgeNonce(const std::string& access_key_id,
                                          const std::string& nonce) const
{
    if (nonce.empty()) {
        return refusal("IncompleteSignature");
    }
    const std::int64_t now_ms = realNowMs();
    const std::lock_guard lock(guard_);
    std::erase_if(nonces_, [&](const auto& one) { return one.second < now_ms; });
    const bool is_new =
        nonces_.emplace(access_key_id + " " + nonce, now_ms + 2 * settings_.timestamp_tolerance_ms)
            .second;
    return is_new ? std::nullopt : std::optional(refusal("SignatureNonceUsed"));
}

std::optional<Answer> Gateway::judgeAcs3(const HttpMessage& message, Call& call) const
{
    const Texts pairs = readAuthorization(headerOf(message.headers, "Authorization"));
    const auto names = split(get(pairs, "SignedHeaders"), ';');
    if (get(pairs, "Signature").empty() || get(pairs, "Credential").empty() ||
        !signsEnough(message, names)) {
        return refusal("IncompleteSignature");
    }
    call.app = get(pairs, "Credential");
    if (auto objection = judgeTime(headerOf(message.headers, "x-acs-date"))) {
        return objection;
    }
    const Account* account = settings_.findAccount(call.app);
    if (account == nullptr) {
        return refusal("InvalidAccessKeyId.NotFound");
    }
    Texts query;
    addPairs(message.query, query);
    const bool is_genuine =
        headerOf(message.headers, "x-acs-content-sha256") == sha256Hex(message.body) &&
        isSameText(acs3Signature(message, query, names, account->access_key_secret),
                   get(pairs, "Signature"));
    return is_genuine ? judgeNonce(call.app, headerOf(message.headers, "x-acs-signature-nonce"))
                      : std::optional(refusal("SignatureDoesNotMatch"));
}

std::optional<Answer> Gateway::judgeRpc(const HttpMessage& message, Call& call) const
{
    const Texts& given = call.parameters;
    if (get(given, "SignatureMethod") != "HMAC-SHA1" || get(given, "SignatureVersion") != "1.0" ||
        get(given, "Signature").empty()) {
        return refusal("IncompleteSignature");
    }
    call.app = get(given, "AccessKeyId");
    if (auto objection = judgeTime(get(given, "Timestamp"))) {
        return objection;
    }
    const Account* account = settings_.findAccount(call.app);
    if (account == nullptr) {
        return refusal("InvalidAccessKeyId.NotFound");
    }
    const bool is_genuine = isSameText(
        rpcSignature(message.method, given, account->access_key_secret), get(given, "Signature"));
    return is_genuine ? judgeNonce(call.app, get(given, "SignatureNonce"))
                      : std::optional(refusal("SignatureDoesNotMatch"));
}

} // namespace hub::simulator::aliyun
