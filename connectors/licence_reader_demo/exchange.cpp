#include "exchange.hpp"

#include "encoding.hpp"
#include "picture.hpp"

#include <utility>

namespace licence_reader {

namespace {

using hub::Answer;
using hub::Error;
using hub::Result;

constexpr std::string_view kKey = "licence_secret";
constexpr std::string_view kSignature = "x-licence-signature";
constexpr std::size_t kNonceBytes = 16;

bool isUnsent(hub_status code)
{
    return code == HUB_UNAVAILABLE || code == HUB_THROTTLED || code == HUB_UNSUPPORTED;
}

/// Nothing has left yet, whatever the reason.
Answer notSent(const Error& error, const std::string& what)
{
    const bool is_kept = isUnsent(error.code) || error.code == HUB_BAD_REQUEST;
    return {is_kept ? error.code : HUB_INTERNAL, what + ": " + error.message, {}, 0};
}

/// What is not surely unsent may have left.
Answer afterExchange(const Error& error)
{
    return {isUnsent(error.code) ? error.code : HUB_OUTCOME_UNKNOWN, error.message, {}, 0};
}

std::string headerOf(const hub::HttpResponse& response, std::string_view name)
{
    for (const auto& [key, value] : response.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

} // namespace

Answer Exchanger::read(const Task& task) const
{
    const auto made = makeOrder(task.request);
    if (const auto* refusal = std::get_if<Answer>(&made)) {
        return *refusal;
    }
    const Order& order = std::get<Order>(made);
    auto picture = readPicture(host_, order);
    if (!picture.ok()) {
        return notSent(picture.error(), "the picture could not be taken");
    }
    constexpr std::int64_t kSecondMs = 1000;
    const Envelope envelope{
        "POST", order.target, host_.nowMs() / kSecondMs, toHex(host_.random(kNonceBytes))};
    const auto http = sign(task, order, envelope, std::move(picture).value());
    if (!http.ok()) {
        return notSent(http.error(), "it could not be signed with licence_secret");
    }
    const auto response = host_.exchange(task.call, http.value());
    return response.ok() ? prove(task, envelope, response.value())
                         : afterExchange(response.error());
}

Result<std::string> Exchanger::signature(const Task& task, const std::string& text) const
{
    const auto mac = host_.hmac(task.call, kKey, "hmac_sha256", text);
    if (!mac.ok()) {
        return mac.error();
    }
    return toHex(mac.value());
}

Result<hub::HttpRequest> Exchanger::sign(const Task& task,
                                         const Order& order,
                                         const Envelope& envelope,
                                         std::string picture) const
{
    const auto mac = signature(task, requestText(envelope, picture));
    if (!mac.ok()) {
        return mac.error();
    }
    hub::HttpRequest http;
    http.method = envelope.method;
    http.url = task.account.endpoint_url + envelope.target;
    http.headers = {{"Content-Type", order.media_type},
                    {"Accept", "application/json"},
                    {"X-Licence-Key", task.account.key_id},
                    {"X-Licence-Timestamp", std::to_string(envelope.timestamp_s)},
                    {"X-Licence-Nonce", envelope.nonce},
                    {"X-Licence-Signature", mac.value()}};
    http.body = std::move(picture);
    http.total_timeout_ms = task.account.http_timeout_ms;
    return http;
}

Answer Exchanger::prove(const Task& task,
                        const Envelope& envelope,
                        const hub::HttpResponse& response) const
{
    const auto expected = signature(task, answerText(envelope, response.status, response.body));
    // The request has left: what can't be proved is not known.
    const bool is_genuine =
        expected.ok() && isSame(headerOf(response, kSignature), expected.value());
    return readAnswer(response.status, response.body, is_genuine);
}

} // namespace licence_reader
