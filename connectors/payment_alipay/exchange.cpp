#include "exchange.hpp"

#include "envelope.hpp"
#include "rest.hpp"

#include <functional>
#include <utility>

namespace alipay {

namespace {

using hub::Answer;
using hub::Error;
using hub::Result;

constexpr std::uint32_t kHttpOk = 200;
constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kNumberDigits = 32;

/// What hub.http promises: nothing left. Every other code leaves the question open.
bool isCertainlyUnsent(hub_status status) noexcept
{
    return status == HUB_UNAVAILABLE || status == HUB_REJECTED || status == HUB_UNSUPPORTED;
}

Answer afterExchange(const Error& error)
{
    return isCertainlyUnsent(error.code) ? notSent(error) : unknown(error.message);
}

bool isAccepted(hub_status status) noexcept
{
    return status == HUB_OK || status == HUB_PENDING;
}

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

/// A certificate's number as an answer names it; empty unless it looks like one.
std::string cleanNumber(std::string_view text)
{
    const bool is_number = text.size() == kNumberDigits &&
                           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    return is_number ? std::string{text} : std::string{};
}

/// Beside the node: not signed, for the operator's eyes.
std::string namedCertificate(std::string_view body)
{
    const Json parsed = Json::parse(body, nullptr, false);
    const auto found = parsed.is_object() ? parsed.find("alipay_cert_sn") : parsed.end();
    return found != parsed.end() && found->is_string() ? cleanNumber(found->get<std::string>())
                                                       : std::string{};
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

Answer Exchanger::ask(const Task& task, const Operation& operation) const
{
    const auto numbers = numbersOf(task);
    if (!numbers.ok()) {
        return notSent(numbers.error());
    }
    return task.account.uses_rest ? askRest(task, operation, numbers.value())
                                  : askGateway(task, operation, numbers.value());
}

Answer Exchanger::makeForm(const Task& task, const CarriedProduct& product) const
{
    const auto numbers = numbersOf(task);
    if (!numbers.ok()) {
        return notSent(numbers.error());
    }
    auto parameters =
        makeFormParameters(product, task.account, numbers.value(), task.request, host_.nowMs());
    if (!parameters.ok()) {
        return {parameters.error().code, parameters.error().message, {}, 0};
    }
    const auto signature = sign(task, requestSignText(parameters.value()));
    if (!signature.ok()) {
        return notSent(signature.error());
    }
    parameters.value().emplace_back("sign", signature.value());
    return makeFormAnswer(product, task.account, parameters.value());
}

Result<std::string> Exchanger::download(const Task& task, const std::string& address) const
{
    hub::HttpRequest http;
    http.method = "GET";
    http.url = address;
    http.total_timeout_ms = task.account.http_timeout_ms;
    auto response = host_.exchange(task.call, http);
    if (!response.ok()) {
        return response.error();
    }
    if (response.value().status != kHttpOk) {
        return Error{HUB_OUTCOME_UNKNOWN,
                     "the download was answered with HTTP status " +
                         std::to_string(response.value().status)};
    }
    return std::move(response.value().body);
}

Answer Exchanger::askGateway(const Task& task,
                             const Operation& operation,
                             const CertificateNumbers& numbers) const
{
    auto parameters = makeParameters(operation, task.account, numbers, task.request, host_.nowMs());
    if (!parameters.ok()) {
        return {parameters.error().code, parameters.error().message, {}, 0};
    }
    const auto signature = sign(task, requestSignText(parameters.value()));
    if (!signature.ok()) {
        return notSent(signature.error());
    }
    parameters.value().emplace_back("sign", signature.value());

    hub::HttpRequest http;
    http.url = requestAddress(task.account);
    http.headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"}};
    http.body = toForm(parameters.value());
    http.total_timeout_ms = task.account.http_timeout_ms;
    const auto response = host_.exchange(task.call, http);
    if (!response.ok()) {
        return afterExchange(response.error());
    }
    return readGateway(task, operation, response.value());
}

/// From here on the request has left. Whatever is not a genuine answer leaves it unknown.
Answer Exchanger::readGateway(const Task& task,
                              const Operation& operation,
                              const hub::HttpResponse& response) const
{
    if (response.status != kHttpOk) {
        return unknown("the gateway answered with HTTP status " + std::to_string(response.status));
    }
    const std::string& body = response.body;
    const auto node = findSignedNode(body, responseNodeName(operation.method_name));
    if (!node.ok()) {
        return unknown(node.error().message);
    }
    const std::string_view source = node.value().source;
    const std::string forgery =
        findForgery(task, source, node.value().signature, namedCertificate(body), source);
    if (!forgery.empty()) {
        return unknown(forgery);
    }
    Answer answer = readAnswer(operation, task.account, task.request, source);
    if (node.value().is_error_node && isAccepted(answer.status)) {
        return unknown("the gateway's error_response claims success");
    }
    return answer;
}

Answer Exchanger::askRest(const Task& task,
                          const Operation& operation,
                          const CertificateNumbers& numbers) const
{
    const auto rest = makeRestRequest(operation, task.account, task.request);
    if (!rest.ok()) {
        return {rest.error().code, rest.error().message, {}, 0};
    }
    const auto& [method, origin, uri, body] = rest.value();
    const std::string credentials = restCredentials(
        task.account.app_id, numbers.app, toHex(host_.random(kNonceBytes)), host_.nowMs());
    const auto signature = sign(task, restSignText(credentials, method, uri, body));
    if (!signature.ok()) {
        return notSent(signature.error());
    }
    hub::HttpRequest http;
    http.method = method;
    http.url = origin + uri;
    http.body = body;
    http.headers = {{"Authorization", restAuthorization(credentials, signature.value())},
                    {"Content-Type", "application/json"},
                    {"alipay-request-id", toHex(host_.random(kNonceBytes))}};
    if (!numbers.root.empty()) {
        http.headers.emplace_back("alipay-root-cert-sn", numbers.root);
    }
    http.total_timeout_ms = task.account.http_timeout_ms;
    const auto response = host_.exchange(task.call, http);
    if (!response.ok()) {
        return afterExchange(response.error());
    }
    return readRest(task, operation, response.value());
}

Answer Exchanger::readRest(const Task& task,
                           const Operation& operation,
                           const hub::HttpResponse& answer) const
{
    const auto raw = fromBase64(answer.header("alipay-signature"));
    const std::string text = restAnswerText(
        answer.header("alipay-timestamp"), answer.header("alipay-nonce"), answer.body);
    const std::string forgery = findForgery(task,
                                            text,
                                            raw.ok() ? raw.value() : std::string{},
                                            cleanNumber(answer.header("alipay-sn")),
                                            answer.body);
    if (!forgery.empty()) {
        return unknown("HTTP status " + std::to_string(answer.status) + ": " + forgery);
    }
    return readRestAnswer(operation, task.account, task.request, answer.status, answer.body);
}

Result<std::string> Exchanger::sign(const Task& task, const std::string& text) const
{
    const auto signature = host_.sign(task.call, kAppKey, kAlgorithm, text);
    if (!signature.ok()) {
        return Error{signature.error().code,
                     "the request could not be signed with app_key: " + signature.error().message};
    }
    return toBase64(signature.value());
}

std::string Exchanger::findForgery(const Task& task,
                                   std::string_view text,
                                   std::string_view signature,
                                   const std::string& number,
                                   std::string_view said) const
{
    if (signature.empty()) {
        return "the answer is not signed; it says " + describeUntrusted(said);
    }
    const hub_status verified = host_.verify(task.call, kProviderKey, kAlgorithm, text, signature);
    if (verified == HUB_OK) {
        return {};
    }
    if (verified != HUB_REJECTED) {
        return "the answer's signature could not be checked with provider_key";
    }
    const std::string what = "the answer's signature is not provider_key's; it says ";
    if (task.account.uses_certificates && !number.empty()) {
        const auto own = ownNumber(task, kProviderKey);
        if (own.ok() && own.value() != number) {
            return "the answer is signed with certificate " + number + ", provider_key holds " +
                   own.value() + "; put the provider's new certificate; it says " +
                   describeUntrusted(said);
        }
    }
    return what + describeUntrusted(said);
}

Result<CertificateNumbers> Exchanger::numbersOf(const Task& task) const
{
    CertificateNumbers numbers;
    if (!task.account.uses_certificates) {
        return numbers;
    }
    auto app = ownNumber(task, kAppKey);
    if (!app.ok()) {
        return app.error();
    }
    // Asked for before anything is sent: what an answer is verified with must be there.
    if (const auto provider = ownNumber(task, kProviderKey); !provider.ok()) {
        return provider.error();
    }
    numbers.app = std::move(app).value();
    const std::string& roots = task.account.root_certificates;
    {
        const std::lock_guard lock(guard_);
        if (const auto known = numbers_.find(roots); known != numbers_.end()) {
            numbers.root = known->second;
            return numbers;
        }
    }
    const auto bundle = parseCertificates(roots);
    const auto root = bundle.ok() ? rootNumber(bundle.value(), md5(task.call))
                                  : Result<std::string>{bundle.error()};
    if (!root.ok()) {
        return Error{root.error().code, "\"root_certificates\": " + root.error().message};
    }
    numbers.root = root.value();
    const std::lock_guard lock(guard_);
    numbers_[roots] = numbers.root;
    return numbers;
}

Result<std::string> Exchanger::ownNumber(const Task& task, std::string_view key) const
{
    // Asked for at every call, because a key that is replaced brings another certificate.
    const auto pem = host_.publicPart(task.call, key);
    if (!pem.ok()) {
        return Error{pem.error().code, std::string{key} + ": " + pem.error().message};
    }
    {
        const std::lock_guard lock(guard_);
        if (const auto known = numbers_.find(pem.value()); known != numbers_.end()) {
            return known->second;
        }
    }
    const auto certificates = parseCertificates(pem.value());
    if (!certificates.ok()) {
        return Error{HUB_INTERNAL,
                     std::string{key} + " holds no certificate, which mode certificate needs: " +
                         certificates.error().message};
    }
    auto number = certificateNumber(certificates.value().front(), md5(task.call));
    if (number.ok()) {
        const std::lock_guard lock(guard_);
        numbers_[pem.value()] = number.value();
    }
    return number;
}

Md5 Exchanger::md5(hub_call_id call) const
{
    return [this, call](std::string_view text) {
        return host_.digest(call, "md5", {hub::DigestPart{{}, std::string{text}}});
    };
}

} // namespace alipay
