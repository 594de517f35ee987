// Host: what the hub offers to a library, as C++. Thread-safe; a value that may be copied freely
// and is valid until the library is destroyed.
#pragma once

#include <hub/event.hpp>
#include <hub/ext/blob.h>
#include <hub/ext/clock.h>
#include <hub/ext/http.h>
#include <hub/ext/keys.h>
#include <hub/ext/secrets.h>
#include <hub/plugin.h>
#include <hub/result.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub {

struct HttpRequest {
    std::string method = "POST";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::uint32_t total_timeout_ms = 0;
};

struct HttpResponse {
    std::uint32_t status = 0;
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;

    std::string_view header(std::string_view name) const
    {
        for (const auto& [key, value] : headers) {
            if (key == name) {
                return value;
            }
        }
        return {};
    }
};

/// A cipher's parameters; what the algorithm does not use stays empty.
struct Cipher {
    std::string algorithm;
    std::string nonce;
    std::string associated_data;
};

/// One part of a digest: literal bytes, or a secret by role name.
struct DigestPart {
    std::string secret;
    std::string bytes;
};

/// An event to publish. Events carry identifiers, never personal data.
struct Publication {
    std::string type;
    std::string key;
    std::string payload;
    std::uint32_t schema_version = 1;
    std::string id;      // empty: drawn by the hub
    std::string edition; // empty: taken from what is being handled
    std::string correlation_id;
};

enum class LogLevel { Trace, Debug, Info, Warning, Error, Critical };

class Host {
public:
    Host(hub_context* context, const hub_host_api* api) noexcept
        : context_(context)
        , api_(api)
    {}

    hub_context* context() const noexcept { return context_; }
    const hub_host_api& api() const noexcept { return *api_; }

    void log(LogLevel level, std::string_view message) const noexcept
    {
        api_->log(context_, static_cast<std::int32_t>(level), toText(message));
    }

    /// NULL when the manifest or the operator does not grant it.
    template <typename Table>
    const Table* extension(const char* id) const noexcept
    {
        return static_cast<const Table*>(api_->get_extension(context_, id));
    }

    /// Publishes from a task and waits for the commit.
    Result<void> publish(const Publication& publication) const
    {
        const hub_event event = envelope(publication);
        const hub_status status = api_->publish(context_, nullptr, &event, nullptr, nullptr);
        if (status != HUB_OK && status != HUB_ALREADY_DONE) {
            return Error{status, "the event " + publication.type + " was not published"};
        }
        return {};
    }

    /// Publishes from a task without waiting; `done` is called once, after the commit, unless
    /// this answers HUB_THROTTLED.
    hub_status
    publishAsync(const Publication& publication, hub_published_fn done, void* user) const noexcept
    {
        const hub_event event = envelope(publication);
        return api_->publish(context_, nullptr, &event, done, user);
    }

    std::int64_t nowMs() const noexcept
    {
        const auto* clock = extension<hub_clock_v1>(HUB_EXT_CLOCK_1);
        return clock == nullptr ? 0 : clock->now_unix_ms(context_, nullptr);
    }

    std::string random(std::size_t size) const
    {
        std::string bytes(size, '\0');
        if (const auto* clock = extension<hub_clock_v1>(HUB_EXT_CLOCK_1)) {
            clock->random(context_, reinterpret_cast<std::uint8_t*>(bytes.data()), size);
        }
        return bytes;
    }

    /// One exchange within the live delivery `call`. See ext/http.h for what the codes promise.
    Result<HttpResponse> exchange(hub_call_id call, const HttpRequest& request) const
    {
        const auto* http = extension<hub_http_v1>(HUB_EXT_HTTP_1);
        if (http == nullptr) {
            return Error{HUB_UNSUPPORTED, "the manifest does not list hub.http/1"};
        }
        std::vector<hub_header> headers;
        headers.reserve(request.headers.size());
        for (const auto& [name, value] : request.headers) {
            headers.push_back({toText(name), toText(value)});
        }
        hub_http_request raw{};
        raw.struct_size = sizeof raw;
        raw.method = toText(request.method);
        raw.url = toText(request.url);
        raw.headers = headers.data();
        raw.header_count = static_cast<std::uint32_t>(headers.size());
        raw.body = toBytes(request.body);
        raw.total_timeout_ms = request.total_timeout_ms;
        HttpResponse response;
        const hub_status status =
            http->exchange(context_, call, &raw, &Host::receiveResponse, &response);
        if (status != HUB_OK) {
            return Error{status, exchangeMessage(status)};
        }
        return response;
    }

    Result<std::string> sign(hub_call_id call,
                             std::string_view key,
                             std::string_view algorithm,
                             std::string_view data) const
    {
        return withKeys([&](const hub_keys_v1& keys, std::string& out) {
            return keys.sign(context_,
                             call,
                             toText(key),
                             toText(algorithm),
                             toBytes(data),
                             &Host::receiveBytes,
                             &out);
        });
    }

    /// HUB_OK: genuine; HUB_REJECTED: not; anything else: could not be checked.
    hub_status verify(hub_call_id call,
                      std::string_view key,
                      std::string_view algorithm,
                      std::string_view data,
                      std::string_view signature) const noexcept
    {
        const auto* keys = extension<hub_keys_v1>(HUB_EXT_KEYS_1);
        if (keys == nullptr) {
            return HUB_UNSUPPORTED;
        }
        return keys->verify(
            context_, call, toText(key), toText(algorithm), toBytes(data), toBytes(signature));
    }

    Result<std::string> hmac(hub_call_id call,
                             std::string_view key,
                             std::string_view algorithm,
                             std::string_view data) const
    {
        return withKeys([&](const hub_keys_v1& keys, std::string& out) {
            return keys.hmac(context_,
                             call,
                             toText(key),
                             toText(algorithm),
                             toBytes(data),
                             &Host::receiveBytes,
                             &out);
        });
    }

    Result<std::string>
    digest(hub_call_id call, std::string_view algorithm, const std::vector<DigestPart>& parts) const
    {
        std::vector<hub_digest_part> raw;
        raw.reserve(parts.size());
        for (const DigestPart& part : parts) {
            raw.push_back({toText(part.secret), toBytes(part.bytes)});
        }
        return withKeys([&](const hub_keys_v1& keys, std::string& out) {
            return keys.digest(context_,
                               call,
                               toText(algorithm),
                               raw.data(),
                               static_cast<std::uint32_t>(raw.size()),
                               &Host::receiveBytes,
                               &out);
        });
    }

    Result<std::string> encrypt(hub_call_id call,
                                std::string_view key,
                                const Cipher& cipher,
                                std::string_view plain) const
    {
        const hub_cipher raw = toRaw(cipher);
        return withKeys([&](const hub_keys_v1& keys, std::string& out) {
            return keys.encrypt(
                context_, call, toText(key), &raw, toBytes(plain), &Host::receiveBytes, &out);
        });
    }

    Result<std::string> decrypt(hub_call_id call,
                                std::string_view key,
                                const Cipher& cipher,
                                std::string_view bytes) const
    {
        const hub_cipher raw = toRaw(cipher);
        return withKeys([&](const hub_keys_v1& keys, std::string& out) {
            return keys.decrypt(
                context_, call, toText(key), &raw, toBytes(bytes), &Host::receiveBytes, &out);
        });
    }

    Result<std::string> publicPart(hub_call_id call, std::string_view key) const
    {
        return withKeys([&](const hub_keys_v1& keys, std::string& out) {
            return keys.public_part(context_, call, toText(key), &Host::receiveBytes, &out);
        });
    }

    /// Of all versions in use, newest first, PEM after PEM.
    Result<std::string> publicParts(hub_call_id call, std::string_view key) const
    {
        return withKeys([&](const hub_keys_v1& keys, std::string& out) -> hub_status {
            return keys.struct_size < sizeof keys
                       ? HUB_UNSUPPORTED
                       : keys.public_parts(context_, call, toText(key), &Host::receiveBytes, &out);
        });
    }

    /// HUB_OK or HUB_ALREADY_DONE: it is among the versions in use.
    hub_status
    addPublic(hub_call_id call, std::string_view key, std::string_view pem) const noexcept
    {
        const auto* keys = extension<hub_keys_v1>(HUB_EXT_KEYS_1);
        return keys == nullptr || keys->struct_size < sizeof *keys
                   ? HUB_UNSUPPORTED
                   : keys->add_public(context_, call, toText(key), toBytes(pem));
    }

private:
    static hub_event envelope(const Publication& publication) noexcept
    {
        hub_event event{};
        event.struct_size = sizeof event;
        event.source = HUB_SOURCE_EVENT;
        event.id = toText(publication.id);
        event.type = toText(publication.type);
        event.key = toText(publication.key);
        event.edition = toText(publication.edition);
        event.correlation_id = toText(publication.correlation_id);
        event.schema_version = publication.schema_version;
        event.payload = toBytes(publication.payload);
        return event;
    }

    static hub_cipher toRaw(const Cipher& cipher) noexcept
    {
        return {toText(cipher.algorithm), toBytes(cipher.nonce), toBytes(cipher.associated_data)};
    }

    template <typename Use>
    Result<std::string> withKeys(Use&& use) const
    {
        const auto* keys = extension<hub_keys_v1>(HUB_EXT_KEYS_1);
        if (keys == nullptr) {
            return Error{HUB_UNSUPPORTED, "the manifest does not list hub.keys/1"};
        }
        std::string out;
        const hub_status status = use(*keys, out);
        if (status != HUB_OK) {
            return Error{status, keyMessage(status)};
        }
        return out;
    }

    static std::string exchangeMessage(hub_status status)
    {
        switch (status) {
        case HUB_UNAVAILABLE:
            return "the request was not sent";
        case HUB_OUTCOME_UNKNOWN:
            return "the request may have been sent, no complete answer came";
        case HUB_REJECTED:
            return "the manifest does not allow this exchange";
        default:
            return "the exchange failed";
        }
    }

    static std::string keyMessage(hub_status status)
    {
        switch (status) {
        case HUB_NOT_FOUND:
            return "the account has no such key";
        case HUB_UNAUTHENTICATED:
            return "the manifest does not list this use of the key";
        case HUB_UNSUPPORTED:
            return "the hub lacks this algorithm";
        case HUB_REJECTED:
            return "the bytes are not genuine";
        default:
            return "the key could not be used";
        }
    }

    static void receiveBytes(void* user, hub_bytes bytes) noexcept
    {
        static_cast<std::string*>(user)->assign(view(bytes));
    }

    static void receiveResponse(void* user, const hub_http_response* raw) noexcept
    {
        auto& response = *static_cast<HttpResponse*>(user);
        response.status = raw->http_status;
        for (std::uint32_t i = 0; i < raw->header_count; ++i) {
            response.headers.emplace_back(view(raw->headers[i].name), view(raw->headers[i].value));
        }
        response.body.assign(view(raw->body));
    }

    hub_context* context_;
    const hub_host_api* api_;
};

} // namespace hub
