#include "licence/gateway.hpp"

#include "core/clock.hpp"
#include "licence/codes.hpp"
#include "licence/picture.hpp"
#include "licence/signature.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace hub::simulator::licence {

namespace {

constexpr std::string_view kPath = "/v1/licences/read";
constexpr std::string_view kQuery = "kind=";
constexpr std::array<std::string_view, 4> kKinds{"business_licence",
                                                 "institution_certificate",
                                                 "social_organization_certificate",
                                                 "organ_certificate"};

bool isOf(std::string_view text, std::string_view characters)
{
    return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kWord = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Ten digits are enough until the year 2286.
bool isTimestamp(std::string_view text)
{
    return isOf(text, kDigits) && text.size() <= 10;
}

bool isNonce(std::string_view text)
{
    return isOf(text, kWord) && text.size() >= 16 && text.size() <= 64;
}

bool isSignature(std::string_view text)
{
    return isOf(text, kHex) && text.size() == 64;
}

} // namespace

bool isOurs(const HttpMessage& message)
{
    return message.path == "/v1/licences" || message.path.starts_with("/v1/licences/");
}

Call Gateway::read(const HttpMessage& message) const
{
    Call call;
    call.method = "read";
    call.number = sha256Hex(message.body);
    call.app = headerOf(message.headers, "X-Licence-Key");
    call.parameters[kNonce] = headerOf(message.headers, "X-Licence-Nonce");
    call.refusal = judge(message, call);
    // What exchanges are remembered with names nobody.
    call.content = {{"bytes", message.body.size()}, {"type", message.content_type}};
    return call;
}

std::optional<Answer> Gateway::judge(const HttpMessage& message, Call& call) const
{
    if (message.path != kPath) {
        return refusal("PATH_UNKNOWN");
    }
    if (message.method != "POST") {
        return refusal("METHOD_NOT_ALLOWED");
    }
    const std::string timestamp = headerOf(message.headers, "X-Licence-Timestamp");
    const std::string signature = headerOf(message.headers, "X-Licence-Signature");
    const std::string& nonce = call.parameters[kNonce];
    if (call.app.empty() || timestamp.empty() || nonce.empty() || signature.empty()) {
        return refusal("HEADER_MISSING");
    }
    if (!isTimestamp(timestamp) || !isNonce(nonce) || !isSignature(signature)) {
        return refusal("HEADER_MALFORMED");
    }
    const Account* account = settings_.findAccount(call.app);
    if (account == nullptr) {
        return refusal("KEY_UNKNOWN");
    }
    if (!isSameText(requestSignature(message, timestamp, nonce, account->secret), signature)) {
        return refusal("SIGNATURE_WRONG");
    }
    if (auto objection = judgeTime(timestamp)) {
        return objection;
    }
    if (auto objection = judgeNonce(call)) {
        return objection;
    }
    if (account->state != "normal") {
        return refusal(account->state == "empty" ? "BALANCE_EMPTY" : "KEY_SUSPENDED");
    }
    return judgePicture(message, call);
}

std::optional<Answer> Gateway::judgeTime(const std::string& timestamp) const
{
    const std::int64_t at_ms = std::stoll(timestamp) * 1000;
    return std::abs(realNowMs() - at_ms) > settings_.timestamp_tolerance_ms
               ? std::optional(refusal("TIMESTAMP_OUT_OF_WINDOW"))
               : std::nullopt;
}

/// Only of what is genuine: nobody else can use a nonce up.
std::optional<Answer> Gateway::judgeNonce(const Call& call) const
{
    const std::int64_t now_ms = realNowMs();
    const std::lock_guard lock(guard_);
    std::erase_if(nonces_, [&](const auto& one) { return one.second < now_ms; });
    const bool is_new = nonces_
                            .emplace(call.app + " " + call.parameters.at(kNonce),
                                     now_ms + 2 * settings_.timestamp_tolerance_ms)
                            .second;
    return is_new ? std::nullopt : std::optional(refusal("NONCE_USED"));
}

std::optional<Answer> Gateway::judgePicture(const HttpMessage& message, Call& call) const
{
    if (!message.query.starts_with(kQuery) || message.query.find('&') != std::string::npos) {
        return refusal("QUERY_MALFORMED");
    }
    const std::string kind = message.query.substr(kQuery.size());
    if (std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end()) {
        return refusal("KIND_UNKNOWN");
    }
    if (message.content_type != kJpeg && message.content_type != kPng) {
        return refusal("MEDIA_TYPE_UNSUPPORTED");
    }
    // What begins like neither is unreadable, which is a result and no refusal.
    const std::string_view actual = mediaTypeOf(message.body);
    if (!actual.empty() && actual != message.content_type) {
        return refusal("MEDIA_TYPE_MISMATCH");
    }
    if (message.body.size() > settings_.picture_bytes_max) {
        return refusal("PICTURE_TOO_LARGE");
    }
    call.parameters[kKind] = kind;
    call.parameters[kPicture] = message.body;
    return std::nullopt;
}

} // namespace hub::simulator::licence
