// The hub as a connector's shipped library sees it, where the SDK's fakes end: the hub's own
// cryptography, so that a key may come with its certificate and a symmetric key opens what is
// sealed; blobs; as many exchanges as the hub allows to a safe operation. One delivery at a time.
#pragma once

#include "security/asymmetric_key.hpp"
#include "security/symmetric.hpp"

#include <hub/host.hpp>
#include <hub/testing/connector_fake.hpp>

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connector_test {

class Desk {
public:
    using Exchange = std::function<hub::Result<hub::HttpResponse>(const hub::HttpRequest&)>;

    Desk() = default;
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;
    ~Desk()
    {
        if (instance_ != nullptr) {
            api_->stop(instance_, now_ms);
            api_->destroy(instance_);
        }
    }

    /// PEM; a private key may stand beside its certificate.
    void addKey(const std::string& role, const std::string& pem)
    {
        keys_.insert_or_assign(role, parse(role, pem));
    }

    /// One version more of a role, as the hub keeps them: each of them verifies, all are public.
    void addVersion(const std::string& role, const std::string& pem)
    {
        versions_.emplace(role, parse(role, pem));
    }

    void removeKey(const std::string& role)
    {
        keys_.erase(role);
        secrets_.erase(role);
    }

    /// The bytes of a symmetric key.
    void addSecret(const std::string& role, const std::string& bytes) { secrets_[role] = bytes; }

    /// Throws with the library's own words when it refuses.
    void start(const std::string& library, const std::string& create_json)
    {
        api_ = hub::testing::loadEntry(library)(HUB_ABI_MAJOR, HUB_ABI_MINOR);
        hub_result error{};
        error.struct_size = sizeof error;
        instance_ = api_->create(
            reinterpret_cast<hub_context*>(this), hostApi(), hub::toText(create_json), &error);
        if (instance_ == nullptr) {
            throw std::runtime_error(std::string{hub::view(error.message)});
        }
        api_->start(instance_);
    }

    hub::Answer
    call(std::string_view account, std::string_view operation, const std::string& payload)
    {
        answer_.reset();
        hub_event event{};
        event.struct_size = sizeof event;
        event.kind = HUB_KIND_TASK;
        event.source = operation == "callback" ? HUB_SOURCE_CALLBACK : HUB_SOURCE_CALL;
        event.call_id = ++last_call_;
        event.type = hub::toText(contract);
        event.operation = hub::toText(operation);
        event.account = hub::toText(account);
        event.payload = hub::toBytes(payload);
        api_->handle(instance_, &event);
        if (!answer_) {
            throw std::runtime_error("the library did not answer");
        }
        return *answer_;
    }

    Exchange exchange; // answers what the library sends
    std::vector<hub::HttpRequest> requests;
    std::vector<std::pair<std::string, std::string>> added; // role and PEM
    std::vector<std::string> blobs; // finished ones; the name is "blob" and the place, from 0
    std::map<std::string, std::string, std::less<>> kept; // blobs to be read, by their names
    std::string contract = "payment";
    std::int64_t now_ms = 1795228800000;
    bool has_blobs = true;

private:
    static Desk& self(hub_context* context) noexcept { return *reinterpret_cast<Desk*>(context); }

    static hub::security::AsymmetricKey parse(const std::string& role, const std::string& pem)
    {
        auto key = hub::security::AsymmetricKey::parse(pem);
        if (!key.ok()) {
            throw std::runtime_error(role + ": " + key.error().message);
        }
        return std::move(key).value();
    }

    static hub_status
    give(const hub::Result<std::string>& result, hub_bytes_fn sink, void* user) noexcept
    {
        if (!result.ok()) {
            return result.error().code;
        }
        sink(user, hub::toBytes(result.value()));
        return HUB_OK;
    }

    const hub::security::AsymmetricKey* find(hub_text role) const
    {
        const auto found = keys_.find(hub::view(role));
        return found == keys_.end() ? nullptr : &found->second;
    }

    static const hub_host_api* hostApi() noexcept
    {
        static const hub_host_api kApi = {
            sizeof(hub_host_api),
            HUB_ABI_MAJOR,
            HUB_ABI_MINOR,
            [](hub_context* context, hub_call_id, const hub_result* result) noexcept {
                self(context).answer_ = hub::Answer{result->status,
                                                    std::string{hub::view(result->message)},
                                                    std::string{hub::view(result->payload)},
                                                    result->retry_after_ms};
            },
            nullptr, // publish: nothing is published
            nullptr,
            nullptr,
            [](hub_context*, std::int32_t, hub_text) noexcept {},
            &Desk::onGetExtension};
        return &kApi;
    }

    static const void* onGetExtension(hub_context* context, const char* id) noexcept
    {
        const std::string_view name{id};
        if (name == HUB_EXT_CLOCK_1) {
            return clockTable();
        }
        if (name == HUB_EXT_HTTP_1) {
            return httpTable();
        }
        if (name == HUB_EXT_BLOB_1 && self(context).has_blobs) {
            return blobTable();
        }
        return name == HUB_EXT_KEYS_1 ? keysTable() : nullptr;
    }

    static const hub_clock_v1* clockTable() noexcept
    {
        static const hub_clock_v1 kTable = {
            sizeof(hub_clock_v1),
            0,
            [](hub_context* context, hub_unit*) noexcept { return self(context).now_ms; },
            [](hub_context* context, std::uint8_t* bytes, std::uint64_t size) noexcept {
                for (std::uint64_t i = 0; i < size; ++i) {
                    bytes[i] = ++self(context).drawn_;
                }
            },
            nullptr,
            nullptr};
        return &kTable;
    }

    static const hub_http_v1* httpTable() noexcept
    {
        static const hub_http_v1 kTable = {sizeof(hub_http_v1), 0, &Desk::onExchange};
        return &kTable;
    }

    static hub_status onExchange(hub_context* context,
                                 hub_call_id,
                                 const hub_http_request* raw,
                                 hub_http_response_fn response,
                                 void* user) noexcept
    {
        hub::HttpRequest request;
        request.method = hub::view(raw->method);
        request.url = hub::view(raw->url);
        request.body = hub::view(raw->body);
        for (std::uint32_t i = 0; i < raw->header_count; ++i) {
            request.headers.emplace_back(hub::view(raw->headers[i].name),
                                         hub::view(raw->headers[i].value));
        }
        self(context).requests.push_back(request);
        const auto result = self(context).exchange(request);
        if (!result.ok()) {
            return result.error().code;
        }
        std::vector<hub_header> headers;
        for (const auto& [name, value] : result.value().headers) {
            headers.push_back({hub::toText(name), hub::toText(value)});
        }
        hub_http_response out{};
        out.struct_size = sizeof out;
        out.http_status = result.value().status;
        out.headers = headers.data();
        out.header_count = static_cast<std::uint32_t>(headers.size());
        out.body = hub::toBytes(result.value().body);
        response(user, &out);
        return HUB_OK;
    }

    static const hub_blob_v1* blobTable() noexcept
    {
        static const hub_blob_v1 kTable = {
            sizeof(hub_blob_v1),
            0,
            [](hub_context* context, hub_call_id, hub_blob_writer* writer) noexcept -> hub_status {
                self(context).open_blob_.clear();
                *writer = 1;
                return HUB_OK;
            },
            [](hub_context* context, hub_blob_writer, hub_bytes bytes) noexcept -> hub_status {
                self(context).open_blob_ += hub::view(bytes);
                return hub::view(bytes).size() <= HUB_PAYLOAD_BYTES_MAX ? HUB_OK : HUB_BAD_REQUEST;
            },
            [](hub_context* context, hub_blob_writer, hub_bytes_fn sink, void* user) noexcept
            -> hub_status {
                Desk& desk = self(context);
                const std::string name = "blob" + std::to_string(desk.blobs.size());
                desk.blobs.push_back(std::move(desk.open_blob_));
                sink(user, hub::toBytes(name));
                return HUB_OK;
            },
            &Desk::onReadBlob,
            nullptr};
        return &kTable;
    }

    static hub_status onReadBlob(hub_context* context,
                                 hub_unit*,
                                 hub_text digest,
                                 std::uint64_t offset,
                                 std::uint64_t size,
                                 hub_bytes_fn bytes,
                                 void* user) noexcept
    {
        const auto found = self(context).kept.find(hub::view(digest));
        if (found == self(context).kept.end() || offset > found->second.size()) {
            return HUB_NOT_FOUND;
        }
        bytes(user, hub::toBytes(std::string_view{found->second}.substr(offset, size)));
        return HUB_OK;
    }

    static const hub_keys_v1* keysTable() noexcept
    {
        static const hub_keys_v1 kTable = [] {
            hub_keys_v1 table{};
            table.struct_size = sizeof table;
            table.sign = &Desk::onSign;
            table.verify = &Desk::onVerify;
            table.hmac = &Desk::onHmac;
            table.decrypt = &Desk::onDecrypt;
            table.digest = &Desk::onDigest;
            table.public_part = [](hub_context* context,
                                   hub_call_id,
                                   hub_text role,
                                   hub_bytes_fn sink,
                                   void* user) noexcept -> hub_status {
                const auto* key = self(context).find(role);
                return key == nullptr ? hub_status{HUB_NOT_FOUND}
                                      : give(key->publicPart(), sink, user);
            };
            table.public_parts = &Desk::onPublicParts;
            table.add_public = [](hub_context* context,
                                  hub_call_id,
                                  hub_text role,
                                  hub_bytes pem) noexcept -> hub_status {
                self(context).added.emplace_back(hub::view(role), hub::view(pem));
                return HUB_OK;
            };
            return table;
        }();
        return &kTable;
    }

    static hub_status onSign(hub_context* context,
                             hub_call_id,
                             hub_text role,
                             hub_text algorithm,
                             hub_bytes data,
                             hub_bytes_fn sink,
                             void* user) noexcept
    {
        const auto* key = self(context).find(role);
        return key == nullptr ? hub_status{HUB_NOT_FOUND}
                              : give(key->sign(hub::view(algorithm), hub::view(data)), sink, user);
    }

    static hub_status onVerify(hub_context* context,
                               hub_call_id,
                               hub_text role,
                               hub_text algorithm,
                               hub_bytes data,
                               hub_bytes signature) noexcept
    {
        const auto* key = self(context).find(role);
        if (key == nullptr) {
            return HUB_NOT_FOUND;
        }
        auto verdict = key->verify(hub::view(algorithm), hub::view(data), hub::view(signature));
        const auto [first, last] =
            self(context).versions_.equal_range(std::string{hub::view(role)});
        for (auto version = first; version != last && !verdict.ok(); ++version) {
            verdict =
                version->second.verify(hub::view(algorithm), hub::view(data), hub::view(signature));
        }
        return verdict.ok() ? hub_status{HUB_OK} : verdict.error().code;
    }

    static hub_status onPublicParts(
        hub_context* context, hub_call_id, hub_text role, hub_bytes_fn sink, void* user) noexcept
    {
        const auto* key = self(context).find(role);
        if (key == nullptr) {
            return HUB_NOT_FOUND;
        }
        std::string all = key->publicPart();
        const auto [first, last] =
            self(context).versions_.equal_range(std::string{hub::view(role)});
        for (auto version = first; version != last; ++version) {
            all += version->second.publicPart();
        }
        sink(user, hub::toBytes(all));
        return HUB_OK;
    }

    static hub_status onHmac(hub_context* context,
                             hub_call_id,
                             hub_text role,
                             hub_text algorithm,
                             hub_bytes data,
                             hub_bytes_fn sink,
                             void* user) noexcept
    {
        const auto& secrets = self(context).secrets_;
        const auto key = secrets.find(hub::view(role));
        return key == secrets.end() ? hub_status{HUB_NOT_FOUND}
                                    : give(hub::security::hmacBytes(
                                               hub::view(algorithm), key->second, hub::view(data)),
                                           sink,
                                           user);
    }

    static hub_status onDecrypt(hub_context* context,
                                hub_call_id,
                                hub_text role,
                                const hub_cipher* cipher,
                                hub_bytes bytes,
                                hub_bytes_fn sink,
                                void* user) noexcept
    {
        const auto& secrets = self(context).secrets_;
        const auto key = secrets.find(hub::view(role));
        if (key == secrets.end()) {
            return HUB_NOT_FOUND;
        }
        return give(hub::security::decryptSymmetric({hub::view(cipher->algorithm),
                                                     key->second,
                                                     hub::view(cipher->nonce),
                                                     hub::view(cipher->associated_data)},
                                                    hub::view(bytes)),
                    sink,
                    user);
    }

    static hub_status onDigest(hub_context*,
                               hub_call_id,
                               hub_text algorithm,
                               const hub_digest_part* parts,
                               std::uint32_t count,
                               hub_bytes_fn sink,
                               void* user) noexcept
    {
        std::vector<std::string_view> texts;
        for (std::uint32_t i = 0; i < count; ++i) {
            texts.push_back(hub::view(parts[i].bytes));
        }
        return give(hub::security::digestBytes(hub::view(algorithm), texts), sink, user);
    }

    const hub_plugin_api* api_ = nullptr;
    hub_instance* instance_ = nullptr;
    hub_call_id last_call_ = 0;
    std::optional<hub::Answer> answer_;
    std::map<std::string, hub::security::AsymmetricKey, std::less<>> keys_;
    std::multimap<std::string, hub::security::AsymmetricKey> versions_;
    std::map<std::string, std::string, std::less<>> secrets_;
    std::string open_blob_;
    std::uint8_t drawn_ = 0;
};

} // namespace connector_test
