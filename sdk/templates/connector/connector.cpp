// The connector: takes a call, makes the one exchange it needs or signs the form that the payer's
// browser carries, answers. What the bytes mean is in protocol.cpp.

#include "encoding.hpp"
#include "protocol.hpp"

#include <hub/connector.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace {

using hub::Answer;
using protocol::Account;
using protocol::Json;

constexpr std::string_view kKey = "api_key"; // as the manifest names it
constexpr std::string_view kAlgorithm = "hmac_sha256";

class PaymentExample : public hub::Connector {
public:
    /// `create_json` has passed the manifest's schemas. What they can't say is checked here; an
    /// exception refuses the library with that sentence.
    PaymentExample(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
    {
        const Json root = Json::parse(create_json);
        for (const auto& [name, entry] : root.at("accounts").items()) {
            const Json& config = entry.at("config");
            accounts_[name] = {
                config.at("merchant"), config.at("base_url"), entry.value("callback_url", "")};
        }
    }

    /// Called on several threads at once. A Reply that is dropped, also by an exception, answers
    /// "unknown" by itself.
    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(answer(event)); }

private:
    Answer answer(const hub::Event& event) const
    {
        const auto account = accounts_.find(event.account());
        const Json request = Json::parse(event.payload(), nullptr, false);
        if (account == accounts_.end() || !request.is_object()) {
            return {HUB_BAD_REQUEST, "the account or the payload is not what was agreed on", {}, 0};
        }
        return event.operation() == "callback" ? callback(event.callId(), account->second, request)
                                               : perform(event, account->second, request);
    }

    Answer perform(const hub::Event& event, const Account& account, const Json& request) const
    {
        const auto body = protocol::makeBody(event.operation(), account, request);
        if (!body.ok()) {
            return {body.error().code, body.error().message, {}, 0};
        }
        const std::string text = body.value().dump();
        const std::string timestamp = std::to_string(host().nowMs() / 1000);
        const auto signature = sign(event.callId(), timestamp, text);
        if (!signature.ok()) {
            return {HUB_INTERNAL, signature.error().message, {}, 0}; // nothing has left
        }
        if (protocol::isCarriedByBrowser(event.operation(), request)) {
            // No exchange, and none is allowed: the answer is the request. Once it is given out, it
            // counts as sent; a query or a callback tells how it ended.
            return protocol::makeForm(account, text, timestamp, signature.value());
        }
        hub::HttpRequest http;
        http.url = protocol::urlOf(account, event.operation());
        http.headers = {{"Content-Type", "application/json"},
                        {"X-Timestamp", timestamp},
                        {"X-Signature", signature.value()}};
        http.body = text;
        return send(event, request, http);
    }

    Answer send(const hub::Event& event, const Json& request, const hub::HttpRequest& http) const
    {
        const auto response = host().exchange(event.callId(), http);
        if (!response.ok()) {
            // UNAVAILABLE promises that nothing left, OUTCOME_UNKNOWN that it may have; REJECTED
            // means that the manifest does not allow the host.
            const bool is_allowed = response.error().code != HUB_REJECTED;
            return {
                is_allowed ? response.error().code : HUB_INTERNAL, response.error().message, {}, 0};
        }
        return readResponse(event, request, response.value());
    }

    /// The request has left: without a genuine answer its outcome is unknown, never refused.
    Answer readResponse(const hub::Event& event,
                        const Json& request,
                        const hub::HttpResponse& response) const
    {
        const std::string_view timestamp = response.header("x-timestamp");
        const auto expected = sign(event.callId(), timestamp, response.body);
        if (response.status != 200 || !expected.ok() ||
            !protocol::isSame(expected.value(), response.header("x-signature")) ||
            !protocol::isTimely(timestamp, host().nowMs())) {
            return {HUB_OUTCOME_UNKNOWN, "the answer is not genuine or not HTTP 200", {}, 0};
        }
        return protocol::readAnswer(event.operation(), request, response.body);
    }

    Answer callback(hub_call_id call, const Account& account, const Json& request) const
    {
        const Json nack{{"status", 400}, {"media_type", "text/plain"}, {"body", "fail"}};
        const auto refuse = [&nack](std::string why) {
            return Answer{HUB_REJECTED, std::move(why), Json{{"nack", nack}}.dump(), 0};
        };
        const Json headers = request.value("headers", Json::object());
        const std::string timestamp = headers.value("x-timestamp", "");
        const auto body = protocol::fromBase64(request.value("body_base64", ""));
        if (!body.ok() || !protocol::isTimely(timestamp, host().nowMs())) {
            return refuse("the callback is malformed or out of its time window");
        }
        const auto expected = sign(call, timestamp, body.value());
        if (!expected.ok()) {
            return {HUB_UNAVAILABLE, expected.error().message, {}, 0}; // the provider repeats it
        }
        if (!protocol::isSame(expected.value(), headers.value("x-signature", ""))) {
            return refuse("the callback's signature is not genuine");
        }
        const auto reading = protocol::readCallback(account, body.value());
        if (!reading.ok()) {
            return refuse(reading.error().message);
        }
        const Json ack{{"status", 200}, {"media_type", "text/plain"}, {"body", "ok"}};
        return {
            HUB_OK, {}, Json{{"ack", ack}, {"nack", nack}, {"reading", reading.value()}}.dump(), 0};
    }

    hub::Result<std::string>
    sign(hub_call_id call, std::string_view timestamp, std::string_view body) const
    {
        const auto mac = host().hmac(call, kKey, kAlgorithm, protocol::signedText(timestamp, body));
        if (!mac.ok()) {
            return hub::Error{mac.error().code, "api_key: " + mac.error().message};
        }
        return protocol::toHex(mac.value());
    }

    std::map<std::string, Account, std::less<>> accounts_;
};

} // namespace

HUB_CONNECTOR(PaymentExample, "payment_example", "1.0.0")
