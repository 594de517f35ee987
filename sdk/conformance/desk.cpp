#include "desk.hpp"

#include <hub/ext/blob.h>
#include <hub/ext/http.h>
#include <hub/ext/keys.h>
#include <hub/ext/secrets.h>
#include <hub/ext/stream.h>

#include <algorithm>

namespace hub::conformance {

namespace {

/// The role of that name among the manifest's "keys" or "secrets"; NULL when it is not listed.
const Json* findRole(const Json& manifest, const char* list, const std::string& name)
{
    const auto roles = manifest.find(list);
    if (roles != manifest.end() && roles->is_array()) {
        for (const Json& role : *roles) {
            if (textOf(role, "name") == name) {
                return &role;
            }
        }
    }
    return nullptr;
}

bool lists(const Json& object, const std::string& member, const std::string& value)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_array() &&
           std::find(found->begin(), found->end(), Json(value)) != found->end();
}

template <typename Value>
std::pair<hub_status, std::string> packed(const Value& value)
{
    auto bytes = hubp::encodeService(value);
    return bytes.ok() ? std::pair<hub_status, std::string>{HUB_OK, std::move(bytes).value()}
                      : std::pair<hub_status, std::string>{HUB_INTERNAL, ""};
}

std::pair<hub_status, std::string> packedBytes(const Result<std::string>& result)
{
    return result.ok() ? packed(hubp::Bytes{result.value()})
                       : std::pair<hub_status, std::string>{result.error().code, ""};
}

/// As in the hub: a blob is begun for a call; its writer, and reading, are the library's own.
bool takesNoCall(const hubp::Service& service)
{
    return service.extension == HUB_EXT_BLOB_1 && service.operation != "begin";
}

/// "https://a.example.com:8443/x" -> "a.example.com"
std::string hostOf(const std::string& url)
{
    const std::string rest = url.substr(std::min(url.size(), url.find("://") + 3));
    return rest.substr(0, rest.find_first_of(":/?#"));
}

} // namespace

HubDesk::HubDesk(const Description& description, Keyring& keys, Provider* provider)
    : description_(description)
    , keys_(keys)
    , provider_(provider)
    , peer_(objectOf(description.text, "stream"),
            [this](const std::string& address) { return mayOpen(address); })
{}

void HubDesk::setFate(Fate fate)
{
    const std::lock_guard lock(mutex_);
    fate_ = fate;
    released_ = false;
}

void HubDesk::setBend(std::function<void(hubp::HttpAnswer&)> bend)
{
    const std::lock_guard lock(mutex_);
    bend_ = std::move(bend);
}

void HubDesk::setHoldEnd(std::int64_t unix_ms)
{
    const std::lock_guard lock(mutex_);
    hold_end_ms_ = unix_ms;
}

void HubDesk::release()
{
    {
        const std::lock_guard lock(mutex_);
        released_ = true;
    }
    changed_.notify_all();
}

void HubDesk::setKeysDown(bool are_down)
{
    const std::lock_guard lock(mutex_);
    keys_down_ = are_down;
}

void HubDesk::setPublishStatus(hub_status status)
{
    const std::lock_guard lock(mutex_);
    publish_status_ = status;
}

void HubDesk::keepBlob(const std::string& bytes)
{
    const std::lock_guard lock(mutex_);
    blobs_[toHex(Keyring::digest("sha256", bytes).value())] = bytes;
}

std::vector<Sent> HubDesk::sent()
{
    const std::lock_guard lock(mutex_);
    return sent_;
}

bool HubDesk::waitForSent(std::size_t count, Milliseconds patience)
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return sent_.size() >= count; });
}

std::vector<hubp::Publish> HubDesk::published()
{
    const std::lock_guard lock(mutex_);
    return published_;
}

bool HubDesk::waitForPublished(std::size_t count, Milliseconds patience)
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return published_.size() >= count; });
}

std::vector<std::string> HubDesk::trespasses()
{
    const std::lock_guard lock(mutex_);
    return {trespasses_.begin(), trespasses_.end()};
}

void HubDesk::close()
{
    std::vector<std::thread> threads;
    {
        const std::lock_guard lock(mutex_);
        released_ = true;
        closed_ = true;
        threads.swap(threads_);
    }
    changed_.notify_all();
    for (std::thread& thread : threads) {
        thread.join();
    }
}

void HubDesk::trespass(std::string what)
{
    const std::lock_guard lock(mutex_);
    trespasses_.insert(std::move(what));
}

void HubDesk::serve(hubp::Service service, bool is_live, Reply reply)
{
    Served served{HUB_UNAUTHENTICATED, ""};
    if (!description_.wants(service.extension)) {
        trespass("it asked for " + service.extension + ", which its manifest does not list");
    } else if (service.extension == HUB_EXT_STREAM_1 && (is_live || service.call_id == 0)) {
        peer_.serve(service, std::move(reply));
        return;
    } else if (!is_live && !takesNoCall(service)) {
        trespass("it asked for " + service.extension + " " + service.operation +
                 " outside of a live call");
    } else if (service.extension == HUB_EXT_HTTP_1 && service.operation == "exchange") {
        auto request = hubp::decodeService<hubp::HttpExchange>(service.arguments);
        if (request.ok() && maySend(request.value())) {
            begin(service.call_id, std::move(request).value(), std::move(reply));
            return;
        }
        served = {HUB_REJECTED, ""};
    } else if (service.extension == HUB_EXT_KEYS_1) {
        served = useKey(service);
    } else if (service.extension == HUB_EXT_SECRETS_1 && service.operation == "reveal") {
        served = reveal(service);
    } else if (service.extension == HUB_EXT_BLOB_1) {
        served = blob(service);
    } else {
        served = {HUB_UNSUPPORTED, ""}; // an extension that this suite does not play yet
    }
    reply(served.first, std::move(served.second));
}

hub_status HubDesk::publish(const hubp::Publish& publish)
{
    bool is_listed = false;
    const auto found = description_.manifest.find("publishes");
    if (found != description_.manifest.end() && found->is_array()) {
        for (const Json& entry : *found) {
            is_listed = is_listed || textOf(entry, "type") == publish.envelope.type;
        }
    }
    if (!is_listed) {
        trespass("it published " + publish.envelope.type + ", which its manifest does not list");
        return HUB_UNAUTHENTICATED;
    }
    hub_status status = HUB_OK;
    {
        const std::lock_guard lock(mutex_);
        published_.push_back(publish);
        status = publish_status_;
    }
    changed_.notify_all();
    if (status == HUB_OK) {
        peer_.countPublication();
    }
    return status;
}

bool HubDesk::mayUse(const std::string& key, const std::string& use, const std::string& algorithm)
{
    const Json* role = findRole(description_.manifest, "keys", key);
    if (role == nullptr || !lists(*role, "uses", use) ||
        (!algorithm.empty() && !lists(*role, "algorithms", algorithm))) {
        trespass("it used key " + key + " to " + use + " (" + algorithm +
                 "), which its manifest does not list");
        return false;
    }
    return true;
}

HubDesk::Served HubDesk::useKey(const hubp::Service& service)
{
    {
        const std::lock_guard lock(mutex_);
        if (keys_down_) {
            return {HUB_UNAVAILABLE, ""};
        }
    }
    if (service.operation == "digest") {
        return digest(service);
    }
    if (service.operation == "encrypt" || service.operation == "decrypt") {
        return cipher(service);
    }
    const auto use = hubp::decodeService<hubp::KeyUse>(service.arguments);
    if (!use.ok()) {
        return {HUB_BAD_REQUEST, ""};
    }
    const hubp::KeyUse& wanted = use.value();
    const bool all = service.operation == "public_parts";
    if (!mayUse(wanted.key, all ? "public_part" : service.operation, wanted.algorithm)) {
        return {HUB_UNAUTHENTICATED, ""};
    }
    if (service.operation == "sign") {
        return packedBytes(keys_.sign(wanted.key, wanted.algorithm, wanted.data));
    }
    if (service.operation == "hmac") {
        return packedBytes(keys_.hmac(wanted.key, wanted.algorithm, wanted.data));
    }
    if (service.operation == "public_part") {
        return packedBytes(keys_.publicPart(wanted.key));
    }
    if (all) {
        return packedBytes(keys_.publicParts(wanted.key));
    }
    if (service.operation == "add_public") {
        return {keys_.addPublic(wanted.key, wanted.data), ""};
    }
    if (service.operation == "verify") {
        return {keys_.verify(wanted.key, wanted.algorithm, wanted.data, wanted.signature), ""};
    }
    return {HUB_UNSUPPORTED, ""};
}

HubDesk::Served HubDesk::cipher(const hubp::Service& service)
{
    const auto use = hubp::decodeService<hubp::CipherUse>(service.arguments);
    if (!use.ok()) {
        return {HUB_BAD_REQUEST, ""};
    }
    const hubp::CipherUse& wanted = use.value();
    if (!mayUse(wanted.key, service.operation, wanted.algorithm)) {
        return {HUB_UNAUTHENTICATED, ""};
    }
    return packedBytes(keys_.crypt(wanted.key,
                                   {wanted.algorithm, wanted.nonce, wanted.associated_data},
                                   wanted.data,
                                   service.operation == "encrypt"));
}

HubDesk::Served HubDesk::digest(const hubp::Service& service)
{
    const auto wanted = hubp::decodeService<hubp::Digest>(service.arguments);
    if (!wanted.ok()) {
        return {HUB_BAD_REQUEST, ""};
    }
    std::string text;
    for (const hubp::NamedBytes& part : wanted.value().parts) {
        if (part.name.empty()) {
            text += part.bytes;
            continue;
        }
        const auto secret = keys_.secret(part.name);
        if (!mayUse(part.name, "digest", wanted.value().algorithm) || !secret.ok()) {
            return {HUB_UNAUTHENTICATED, ""};
        }
        text += secret.value();
    }
    return packedBytes(Keyring::digest(wanted.value().algorithm, text));
}

HubDesk::Served HubDesk::reveal(const hubp::Service& service)
{
    const auto wanted = hubp::decodeService<hubp::SecretName>(service.arguments);
    if (!wanted.ok()) {
        return {HUB_BAD_REQUEST, ""};
    }
    const std::string& name = wanted.value().name;
    if (findRole(description_.manifest, "secrets", name) == nullptr) {
        trespass("it asked for secret " + name + ", which its manifest does not list");
        return {HUB_UNAUTHENTICATED, ""};
    }
    return packedBytes(keys_.secret(name));
}

HubDesk::Served HubDesk::blob(const hubp::Service& service)
{
    const std::lock_guard lock(mutex_);
    if (service.operation == "begin") {
        const std::uint64_t id = writers_.empty() ? 1 : writers_.rbegin()->first + 1;
        writers_[id] = "";
        return packed(hubp::BlobWriter{id});
    }
    if (service.operation == "append") {
        const auto wanted = hubp::decodeService<hubp::BlobAppend>(service.arguments);
        const auto writer = wanted.ok() ? writers_.find(wanted.value().writer) : writers_.end();
        if (writer == writers_.end()) {
            return {HUB_NOT_FOUND, ""};
        }
        writer->second += wanted.value().bytes;
        return {HUB_OK, ""};
    }
    if (service.operation == "finish") {
        const auto wanted = hubp::decodeService<hubp::BlobWriter>(service.arguments);
        const auto writer = wanted.ok() ? writers_.find(wanted.value().writer) : writers_.end();
        if (writer == writers_.end()) {
            return {HUB_NOT_FOUND, ""};
        }
        const std::string name = toHex(Keyring::digest("sha256", writer->second).value());
        blobs_[name] = std::move(writer->second);
        writers_.erase(writer);
        return packed(hubp::BlobDigest{name});
    }
    if (service.operation == "read") {
        const auto wanted = hubp::decodeService<hubp::BlobRange>(service.arguments);
        const auto found = wanted.ok() ? blobs_.find(wanted.value().digest) : blobs_.end();
        if (found == blobs_.end() || wanted.value().offset > found->second.size()) {
            return {HUB_NOT_FOUND, ""};
        }
        return packed(
            hubp::Bytes{found->second.substr(wanted.value().offset, wanted.value().size)});
    }
    const auto wanted = hubp::decodeService<hubp::BlobDigest>(service.arguments);
    const auto found = wanted.ok() ? blobs_.find(wanted.value().digest) : blobs_.end();
    return found == blobs_.end() ? Served{HUB_NOT_FOUND, ""}
                                 : packed(hubp::BlobSize{found->second.size()});
}

bool HubDesk::maySend(const hubp::HttpExchange& request)
{
    const Json http = objectOf(description_.manifest, "http");
    const bool is_listed = lists(http, "hosts", hostOf(request.url));
    const bool is_provider = provider_ != nullptr && provider_->serves(request.url);
    if (!lists(http, "methods", request.method) || (!is_listed && !is_provider) ||
        !request.url.starts_with("https://")) {
        trespass("it asked for " + request.method + " " + hostOf(request.url) +
                 ", which its manifest does not list");
        return false;
    }
    return true;
}

/// The account may name further hosts; conformance.json writes down which.
bool HubDesk::mayOpen(const std::string& address)
{
    if (lists(objectOf(description_.manifest, "stream"), "hosts", address) ||
        lists(objectOf(description_.text, "stream"), "hosts", address)) {
        return true;
    }
    trespass("it opened a stream to " + address + ", which its manifest does not list");
    return false;
}

void HubDesk::begin(hub_call_id call, hubp::HttpExchange request, Reply reply)
{
    const std::lock_guard lock(mutex_);
    if (!closed_) {
        threads_.emplace_back(
            [this, call, request = std::move(request), reply = std::move(reply)]() mutable {
                exchange(call, std::move(request), reply);
            });
    }
}

void HubDesk::exchange(hub_call_id call, hubp::HttpExchange request, const Reply& reply)
{
    Fate fate = Fate::Deliver;
    std::size_t index = 0;
    {
        const std::lock_guard lock(mutex_);
        fate = fate_;
        index = sent_.size();
        sent_.push_back({call, request, {}});
    }
    changed_.notify_all();
    if (fate == Fate::NotSent || provider_ == nullptr || !provider_->serves(request.url)) {
        reply(HUB_UNAVAILABLE, "");
        return;
    }
    auto answer = provider_->exchange(request);
    std::unique_lock lock(mutex_);
    if (fate == Fate::Hold) {
        while (!released_ && unixNowMs() < hold_end_ms_) {
            changed_.wait_for(lock, Milliseconds(20));
        }
    }
    if (!answer.ok() || fate == Fate::CutAfterSend || (fate == Fate::Hold && !released_)) {
        lock.unlock();
        reply(HUB_OUTCOME_UNKNOWN, "");
        return;
    }
    if (bend_) {
        bend_(answer.value());
    }
    sent_[index].answer = answer.value();
    lock.unlock();
    const Served served = packed(answer.value());
    reply(served.first, served.second);
}

} // namespace hub::conformance
