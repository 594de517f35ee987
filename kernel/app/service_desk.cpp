#include "app/service_desk.hpp"

#include "hubp/services.hpp"
#include "observe/log.hpp"

#include <hub/ext/http.h>
#include <hub/ext/keys.h>
#include <hub/ext/secrets.h>
#include <hub/ext/stream.h>

#include <Poco/URI.h>

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hub::app {

namespace {

// A safe operation may page through a provider's answers; a marked one makes one exchange.
constexpr std::uint32_t kExchangesMax = 64;
constexpr std::size_t kThreads = 2;
constexpr std::size_t kWaitingMax = 4096;
constexpr std::uint64_t kBlobReadMax = HUB_PAYLOAD_BYTES_MAX - 1024;
constexpr const char* kReserved = "!#$%&'()*+,/:;=?@[]{}";

} // namespace

ServiceDesk::ServiceDesk(ServiceParts parts)
    : parts_(std::move(parts))
    , queue_("services", kThreads, kWaitingMax)
{}

ServiceDesk::~ServiceDesk() = default;

void ServiceDesk::answer(const bus::HostId& host, std::uint64_t service_id, Served served)
{
    parts_.router.send(host, bus::ServedFrame{service_id, served.status, std::move(served.result)});
}

void ServiceDesk::serve(const bus::HostId& host, bus::ServiceFrame frame)
{
    const std::uint64_t service_id = frame.service_id;
    if (!queue_.post([this, host, frame = std::move(frame)] { serveNow(host, frame); })) {
        answer(host, service_id, {HUB_UNAVAILABLE, ""});
    }
}

namespace {

/// A blob is begun for a call; its writer, and reading, are the library's own.
bool takesNoCall(const bus::ServiceFrame& frame)
{
    return frame.extension == HUB_EXT_BLOB_1 && frame.operation != "begin";
}

} // namespace

void ServiceDesk::serveNow(const bus::HostId& host, const bus::ServiceFrame& frame)
{
    try {
        if (frame.extension == HUB_EXT_STREAM_1) {
            parts_.streams.serve(host, frame); // most of it takes no delivery
            return;
        }
        auto live = parts_.live.find(host, frame.call_id, parts_.clock.nowMs());
        if (!live && takesNoCall(frame)) {
            live.emplace();
            live->host = host;
        }
        const plugin::Package* package = parts_.hosts.packageOf(host);
        if (!live || package == nullptr || !package->manifest.wants(frame.extension)) {
            answer(host, frame.service_id, {HUB_UNAUTHENTICATED, ""});
        } else if (frame.extension == HUB_EXT_HTTP_1 && frame.operation == "exchange") {
            exchange(host, *live, frame);
        } else if (frame.extension == HUB_EXT_KEYS_1) {
            answer(host, frame.service_id, useKey(*live, frame));
        } else if (frame.extension == HUB_EXT_SECRETS_1 && frame.operation == "reveal") {
            answer(host, frame.service_id, reveal(*live, frame.arguments));
        } else if (frame.extension == HUB_EXT_BLOB_1) {
            answer(host, frame.service_id, blob(*live, frame));
        } else {
            answer(host, frame.service_id, {HUB_UNSUPPORTED, ""});
        }
    } catch (const std::exception&) {
        observe::Log("services")
            .withLibrary(host.library)
            .error("{} {}: {}", frame.extension, frame.operation, base::currentExceptionText());
        answer(host, frame.service_id, {HUB_INTERNAL, ""});
    }
}

/// For each `{secret:ROLE}` in the query of `url` what stands there on the wire. The library never
/// sees it, and neither does the record of exchanges, which has the address as it was given.
Result<std::vector<std::pair<std::string, std::string>>> ServiceDesk::secretsInUrl(
    const plugin::Manifest& manifest, const config::Account* account, const std::string& url) const
{
    constexpr std::string_view kBegin = "{secret:";
    std::vector<std::pair<std::string, std::string>> found;
    const std::size_t query = url.find('?');
    for (std::size_t at = url.find(kBegin); at != std::string::npos;
         at = url.find(kBegin, at + 1)) {
        const std::size_t end = url.find('}', at);
        if (end == std::string::npos || at < query) {
            return Error{HUB_REJECTED, "a secret stands in the query only"};
        }
        const std::string role = url.substr(at + kBegin.size(), end - at - kBegin.size());
        const plugin::SecretRole* wanted = manifest.findSecret(role);
        if (wanted == nullptr || !wanted->in_url) {
            return Error{HUB_REJECTED, "the manifest has no such secret for addresses"};
        }
        if (account == nullptr || account->secrets.count(role) == 0) {
            return Error{HUB_NOT_FOUND, "the account has no such secret"};
        }
        const auto secret = parts_.secrets.newest(account->secrets.at(role));
        if (!secret.ok()) {
            return secret.error();
        }
        std::string encoded;
        Poco::URI::encode(std::string(secret.value().view()), kReserved, encoded);
        found.emplace_back(url.substr(at, end + 1 - at), std::move(encoded));
    }
    return found;
}

const plugin::Package& ServiceDesk::packageOf(const bus::HostId& host) const
{
    const plugin::Package* package = parts_.hosts.packageOf(host);
    if (package == nullptr) {
        throw base::Failure(HUB_UNAVAILABLE, "the process of {} has ended", host.library);
    }
    return *package;
}

void ServiceDesk::exchange(const bus::HostId& host,
                           const LiveCall& live,
                           const bus::ServiceFrame& frame)
{
    auto wanted = hubp::decodeService<hubp::HttpExchange>(frame.arguments);
    const bool counted = parts_.live.countExchange(host, frame.call_id, kExchangesMax);
    if (!wanted.ok() || live.session || live.inbound || live.carried || !counted) {
        answer(host, frame.service_id, {HUB_REJECTED, ""});
        return;
    }
    const plugin::Package& package = packageOf(host);
    const plugin::Manifest& manifest = package.manifest;
    const config::Account* account = package.findAccount(live.ticket.account);
    egress::AllowList allow;
    allow.hosts = manifest.http.hosts;
    allow.methods = manifest.http.methods;
    if (account != nullptr) {
        allow.exact = account->http_exact;
    }
    egress::Request request;
    request.method = std::move(wanted.value().method);
    request.url = std::move(wanted.value().url);
    auto secrets = secretsInUrl(manifest, account, request.url);
    if (!secrets.ok()) {
        answer(host, frame.service_id, {secrets.error().code, ""});
        return;
    }
    request.url_secrets = std::move(secrets).value();
    for (hubp::NamedBytes& header : wanted.value().headers) {
        request.headers.emplace_back(std::move(header.name), std::move(header.bytes));
    }
    request.body = std::move(wanted.value().body);
    request.total_timeout_ms = wanted.value().total_timeout_ms;
    parts_.exchanger.exchange(
        live.ticket,
        std::move(allow),
        {manifest.http.mask_request, manifest.http.mask_response},
        std::move(request),
        [this, host, call = frame.call_id, service_id = frame.service_id](egress::Exchange ended) {
            constexpr std::uint32_t kServerError = 500;
            if (ended.status != HUB_OK || ended.response.http_status >= kServerError) {
                parts_.live.noteUnproven(host, call);
            }
            if (ended.status == HUB_REJECTED) { // the library's mistake: its author reads this
                observe::Log("services").withLibrary(host.library).warning("{}", ended.reason);
            }
            Served served{ended.status, ""};
            if (ended.status == HUB_OK) {
                hubp::HttpAnswer reply;
                reply.http_status = ended.response.http_status;
                for (auto& [name, value] : ended.response.headers) {
                    reply.headers.push_back({std::move(name), std::move(value)});
                }
                reply.body = std::move(ended.response.body);
                auto encoded = hubp::encodeService(reply);
                // Bytes came back but can't be handed on: whether it worked is not known.
                served = encoded.ok() ? Served{HUB_OK, std::move(encoded).value()}
                                      : Served{HUB_OUTCOME_UNKNOWN, ""};
            }
            answer(host, service_id, std::move(served));
        });
}

Result<std::string> ServiceDesk::secretOf(const LiveCall& live,
                                          const std::string& role,
                                          const std::string& use,
                                          const std::string& algorithm) const
{
    const plugin::Package& package = packageOf(live.host);
    const plugin::Manifest& manifest = package.manifest;
    const plugin::KeyRole* key = manifest.findKey(role);
    if (key == nullptr || !key->allows(use, algorithm)) {
        return Error{HUB_UNAUTHENTICATED, "the manifest does not list this use"};
    }
    const config::Account* account = package.findAccount(live.ticket.account);
    const auto found = account == nullptr ? std::map<std::string, std::string>::const_iterator{}
                                          : account->keys.find(role);
    if (account == nullptr || found == account->keys.end()) {
        return Error{HUB_NOT_FOUND, "the account has no such key"};
    }
    return found->second;
}

namespace {

/// A result of the key store as SERVED.
template <typename Value>
std::pair<hub_status, std::string> toServed(const Result<Value>& result)
{
    if (!result.ok()) {
        return {result.error().code, ""};
    }
    if constexpr (std::is_void_v<Value>) {
        return {HUB_OK, ""};
    } else {
        auto encoded = hubp::encodeService(hubp::Bytes{result.value()});
        return encoded.ok() ? std::pair<hub_status, std::string>{HUB_OK, std::move(encoded).value()}
                            : std::pair<hub_status, std::string>{HUB_INTERNAL, ""};
    }
}

} // namespace

ServiceDesk::Served ServiceDesk::useKey(const LiveCall& live, const bus::ServiceFrame& frame)
{
    if (frame.operation == "digest") {
        return digest(live, frame.arguments);
    }
    if (frame.operation == "encrypt" || frame.operation == "decrypt") {
        return cipher(live, frame);
    }
    const auto use = hubp::decodeService<hubp::KeyUse>(frame.arguments);
    if (!use.ok()) {
        return {HUB_BAD_REQUEST, ""};
    }
    const auto secret =
        secretOf(live,
                 use.value().key,
                 frame.operation == "public_parts" ? "public_part" : frame.operation,
                 use.value().algorithm);
    if (!secret.ok()) {
        return {secret.error().code, ""};
    }
    std::pair<hub_status, std::string> served{HUB_UNSUPPORTED, ""};
    if (frame.operation == "sign") {
        served =
            toServed(parts_.keys.sign(secret.value(), use.value().algorithm, use.value().data));
    } else if (frame.operation == "verify") {
        served = toServed(parts_.keys.verify(
            secret.value(), use.value().algorithm, use.value().data, use.value().signature));
    } else if (frame.operation == "hmac") {
        served =
            toServed(parts_.keys.hmac(secret.value(), use.value().algorithm, use.value().data));
    } else if (frame.operation == "public_part") {
        served = toServed(parts_.keys.publicPart(secret.value()));
    } else if (frame.operation == "public_parts") {
        served = toServed(parts_.keys.publicParts(secret.value()));
    } else if (frame.operation == "add_public") {
        return addPublic(live, secret.value(), use.value().data);
    }
    return {served.first, std::move(served.second)};
}

ServiceDesk::Served
ServiceDesk::addPublic(const LiveCall& live, const std::string& secret, const std::string& pem)
{
    const auto version = parts_.keys.addPublic(secret, pem);
    if (!version.ok()) {
        observe::Log("services")
            .withLibrary(live.host.library)
            .warning("{}", version.error().message);
        return {version.error().code, ""};
    }
    if (version.value() == 0) {
        return {HUB_ALREADY_DONE, ""};
    }
    parts_.audit({"library:" + live.host.library,
                  "secret.added",
                  secret,
                  "version " + std::to_string(version.value()),
                  live.ticket.trace,
                  0});
    return {HUB_OK, ""};
}

ServiceDesk::Served ServiceDesk::digest(const LiveCall& live, const std::string& arguments)
{
    const auto wanted = hubp::decodeService<hubp::Digest>(arguments);
    if (!wanted.ok()) {
        return {HUB_BAD_REQUEST, ""};
    }
    std::vector<security::DigestInput> parts;
    for (const hubp::NamedBytes& part : wanted.value().parts) {
        if (part.name.empty()) {
            parts.push_back({"", part.bytes});
            continue;
        }
        const auto secret = secretOf(live, part.name, "digest", wanted.value().algorithm);
        if (!secret.ok()) {
            return {secret.error().code, ""};
        }
        parts.push_back({secret.value(), ""});
    }
    auto served = toServed(parts_.keys.digest(wanted.value().algorithm, parts));
    return {served.first, std::move(served.second)};
}

ServiceDesk::Served ServiceDesk::cipher(const LiveCall& live, const bus::ServiceFrame& frame)
{
    const auto use = hubp::decodeService<hubp::CipherUse>(frame.arguments);
    if (!use.ok()) {
        return {HUB_BAD_REQUEST, ""};
    }
    const hubp::CipherUse& wanted = use.value();
    const auto secret = secretOf(live, wanted.key, frame.operation, wanted.algorithm);
    if (!secret.ok()) {
        return {secret.error().code, ""};
    }
    const security::CipherInput input{wanted.algorithm, wanted.nonce, wanted.associated_data};
    auto served = toServed(frame.operation == "encrypt"
                               ? parts_.keys.encrypt(secret.value(), input, wanted.data)
                               : parts_.keys.decrypt(secret.value(), input, wanted.data));
    return {served.first, std::move(served.second)};
}

ServiceDesk::Served ServiceDesk::reveal(const LiveCall& live, const std::string& arguments)
{
    const auto wanted = hubp::decodeService<hubp::SecretName>(arguments);
    const plugin::Package& package = packageOf(live.host);
    if (!wanted.ok()) {
        return {HUB_BAD_REQUEST, ""};
    }
    const auto& granted = package.file.granted_secrets;
    const std::string& role = wanted.value().name;
    const plugin::SecretRole* secret_role = package.manifest.findSecret(role);
    if (secret_role == nullptr || secret_role->in_url ||
        std::find(granted.begin(), granted.end(), role) == granted.end()) {
        return {HUB_UNAUTHENTICATED, ""};
    }
    const config::Account* account = package.findAccount(live.ticket.account);
    if (account == nullptr || account->secrets.count(role) == 0) {
        return {HUB_NOT_FOUND, ""};
    }
    const std::string& name = account->secrets.at(role);
    const auto secret = parts_.secrets.newest(name);
    if (!secret.ok()) {
        return {secret.error().code, ""};
    }
    parts_.audit(
        {"library:" + package.manifest.id, "secret.revealed", name, "", live.ticket.trace, 0});
    auto encoded = hubp::encodeService(hubp::Bytes{std::string{secret.value().view()}});
    return encoded.ok() ? Served{HUB_OK, std::move(encoded).value()} : Served{HUB_INTERNAL, ""};
}

ServiceDesk::Served ServiceDesk::blob(const LiveCall& live, const bus::ServiceFrame& frame)
{
    if (frame.operation == "begin") {
        const std::lock_guard lock(blobs_mutex_);
        const std::uint64_t id = next_blob_++;
        open_blobs_[id] = {live.host, live.ticket.call_id, parts_.blobs.begin()};
        return {HUB_OK, hubp::encodeService(hubp::BlobWriter{id}).value()};
    }
    if (frame.operation == "read") {
        const auto range = hubp::decodeService<hubp::BlobRange>(frame.arguments);
        if (!range.ok() || range.value().size > kBlobReadMax) {
            return {HUB_BAD_REQUEST, ""};
        }
        auto served = toServed(
            parts_.blobs.read(range.value().digest, range.value().offset, range.value().size));
        return {served.first, std::move(served.second)};
    }
    if (frame.operation == "size") {
        const auto name = hubp::decodeService<hubp::BlobDigest>(frame.arguments);
        const auto size = name.ok() ? parts_.blobs.size(name.value().digest)
                                    : Result<std::uint64_t>{name.error()};
        return size.ok() ? Served{HUB_OK, hubp::encodeService(hubp::BlobSize{size.value()}).value()}
                         : Served{size.error().code, ""};
    }
    return writeBlob(live, frame);
}

ServiceDesk::Served ServiceDesk::writeBlob(const LiveCall& live, const bus::ServiceFrame& frame)
{
    const bool finish = frame.operation == "finish";
    if (!finish && frame.operation != "append") {
        return {HUB_UNSUPPORTED, ""};
    }
    std::uint64_t id = 0;
    std::string bytes;
    if (finish) {
        const auto wanted = hubp::decodeService<hubp::BlobWriter>(frame.arguments);
        id = wanted.ok() ? wanted.value().writer : 0;
    } else if (auto wanted = hubp::decodeService<hubp::BlobAppend>(frame.arguments); wanted.ok()) {
        id = wanted.value().writer;
        bytes = std::move(wanted.value().bytes);
    }
    std::shared_ptr<store::BlobWriter> writer;
    {
        const std::lock_guard lock(blobs_mutex_);
        const auto found = open_blobs_.find(id);
        if (found == open_blobs_.end() || found->second.host != live.host) {
            return {HUB_NOT_FOUND, ""};
        }
        writer = found->second.writer;
        if (finish) {
            open_blobs_.erase(found);
        }
    }
    if (!finish) {
        const auto appended = writer->append(bytes);
        return {appended.ok() ? hub_status{HUB_OK} : appended.error().code, ""};
    }
    const auto digest = writer->finish();
    return digest.ok()
               ? Served{HUB_OK, hubp::encodeService(hubp::BlobDigest{digest.value()}).value()}
               : Served{digest.error().code, ""};
}

void ServiceDesk::callEnded(const bus::HostId& host, hub_call_id call)
{
    const std::lock_guard lock(blobs_mutex_);
    std::erase_if(open_blobs_, [&](const auto& entry) {
        return entry.second.host == host && entry.second.call == call;
    });
}

void ServiceDesk::hostLost(const bus::HostId& host)
{
    const std::lock_guard lock(blobs_mutex_);
    std::erase_if(open_blobs_, [&](const auto& entry) { return entry.second.host == host; });
}

} // namespace hub::app
