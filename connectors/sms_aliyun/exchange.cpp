#include "exchange.hpp"

#include "encoding.hpp"
#include "shanghai_time.hpp"

#include <algorithm>

namespace aliyun {

namespace {

using hub::Answer;
using hub::Error;
using hub::Result;

constexpr std::string_view kKey = "access_key_secret";
constexpr std::string_view kVersion = "2017-05-25";
constexpr std::size_t kNonceBytes = 16;

/// The host of the address as it stands in the Host header.
std::string hostOf(const std::string& endpoint_url)
{
    std::string host = endpoint_url.substr(std::string_view{"https://"}.size());
    std::transform(host.begin(), host.end(), host.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return host;
}

bool isUnsent(hub_status code)
{
    return code == HUB_UNAVAILABLE || code == HUB_THROTTLED || code == HUB_UNSUPPORTED;
}

/// Nothing has left yet, whatever the reason.
Answer notSent(const Error& error)
{
    return {isUnsent(error.code) ? error.code : HUB_INTERNAL,
            "it could not be signed with access_key_secret: " + error.message,
            {},
            0};
}

/// What is not surely unsent may have left.
Answer afterExchange(const Error& error)
{
    return {isUnsent(error.code) ? error.code : HUB_OUTCOME_UNKNOWN, error.message, {}, 0};
}

} // namespace

Answer Exchanger::send(const Task& task) const
{
    const Prepared prepared = makeSend(task.account, task.request);
    if (const auto* refusal = std::get_if<Answer>(&prepared)) {
        return *refusal;
    }
    const auto exchanged = exchange(task, std::get<Request>(prepared));
    if (const auto* failure = std::get_if<Answer>(&exchanged)) {
        return *failure;
    }
    const auto& response = std::get<hub::HttpResponse>(exchanged);
    return readSend(response.status, response.body);
}

Answer Exchanger::query(const Task& task) const
{
    const auto created_at = task.request.find("created_at_ms");
    if (created_at == task.request.end() || !created_at->is_number_integer()) {
        return {HUB_BAD_REQUEST, "\"created_at_ms\" must be a whole number", {}, 0};
    }
    for (const std::string& day : sendDays(created_at->get<std::int64_t>(), host_.nowMs())) {
        bool is_last = false;
        for (int page = 1; !is_last; ++page) {
            if (page > kPagesMax) {
                return {HUB_OUTCOME_UNKNOWN, "the provider's list has no end", {}, 0};
            }
            const auto read = askPage(task, day, page);
            if (const auto* failure = std::get_if<Answer>(&read)) {
                return *failure;
            }
            const Page& found = std::get<Page>(read);
            if (!found.found.is_null()) {
                return {HUB_OK, {}, found.found.dump(), 0};
            }
            is_last = found.is_last;
        }
    }
    return notFound();
}

std::variant<Page, Answer>
Exchanger::askPage(const Task& task, const std::string& day, int page) const
{
    const Prepared prepared = makeQuery(task.request, day, page);
    if (const auto* refusal = std::get_if<Answer>(&prepared)) {
        return *refusal;
    }
    const auto exchanged = exchange(task, std::get<Request>(prepared));
    if (const auto* failure = std::get_if<Answer>(&exchanged)) {
        return *failure;
    }
    const auto& response = std::get<hub::HttpResponse>(exchanged);
    return readPage(task.account, task.request, page, response.status, response.body);
}

std::variant<hub::HttpResponse, Answer> Exchanger::exchange(const Task& task,
                                                            const Request& request) const
{
    const auto http = sign(task, request);
    if (!http.ok()) {
        return notSent(http.error());
    }
    auto response = host_.exchange(task.call, http.value());
    if (!response.ok()) {
        return afterExchange(response.error());
    }
    return std::move(response).value();
}

Result<hub::HttpRequest> Exchanger::sign(const Task& task, const Request& request) const
{
    Acs3Request signed_part;
    signed_part.query = request.parameters;
    signed_part.headers = {{"host", hostOf(task.account.endpoint_url)},
                           {"x-acs-action", request.action},
                           {"x-acs-content-sha256", sha256("")},
                           {"x-acs-date", toAcsDate(host_.nowMs())},
                           {"x-acs-signature-nonce", toHex(host_.random(kNonceBytes))},
                           {"x-acs-version", std::string{kVersion}}};
    const auto mac = host_.hmac(task.call, kKey, "hmac_sha256", textToSign(signed_part));
    if (!mac.ok()) {
        return mac.error();
    }
    hub::HttpRequest http;
    http.method = signed_part.method;
    http.url =
        task.account.endpoint_url + signed_part.path + "?" + canonicalQuery(signed_part.query);
    for (const auto& [name, value] : signed_part.headers) {
        if (name != "host") { // which the hub writes, from the address
            http.headers.emplace_back(name, value);
        }
    }
    http.headers.emplace_back(
        "Authorization",
        authorization(signed_part, task.account.access_key_id, toHex(mac.value())));
    http.headers.emplace_back("Accept", "application/json");
    http.total_timeout_ms = task.account.http_timeout_ms;
    return http;
}

} // namespace aliyun
