// Alipay's OpenAPI gateway as a connector of the payment contract: takes a call, makes the one
// exchange it needs, answers. What the bytes mean is in protocol.cpp and notice.cpp.

#include "account.hpp"
#include "envelope.hpp"
#include "notice.hpp"
#include "protocol.hpp"

#include <hub/connector.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace alipay {
namespace {

using hub::Answer;
using hub::Result;

constexpr std::string_view kContract = "payment";
constexpr std::string_view kAppKey = "app_key";
constexpr std::string_view kProviderKey = "provider_key";
constexpr std::string_view kAlgorithm = "rsa_sha256";
constexpr std::uint32_t kHttpOk = 200;

/// Nothing has left: the request is safe to repeat once what the message names is put right.
Answer notSent(const hub::Error& error)
{
    const bool may_pass = error.code == HUB_UNAVAILABLE || error.code == HUB_THROTTLED;
    return {may_pass ? error.code : HUB_INTERNAL, error.message, {}, 0};
}

/// What hub.http promises: nothing left. Every other code leaves the question open.
bool isCertainlyUnsent(hub_status status) noexcept
{
    return status == HUB_UNAVAILABLE || status == HUB_REJECTED || status == HUB_UNSUPPORTED;
}

Answer unknown(std::string message)
{
    return {HUB_OUTCOME_UNKNOWN, std::move(message), {}, 0};
}

bool isAccepted(hub_status status) noexcept
{
    return status == HUB_OK || status == HUB_PENDING;
}

class AlipayConnector : public hub::Connector {
public:
    AlipayConnector(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
        , accounts_(parseAccounts(create_json))
    {}

    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(answer(event)); }

private:
    Answer answer(const hub::Event& event) const
    {
        if (event.type() != kContract) {
            return {HUB_UNSUPPORTED, "this connector implements the payment contract only", {}, 0};
        }
        const auto account = accounts_.find(event.account());
        if (account == accounts_.end()) {
            return {HUB_INTERNAL,
                    "account " + std::string{event.account()} +
                        " is not configured for payment_alipay",
                    {},
                    0};
        }
        const Json request = Json::parse(event.payload(), nullptr, false);
        if (!request.is_object()) {
            return {HUB_BAD_REQUEST, "the payload is no JSON object", {}, 0};
        }
        if (event.operation() == "callback") {
            return readCallback(event.callId(), account->second, request);
        }
        const Operation* operation = findOperation(event.operation());
        if (operation == nullptr) {
            return {HUB_UNSUPPORTED,
                    "payment_alipay has no operation " + std::string{event.operation()},
                    {},
                    0};
        }
        return perform(event.callId(), *operation, account->second, request);
    }

    Answer perform(hub_call_id call,
                   const Operation& operation,
                   const Account& account,
                   const Json& request) const
    {
        auto parameters = makeParameters(operation, account, request, host().nowMs());
        if (!parameters.ok()) {
            return {parameters.error().code, parameters.error().message, {}, 0};
        }
        const auto signature =
            host().sign(call, kAppKey, kAlgorithm, requestSignText(parameters.value()));
        if (!signature.ok()) {
            return notSent(
                {signature.error().code,
                 "the request could not be signed with app_key: " + signature.error().message});
        }
        parameters.value().emplace_back("sign", toBase64(signature.value()));

        hub::HttpRequest http;
        http.url = requestAddress(account);
        http.headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"}};
        http.body = toForm(parameters.value());
        http.total_timeout_ms = account.http_timeout_ms;
        const auto response = host().exchange(call, http);
        if (!response.ok()) {
            return isCertainlyUnsent(response.error().code) ? notSent(response.error())
                                                            : unknown(response.error().message);
        }
        return readResponse(call, operation, account, request, response.value());
    }

    /// From here on the request has left. Whatever is not a genuine answer leaves it unknown.
    Answer readResponse(hub_call_id call,
                        const Operation& operation,
                        const Account& account,
                        const Json& request,
                        const hub::HttpResponse& response) const
    {
        if (response.status != kHttpOk) {
            return unknown("the gateway answered with HTTP status " +
                           std::to_string(response.status));
        }
        const auto node = findSignedNode(response.body, responseNodeName(operation.method_name));
        if (!node.ok()) {
            return unknown(node.error().message);
        }
        const std::string_view source = node.value().source;
        if (node.value().signature.empty()) {
            return unknown("the answer is not signed; it says " + describeUntrusted(source));
        }
        const hub_status verified =
            host().verify(call, kProviderKey, kAlgorithm, source, node.value().signature);
        if (verified == HUB_REJECTED) {
            return unknown("the answer's signature is not provider_key's; it says " +
                           describeUntrusted(source));
        }
        if (verified != HUB_OK) {
            return unknown("the answer's signature could not be checked with provider_key");
        }
        Answer answer = readAnswer(operation, account, request, source);
        if (node.value().is_error_node && isAccepted(answer.status)) {
            return unknown("the gateway's error_response claims success");
        }
        return answer;
    }

    Answer readCallback(hub_call_id call, const Account& account, const Json& request) const
    {
        const auto body = fromBase64(request.value("body_base64", ""));
        if (request.value("method", "") != "POST" || !body.ok()) {
            return refuse("a notice is a POST with a form");
        }
        const auto notice = parseNotice(body.value());
        if (!notice.ok()) {
            return refuse(notice.error().message);
        }
        const hub_status verified = verifyNotice(call, notice.value());
        if (verified == HUB_REJECTED) {
            return refuse("the notice's signature is not provider_key's");
        }
        if (verified != HUB_OK) {
            return {HUB_UNAVAILABLE, "the notice could not be checked with provider_key", {}, 0};
        }
        const auto reading = readNotice(account, notice.value());
        if (!reading.ok()) {
            return refuse(reading.error().message);
        }
        const Json payload{
            {"ack", acceptance()}, {"nack", refusal()}, {"reading", reading.value()}};
        return {HUB_OK, {}, payload.dump(), 0};
    }

    /// Trade notices are signed without sign_type, some others with it.
    hub_status verifyNotice(hub_call_id call, const Notice& notice) const
    {
        const std::string dropped = noticeSignText(notice.parameters, SignType::Dropped);
        const hub_status status =
            host().verify(call, kProviderKey, kAlgorithm, dropped, notice.signature);
        const std::string kept = noticeSignText(notice.parameters, SignType::Kept);
        return status != HUB_REJECTED || kept == dropped
                   ? status
                   : host().verify(call, kProviderKey, kAlgorithm, kept, notice.signature);
    }

    static Answer refuse(const std::string& why)
    {
        return {HUB_REJECTED, why, Json{{"nack", refusal()}}.dump(), 0};
    }

    Accounts accounts_;
};

} // namespace
} // namespace alipay

HUB_CONNECTOR(alipay::AlipayConnector, "payment_alipay", "0.1.0")
