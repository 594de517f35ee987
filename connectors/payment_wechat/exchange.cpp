#include "exchange.hpp"

#include "bill_operation.hpp"
#include "encoding.hpp"

#include <algorithm>
#include <utility>

namespace wechat {

namespace {

using hub::Answer;
using hub::Error;
using hub::Result;

constexpr std::uint32_t kOk = 200;
constexpr std::uint32_t kNoContent = 204;
constexpr std::size_t kNonceBytes = 16;

/// What hub.http promises: nothing left. Every other code leaves the question open.
bool isCertainlyUnsent(hub_status status) noexcept
{
    return status == HUB_UNAVAILABLE || status == HUB_REJECTED || status == HUB_UNSUPPORTED;
}

Answer afterExchange(const Error& error)
{
    return isCertainlyUnsent(error.code) ? notSent(error) : unknown(error.message);
}

Proof proofOf(const hub::HttpResponse& response)
{
    const auto header = [&response](std::string_view name) {
        return std::string{response.header(name)};
    };
    return {header("wechatpay-timestamp"),
            header("wechatpay-nonce"),
            header("wechatpay-serial"),
            header("wechatpay-signature")};
}

bool isUnsigned(const Proof& proof)
{
    return proof.signature.empty() && proof.serial.empty();
}

bool isOver(std::string_view pem, std::int64_t now_ms)
{
    const auto certificate = readCertificate(pem);
    return certificate.ok() && now_ms > certificate.value().valid_to_ms;
}

/// A success is a list with status 200, which takeList() reads; any other is none.
Answer readNoList(const Account&, const Json&, const Json&)
{
    return unknown("the answer holds no list of certificates");
}

/// Of this connector's own operations only; the others stand in protocol.cpp.
constexpr Operation kRefreshTrust{
    "refresh_trust", Method::Certificates, &makeCertificates, &readNoList};

} // namespace

Answer notSent(const Error& error)
{
    const bool may_pass = error.code == HUB_UNAVAILABLE || error.code == HUB_THROTTLED;
    const bool is_lack = error.code == HUB_UNSUPPORTED;
    return {may_pass || is_lack ? error.code : HUB_INTERNAL, error.message, {}, 0};
}

Answer unknown(std::string message)
{
    return {HUB_OUTCOME_UNKNOWN, std::move(message), {}, 0};
}

Answer Exchanger::ask(const Task& task, const Operation& operation) const
{
    const auto request = operation.make(task.account, task.request);
    if (!request.ok()) {
        return {request.error().code, request.error().message, {}, 0};
    }
    const auto keys = keysOf(task);
    // Asked for before anything is sent: what an answer is proved with must be there.
    if (!keys.ok() || keys.value().empty()) {
        return notSent(keys.ok() ? Error{HUB_INTERNAL, "the account has no platform_certificate"}
                                 : keys.error());
    }
    const auto http = prepare(
        task, request.value(), task.account.base_url, preferredSerial(task.account, keys.value()));
    if (!http.ok()) {
        return notSent(http.error());
    }
    const auto response = host_.exchange(task.call, http.value());
    if (!response.ok()) {
        return afterExchange(response.error());
    }
    Answer answer = read(task, operation, response.value());
    return prepayOf(answer).empty() ? answer : invoke(task, std::move(answer));
}

Result<std::string> Exchanger::download(const Task& task, const std::string& address) const
{
    const std::string uri = uriOf(address);
    const std::string origin = address.substr(0, address.size() - uri.size());
    const auto http = prepare(task, {"GET", uri, {}}, origin, {});
    if (!http.ok()) {
        return http.error();
    }
    auto response = host_.exchange(task.call, http.value());
    if (!response.ok()) {
        return response.error();
    }
    if (response.value().status != kOk) {
        return Error{HUB_OUTCOME_UNKNOWN,
                     "the download was answered with HTTP status " +
                         std::to_string(response.value().status)};
    }
    return std::move(response.value().body);
}

Result<hub::HttpRequest> Exchanger::prepare(const Task& task,
                                            const Request& request,
                                            const std::string& origin,
                                            const std::string& wanted_serial) const
{
    auto serial = merchantSerial(task);
    if (!serial.ok()) {
        return Error{HUB_INTERNAL, serial.error().message};
    }
    const Credentials credentials{task.account.mchid,
                                  std::move(serial).value(),
                                  toUpperHex(host_.random(kNonceBytes)),
                                  host_.nowMs() / 1000};
    const auto signature =
        sign(task, requestText(request.method, request.uri, credentials, request.body));
    if (!signature.ok()) {
        return signature.error();
    }
    hub::HttpRequest http;
    http.method = request.method;
    http.url = origin + request.uri;
    http.body = request.body;
    http.headers = {{"Authorization", authorization(credentials, signature.value())},
                    {"Accept", "application/json"},
                    {"Content-Type", "application/json"},
                    {"User-Agent", "payment_wechat"}};
    if (!wanted_serial.empty()) {
        http.headers.emplace_back("Wechatpay-Serial", wanted_serial);
    }
    http.total_timeout_ms = task.account.http_timeout_ms;
    return http;
}

/// From here on the request has left. Whatever is not a genuine answer leaves it unknown.
Answer Exchanger::read(const Task& task,
                       const Operation& operation,
                       const hub::HttpResponse& response) const
{
    const Proof proof = proofOf(response);
    const bool is_success = response.status == kOk || response.status == kNoContent;
    const bool is_believed =
        !is_success && isUnsigned(proof) && task.account.believes_unsigned_errors;
    if (!is_believed) {
        if (const auto proved = prove(task, proof, response.body); !proved.ok()) {
            return unknown("HTTP status " + std::to_string(response.status) +
                           " is not proved: " + proved.error().message + "; it says " +
                           describeUntrusted(response.body));
        }
    }
    return readAnswer(operation, task.account, task.request, response.status, response.body);
}

/// The order exists now; without a signature the payer can't pay it, and a repetition gives it.
Answer Exchanger::invoke(const Task& task, Answer created) const
{
    const std::string prepay_id = prepayOf(created);
    const std::string timestamp = std::to_string(host_.nowMs() / 1000);
    const std::string nonce = toUpperHex(host_.random(kNonceBytes));
    const auto signature =
        sign(task, invocationText(task.account.appid, timestamp, nonce, packageOf(prepay_id)));
    return signature.ok()
               ? completeInvocation(task.account, prepay_id, timestamp, nonce, signature.value())
               : unknown("the order is there, but: " + signature.error().message);
}

Result<void> Exchanger::prove(const Task& task, const Proof& proof, std::string_view body) const
{
    if (isProbe(proof.signature)) {
        return Error{HUB_REJECTED,
                     "the provider's own probe, which must be refused: WECHATPAY/SIGNTEST/"};
    }
    if (const auto fresh = checkFresh(proof, host_.nowMs()); !fresh.ok()) {
        return Error{HUB_REJECTED, fresh.error().message};
    }
    const auto keys = keysOf(task);
    if (!keys.ok()) {
        return keys.error();
    }
    const auto key = findKey(keys.value(), proof.serial, host_.nowMs());
    if (!key.ok()) {
        return key.error();
    }
    const auto signature = fromBase64(proof.signature);
    if (!signature.ok()) {
        return Error{HUB_REJECTED, "its signature is no base64"};
    }
    const hub_status verified = verify(
        task, key.value(), messageText(proof.timestamp, proof.nonce, body), signature.value());
    if (verified == HUB_OK) {
        return {};
    }
    const std::string role{key.value().role};
    return verified == HUB_REJECTED
               ? Error{HUB_REJECTED, "its signature is not " + role + "'s"}
               : Error{HUB_UNAVAILABLE, "its signature could not be checked with " + role};
}

/// hub.keys would try every certificate of the role, also one whose time is over or that the
/// message does not name: a certificate verifies by itself.
hub_status Exchanger::verify(const Task& task,
                             const PlatformKey& key,
                             const std::string& text,
                             const std::string& signature) const
{
    return key.pem.empty() ? host_.verify(task.call, key.role, kAlgorithm, text, signature)
                           : verifyByPem(key.pem, text, signature);
}

Result<std::string> Exchanger::open(const Task& task, const Sealed& sealed) const
{
    auto content = host_.decrypt(task.call,
                                 kApiKey,
                                 {std::string{kCipher}, sealed.nonce, sealed.associated_data},
                                 sealed.bytes);
    if (!content.ok()) {
        return Error{content.error().code, "api_v3_key: " + content.error().message};
    }
    return content;
}

Answer Exchanger::refreshTrust(const Task& task) const
{
    if (task.account.platform_mode == PlatformMode::PublicKey) {
        // To such a merchant the provider gives no certificates, and asking looks like an outage.
        return {HUB_OK, {}, Json{{"state", "current"}, {"added", Json::array()}}.dump(), 0};
    }
    const auto request = makeCertificates(task.account, task.request);
    const auto http = prepare(task, request.value(), task.account.base_url, {});
    if (!http.ok()) {
        return notSent(http.error());
    }
    const auto response = host_.exchange(task.call, http.value());
    if (!response.ok()) {
        return afterExchange(response.error());
    }
    if (response.value().status != kOk) {
        return read(task, kRefreshTrust, response.value());
    }
    return takeList(task, response.value());
}

/// The answer may be signed with a certificate that is in it: it is opened first, which only
/// who knows the APIv3 key could have sealed, and proved then. The provider lists certificates for
/// a while after their end: those are left out.
Answer Exchanger::takeList(const Task& task, const hub::HttpResponse& response) const
{
    const Proof proof = proofOf(response);
    if (const auto fresh = checkFresh(proof, host_.nowMs()); !fresh.ok()) {
        return unknown("the list of certificates: " + fresh.error().message);
    }
    const auto list = parseCertificates(response.body);
    if (!list.ok()) {
        return unknown(list.error().message);
    }
    std::vector<std::pair<std::string, std::string>> opened; // serial number, PEM
    for (const SealedCertificate& listed : list.value()) {
        const auto pem = open(task, listed.sealed);
        if (pem.ok() && isOver(pem.value(), host_.nowMs())) {
            continue;
        }
        const auto checked = pem.ok() ? checkCertificate(listed, pem.value(), host_.nowMs())
                                      : Result<Certificate>{pem.error()};
        if (!checked.ok()) {
            return unknown("certificate " + listed.serial + ": " + checked.error().message);
        }
        opened.emplace_back(listed.serial, pem.value());
    }
    const auto signer = std::find_if(opened.begin(), opened.end(), [&proof](const auto& one) {
        return one.first == proof.serial;
    });
    const auto signature = fromBase64(proof.signature);
    const bool is_proved =
        signer == opened.end()
            ? prove(task, proof, response.body).ok()
            : signature.ok() &&
                  verifyByPem(signer->second,
                              messageText(proof.timestamp, proof.nonce, response.body),
                              signature.value()) == HUB_OK;
    if (!is_proved) {
        return unknown("the list of certificates is not signed by one that is believed");
    }
    const auto known = keysOf(task);
    Json added = Json::array();
    for (const auto& [serial, pem] : opened) {
        const bool is_known = known.ok() && roleOf(known.value(), serial, host_.nowMs()).ok();
        if (is_known) {
            continue;
        }
        const hub_status kept = host_.addPublic(task.call, kCertificateRole, pem);
        if (kept == HUB_NOT_FOUND) {
            return {HUB_UNSUPPORTED,
                    "the account has no platform_certificate to keep certificate " + serial +
                        " in; put the present one with `expohub provider-account put`",
                    {},
                    0};
        }
        if (kept != HUB_OK && kept != HUB_ALREADY_DONE) {
            return {kept, "certificate " + serial + " could not be kept", {}, 0};
        }
        added.push_back(serial);
    }
    const Json payload{{"state", added.empty() ? "current" : "added"}, {"added", added}};
    return {HUB_OK, {}, payload.dump(), 0};
}

Answer Exchanger::identify(const Task& task) const
{
    if (!task.request.contains("code")) {
        const auto page = authorizeAddress(task.account, task.request);
        return page.ok() ? Answer{HUB_OK, {}, Json{{"url", page.value()}}.dump(), 0}
                         : Answer{page.error().code, page.error().message, {}, 0};
    }
    const auto address = identityAddress(task.account, task.request);
    if (!address.ok()) {
        return {address.error().code, address.error().message, {}, 0};
    }
    hub::HttpRequest http;
    http.method = "GET";
    http.url = address.value();
    http.headers = {{"Accept", "application/json"}};
    http.total_timeout_ms = task.account.http_timeout_ms;
    const auto response = host_.exchange(task.call, http);
    return response.ok() ? readIdentity(response.value().status, response.value().body)
                         : afterExchange(response.error());
}

Result<std::string> Exchanger::sign(const Task& task, const std::string& text) const
{
    const auto signature = host_.sign(task.call, kMerchantKey, kAlgorithm, text);
    if (!signature.ok()) {
        return Error{HUB_INTERNAL,
                     "it could not be signed with merchant_key: " + signature.error().message};
    }
    return toBase64(signature.value());
}

Result<std::string> Exchanger::merchantSerial(const Task& task) const
{
    // Asked for at every call: a key that is replaced brings its own certificate.
    const auto pem = host_.publicPart(task.call, kMerchantKey);
    if (!pem.ok()) {
        return Error{pem.error().code, "merchant_key: " + pem.error().message};
    }
    if (auto certificate = readCertificate(pem.value()); certificate.ok()) {
        return std::move(certificate).value().serial;
    }
    if (task.account.merchant_serial.empty()) {
        return Error{HUB_INTERNAL,
                     "merchant_key holds no certificate and the account no merchant_serial; put "
                     "apiclient_key.pem and apiclient_cert.pem as one text"};
    }
    return task.account.merchant_serial;
}

Result<std::vector<PlatformKey>> Exchanger::keysOf(const Task& task) const
{
    std::vector<std::string> certificates;
    if (task.account.platform_mode != PlatformMode::PublicKey) {
        const auto parts = host_.publicParts(task.call, kCertificateRole);
        // Before the first download there is none; a key that can't be read is something else.
        if (!parts.ok() && parts.error().code != HUB_NOT_FOUND) {
            return parts.error();
        }
        if (parts.ok()) {
            certificates = splitPem(parts.value());
        }
    }
    return platformKeys(task.account, certificates);
}

} // namespace wechat
