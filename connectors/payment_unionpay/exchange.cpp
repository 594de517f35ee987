#include "exchange.hpp"

#include "unionpay_acp/message.hpp"
#include "unionpay_acp/signing.hpp"
#include "unionpay_acp/text.hpp"

#include <utility>

namespace payment_unionpay {

namespace {

using hub::Answer;
using hub::Error;
using hub::Result;
using unionpay::Fields;

constexpr std::string_view kSigningKey = "signing_key";
constexpr std::string_view kAlgorithm = "rsa_sha256";
constexpr std::uint32_t kHttpOk = 200;
constexpr std::int64_t kMsPerSecond = 1000;

/// What hub.http promises: nothing left. Every other code leaves the question open.
bool isCertainlyUnsent(hub_status status) noexcept
{
    return status == HUB_UNAVAILABLE || status == HUB_REJECTED || status == HUB_UNSUPPORTED;
}

Answer afterExchange(const Error& error)
{
    return isCertainlyUnsent(error.code) ? notSent(error) : unknown(error.message);
}

Answer refused(const Error& error)
{
    return {error.code, error.message, {}, 0};
}

} // namespace

Answer notSent(const Error& error)
{
    const bool may_pass = error.code == HUB_UNAVAILABLE || error.code == HUB_THROTTLED;
    return {may_pass ? error.code : HUB_INTERNAL, error.message, {}, 0};
}

Answer unknown(std::string message)
{
    return {HUB_OUTCOME_UNKNOWN, std::move(message), {}, 0};
}

Answer Exchanger::ask(hub_call_id call, const Context& context, const Operation& operation) const
{
    const auto cert_id = certId(call);
    if (!cert_id.ok()) {
        return notSent(cert_id.error());
    }
    auto fields = makeMessage(operation, context, cert_id.value());
    if (!fields.ok()) {
        return refused(fields.error());
    }
    if (const auto signed_now = sign(call, fields.value()); !signed_now.ok()) {
        return notSent(signed_now.error());
    }
    hub::HttpRequest http;
    http.url = addressOf(operation, context.account);
    http.headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"}};
    http.body = unionpay::toForm(fields.value());
    http.total_timeout_ms = context.account.http_timeout_ms;
    const auto response = host_.exchange(call, http);
    return response.ok() ? readResponse(context, operation, response.value())
                         : afterExchange(response.error());
}

/// From here on the request has left. Whatever is not a genuine answer leaves it unknown.
Answer Exchanger::readResponse(const Context& context,
                               const Operation& operation,
                               const hub::HttpResponse& response) const
{
    if (response.status != kHttpOk) {
        return unknown("the gateway answered with HTTP status " + std::to_string(response.status));
    }
    std::string_view body = response.body;
    // A line's end behind the last value belongs to nothing.
    while (body.ends_with('\n') || body.ends_with('\r')) {
        body.remove_suffix(1);
    }
    const auto answer = unionpay::fromRaw(body);
    if (!answer.ok()) {
        return unknown(answer.error().message);
    }
    const auto genuine = unionpay::checkMessage(answer.value(),
                                                context.account.anchors,
                                                context.account.rules,
                                                context.now_ms / kMsPerSecond);
    if (!genuine.ok()) {
        return unknown(genuine.error().message + "; it says " + describeUntrusted(answer.value()));
    }
    return operation.readAnswer(context, answer.value());
}

Answer Exchanger::makeForm(hub_call_id call, const Context& context) const
{
    const auto cert_id = certId(call);
    if (!cert_id.ok()) {
        return notSent(cert_id.error());
    }
    auto fields = makePageFields(context, cert_id.value());
    if (!fields.ok()) {
        return refused(fields.error());
    }
    const auto signed_now = sign(call, fields.value());
    return signed_now.ok() ? makePageAnswer(context.account, fields.value())
                           : notSent(signed_now.error());
}

Result<void> Exchanger::sign(hub_call_id call, Fields& fields) const
{
    const auto signature = host_.sign(call, kSigningKey, kAlgorithm, unionpay::rsaSignText(fields));
    if (!signature.ok()) {
        return Error{signature.error().code,
                     "the request could not be signed with signing_key: " +
                         signature.error().message};
    }
    fields.emplace_back(unionpay::kSignature, unionpay::toBase64(signature.value()));
    return {};
}

Result<std::string> Exchanger::certId(hub_call_id call) const
{
    // Asked for at every call, because a key that is replaced brings another certificate.
    const auto pem = host_.publicPart(call, kSigningKey);
    if (!pem.ok()) {
        return Error{pem.error().code, "signing_key: " + pem.error().message};
    }
    const std::lock_guard lock(guard_);
    if (const auto known = serials_.find(pem.value()); known != serials_.end()) {
        return known->second;
    }
    const auto certificate = unionpay::Certificate::parse(pem.value());
    if (!certificate.ok()) {
        return Error{HUB_INTERNAL,
                     "signing_key holds no certificate, whose serial number UnionPay wants as "
                     "certId: put key and certificate of the .pfx together"};
    }
    return serials_.emplace(pem.value(), certificate.value().serial()).first->second;
}

} // namespace payment_unionpay
