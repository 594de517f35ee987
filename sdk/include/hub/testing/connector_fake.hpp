// ConnectorFake: the hub as a connector or subscriber sees it, without the hub. It drives the
// exported C functions in the hub's order (create, start, handle, stop, destroy), hands out the
// fakes of time, keys and HTTP, and collects what the library answers, logs and publishes.
//
//     hub::testing::ConnectorFake fake;
//     fake.keys().addSecret("api_key", "…");
//     fake.start(&hub_plugin_entry, R"({"accounts":{"main":{"config":{…}}}})");
//     fake.http().answer(200, R"({"state":"paid"})");
//     const hub::Answer answer = fake.call("main", "query", R"({"number":"…"})");
#pragma once

#include <hub/event.hpp>
#include <hub/host.hpp>
#include <hub/plugin.h>
#include <hub/testing/clock_fake.hpp>
#include <hub/testing/http_fake.hpp>
#include <hub/testing/keys_fake.hpp>
#include <hub/testing/stream_fake.hpp>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <dlfcn.h>

namespace hub::testing {

/// What a test hands to the library.
struct Delivery {
    std::uint32_t source = HUB_SOURCE_CALL;
    std::string type = "payment";
    std::string operation;
    std::string account;
    std::string key;
    std::string payload = "{}";
    std::string id = "01990000-0000-7000-8000-000000000001";
    std::string idempotency_key;
    std::int64_t seq = 0;
    std::uint32_t attempt = 1;
    std::uint32_t flags = 0;
    std::uint32_t schema_version = 1;
};

struct LogLine {
    std::int32_t level = 0;
    std::string text;
};

/// The entry point of a shared object. Throws std::runtime_error with the loader's reason.
inline hub_plugin_entry_fn loadEntry(const std::string& path)
{
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* symbol = handle == nullptr ? nullptr : dlsym(handle, HUB_PLUGIN_ENTRY_SYMBOL);
    if (symbol == nullptr) {
        throw std::runtime_error(path + " can't be loaded: " + dlerror());
    }
    return reinterpret_cast<hub_plugin_entry_fn>(symbol);
}

class ConnectorFake {
public:
    ConnectorFake() = default;
    ConnectorFake(const ConnectorFake&) = delete;
    ConnectorFake& operator=(const ConnectorFake&) = delete;
    ~ConnectorFake() { stop(); }

    ClockFake& clock() noexcept { return clock_; }
    HttpFake& http() noexcept { return http_; }
    KeysFake& keys() noexcept { return keys_; }
    StreamFake& streams() noexcept { return streams_; }

    /// Throws std::runtime_error with the library's own words when it refuses.
    void start(hub_plugin_entry_fn entry, std::string_view create_json)
    {
        api_ = entry(HUB_ABI_MAJOR, HUB_ABI_MINOR);
        if (api_ == nullptr) {
            throw std::runtime_error("the library refuses this version of the hub");
        }
        hub_result error{};
        error.struct_size = sizeof error;
        instance_ = api_->create(context(), hostApi(), toText(create_json), &error);
        if (instance_ == nullptr) {
            throw std::runtime_error(std::string{view(error.message)});
        }
        if (api_->start(instance_) != HUB_OK) {
            stop();
            throw std::runtime_error("start() failed");
        }
    }

    void stop()
    {
        // As the hub does: streams fail, sessions return, and only then the library stops.
        streams_.stop();
        for (std::thread& session : sessions_) {
            session.join();
        }
        sessions_.clear();
        if (instance_ != nullptr) {
            api_->stop(instance_, clock_.nowMs() + 5000);
            api_->destroy(std::exchange(instance_, nullptr));
        }
    }

    /// Hands over one delivery and waits for its answer. Throws std::runtime_error when none came
    /// within ten seconds.
    Answer deliver(const Delivery& delivery)
    {
        const hub_call_id call = nextCall();
        hand(call, delivery);
        return answerOf(call);
    }

    Answer call(std::string account, std::string operation, std::string payload)
    {
        Delivery delivery;
        delivery.account = std::move(account);
        delivery.operation = std::move(operation);
        delivery.payload = std::move(payload);
        return deliver(delivery);
    }

    /// Leases the standing connection of an account to the library, on a thread of its own; the
    /// session's name. It ends by itself or with stop().
    hub_call_id session(std::string account)
    {
        Delivery delivery;
        delivery.source = HUB_SOURCE_SESSION;
        delivery.type.clear();
        delivery.operation = "session";
        delivery.account = std::move(account);
        const hub_call_id call = nextCall();
        sessions_.emplace_back([this, call, delivery] { hand(call, delivery); });
        return call;
    }

    /// How the session ended. Throws std::runtime_error when it has not within ten seconds.
    Answer sessionEnd(hub_call_id session) { return answerOf(session); }

    /// A provider's callback as the hub hands it to a connector.
    Answer callback(std::string account, std::string_view body, std::string_view method = "POST")
    {
        Delivery delivery;
        delivery.source = HUB_SOURCE_CALLBACK;
        delivery.account = std::move(account);
        delivery.operation = "callback";
        delivery.payload = R"({"method":")" + std::string{method} +
                           R"(","path":"/callback/fake","query":"","headers":{},"body_base64":")" +
                           toBase64(body) + R"("})";
        return deliver(delivery);
    }

    /// For callbacks that a test puts together by itself.
    static std::string toBase64(std::string_view bytes)
    {
        std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
        const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                         reinterpret_cast<const unsigned char*>(bytes.data()),
                                         static_cast<int>(bytes.size()));
        out.resize(static_cast<std::size_t>(size));
        return out;
    }

    std::vector<LogLine> logs() const
    {
        const std::lock_guard lock(mutex_);
        return logs_;
    }

    std::vector<Publication> publications() const
    {
        const std::lock_guard lock(mutex_);
        return publications_;
    }

    /// Answers to deliveries that had one already.
    int extraAnswers() const
    {
        const std::lock_guard lock(mutex_);
        return extra_answers_;
    }

    /// What publish() answers from now on.
    void setPublishStatus(hub_status status)
    {
        const std::lock_guard lock(mutex_);
        publish_status_ = status;
    }

    /// Hides an extension, as a manifest that does not list it would.
    void withhold(const std::string& extension)
    {
        const std::lock_guard lock(mutex_);
        withheld_.push_back(extension);
    }

private:
    Answer answerOf(hub_call_id call)
    {
        std::unique_lock lock(mutex_);
        const bool is_answered = answered_.wait_for(
            lock, std::chrono::seconds{10}, [&] { return answers_.count(call) != 0; });
        if (!is_answered) {
            throw std::runtime_error("no answer within ten seconds");
        }
        return answers_.at(call);
    }

    void hand(hub_call_id call, const Delivery& delivery)
    {
        hub_event event{};
        event.struct_size = sizeof event;
        event.kind = HUB_KIND_TASK;
        event.source = delivery.source;
        event.flags = delivery.flags;
        event.call_id = call;
        event.seq = delivery.seq;
        event.schema_version = delivery.schema_version;
        event.attempt = delivery.attempt;
        event.id = toText(delivery.id);
        event.type = toText(delivery.type);
        event.operation = toText(delivery.operation);
        event.key = toText(delivery.key);
        event.account = toText(delivery.account);
        event.idempotency_key = toText(delivery.idempotency_key);
        event.time_unix_ms = clock_.nowMs();
        const bool is_session = delivery.source == HUB_SOURCE_SESSION;
        event.deadline_unix_ms = is_session ? 0 : clock_.nowMs() + 15000;
        event.payload = toBytes(delivery.payload);
        api_->handle(instance_, &event);
    }

    hub_call_id nextCall()
    {
        const std::lock_guard lock(mutex_);
        return ++last_call_;
    }

    hub_context* context() noexcept { return reinterpret_cast<hub_context*>(this); }

    static ConnectorFake& self(hub_context* context) noexcept
    {
        return *reinterpret_cast<ConnectorFake*>(context);
    }

    // ---- The C functions that the library sees.

    static const hub_host_api* hostApi() noexcept
    {
        static const hub_host_api kApi = {sizeof(hub_host_api),
                                          HUB_ABI_MAJOR,
                                          HUB_ABI_MINOR,
                                          &ConnectorFake::onComplete,
                                          &ConnectorFake::onPublish,
                                          nullptr, // call: units only
                                          nullptr, // release_call: units only
                                          &ConnectorFake::onLog,
                                          &ConnectorFake::onGetExtension};
        return &kApi;
    }

    static void
    onComplete(hub_context* context, hub_call_id call, const hub_result* result) noexcept
    {
        ConnectorFake& fake = self(context);
        fake.streams_.endDelivery(call);
        const std::lock_guard lock(fake.mutex_);
        const Answer answer{result->status,
                            std::string{view(result->message)},
                            std::string{view(result->payload)},
                            result->retry_after_ms};
        if (!fake.answers_.emplace(call, answer).second) {
            ++fake.extra_answers_;
        }
        fake.answered_.notify_all();
    }

    static hub_status onPublish(hub_context* context,
                                hub_unit*,
                                const hub_event* event,
                                hub_published_fn done,
                                void* user) noexcept
    {
        ConnectorFake& fake = self(context);
        hub_status status = HUB_OK;
        std::int64_t seq = 0;
        {
            const std::lock_guard lock(fake.mutex_);
            status = fake.publish_status_;
            if (status == HUB_OK) {
                fake.publications_.push_back({std::string{view(event->type)},
                                              std::string{view(event->key)},
                                              std::string{view(event->payload)},
                                              event->schema_version,
                                              std::string{view(event->id)},
                                              std::string{view(event->edition)},
                                              std::string{view(event->correlation_id)}});
            }
            seq = static_cast<std::int64_t>(fake.publications_.size());
        }
        if (done != nullptr && status != HUB_THROTTLED) {
            done(user, status, seq);
        }
        return status;
    }

    static void onLog(hub_context* context, std::int32_t level, hub_text message) noexcept
    {
        ConnectorFake& fake = self(context);
        const std::lock_guard lock(fake.mutex_);
        fake.logs_.push_back({level, std::string{view(message)}});
    }

    static const void* onGetExtension(hub_context* context, const char* id) noexcept
    {
        ConnectorFake& fake = self(context);
        const std::string_view name{id};
        const std::lock_guard lock(fake.mutex_);
        for (const std::string& hidden : fake.withheld_) {
            if (hidden == name) {
                return nullptr;
            }
        }
        if (name == HUB_EXT_CLOCK_1) {
            return clockTable();
        }
        if (name == HUB_EXT_HTTP_1) {
            return httpTable();
        }
        if (name == HUB_EXT_STREAM_1) {
            return streamTable();
        }
        return name == HUB_EXT_KEYS_1 ? keysTable() : nullptr;
    }

    static const hub_stream_v1* streamTable() noexcept
    {
        static const hub_stream_v1 kTable = {
            sizeof(hub_stream_v1),
            0,
            [](hub_context* context,
               hub_call_id call,
               hub_text address,
               std::uint32_t security,
               std::uint32_t,
               hub_stream* stream) noexcept {
                return self(context).streams_.open(call, view(address), security, stream);
            },
            [](hub_context* context, hub_stream stream, std::uint32_t) noexcept {
                return self(context).streams_.secure(stream);
            },
            [](hub_context* context, hub_stream stream, hub_call_id call) noexcept {
                return self(context).streams_.begin(stream, call);
            },
            [](hub_context* context, hub_stream stream, hub_bytes bytes, std::uint32_t) noexcept {
                return self(context).streams_.write(stream, view(bytes));
            },
            &ConnectorFake::onReadStream,
            [](hub_context* context, hub_stream stream) noexcept {
                self(context).streams_.close(stream);
            }};
        return &kTable;
    }

    static hub_status onReadStream(hub_context* context,
                                   hub_stream stream,
                                   std::uint32_t bytes_max,
                                   std::uint32_t timeout_ms,
                                   hub_bytes_fn sink,
                                   void* user) noexcept
    {
        std::string bytes;
        const hub_status status = self(context).streams_.read(stream, bytes_max, timeout_ms, bytes);
        if (status == HUB_OK) {
            sink(user, toBytes(bytes));
        }
        return status;
    }

    static const hub_clock_v1* clockTable() noexcept
    {
        static const hub_clock_v1 kTable = {
            sizeof(hub_clock_v1),
            0,
            [](hub_context* context, hub_unit*) noexcept { return self(context).clock_.nowMs(); },
            [](hub_context* context, std::uint8_t* bytes, std::uint64_t size) noexcept {
                self(context).clock_.random(bytes, size);
            },
            nullptr,  // set_timer: units only
            nullptr}; // cancel_timer: units only
        return &kTable;
    }

    static const hub_http_v1* httpTable() noexcept
    {
        static const hub_http_v1 kTable = {sizeof(hub_http_v1), 0, &ConnectorFake::onExchange};
        return &kTable;
    }

    static hub_status onExchange(hub_context* context,
                                 hub_call_id call,
                                 const hub_http_request* raw,
                                 hub_http_response_fn response,
                                 void* user) noexcept
    {
        HttpRequest request;
        request.method = view(raw->method);
        request.url = view(raw->url);
        request.body = view(raw->body);
        request.total_timeout_ms = raw->total_timeout_ms;
        for (std::uint32_t i = 0; i < raw->header_count; ++i) {
            request.headers.emplace_back(view(raw->headers[i].name), view(raw->headers[i].value));
        }
        const auto result = self(context).http_.exchange(call, request);
        if (!result.ok()) {
            return result.error().code;
        }
        std::vector<hub_header> headers;
        for (const auto& [name, value] : result.value().headers) {
            headers.push_back({toText(name), toText(value)});
        }
        hub_http_response out{};
        out.struct_size = sizeof out;
        out.http_status = result.value().status;
        out.headers = headers.data();
        out.header_count = static_cast<std::uint32_t>(headers.size());
        out.body = toBytes(result.value().body);
        response(user, &out);
        return HUB_OK;
    }

    static hub_status
    give(const Result<std::string>& result, hub_bytes_fn sink, void* user) noexcept
    {
        if (!result.ok()) {
            return result.error().code;
        }
        sink(user, toBytes(result.value()));
        return HUB_OK;
    }

    static const hub_keys_v1* keysTable() noexcept
    {
        static const hub_keys_v1 kTable = {
            sizeof(hub_keys_v1),
            0,
            [](hub_context* context,
               hub_call_id,
               hub_text key,
               hub_text algorithm,
               hub_bytes data,
               hub_bytes_fn sink,
               void* user) noexcept {
                return give(
                    self(context).keys_.sign(view(key), view(algorithm), view(data)), sink, user);
            },
            [](hub_context* context,
               hub_call_id,
               hub_text key,
               hub_text algorithm,
               hub_bytes data,
               hub_bytes signature) noexcept {
                return self(context).keys_.verify(
                    view(key), view(algorithm), view(data), view(signature));
            },
            [](hub_context* context,
               hub_call_id,
               hub_text key,
               hub_text algorithm,
               hub_bytes data,
               hub_bytes_fn sink,
               void* user) noexcept {
                return give(
                    self(context).keys_.hmac(view(key), view(algorithm), view(data)), sink, user);
            },
            &ConnectorFake::onDigest,
            [](hub_context* context,
               hub_call_id,
               hub_text key,
               const hub_cipher* cipher,
               hub_bytes bytes,
               hub_bytes_fn sink,
               void* user) noexcept {
                return give(self(context).keys_.encrypt(view(key), toCipher(*cipher), view(bytes)),
                            sink,
                            user);
            },
            [](hub_context* context,
               hub_call_id,
               hub_text key,
               const hub_cipher* cipher,
               hub_bytes bytes,
               hub_bytes_fn sink,
               void* user) noexcept {
                return give(self(context).keys_.decrypt(view(key), toCipher(*cipher), view(bytes)),
                            sink,
                            user);
            },
            [](hub_context* context,
               hub_call_id,
               hub_text key,
               hub_bytes_fn sink,
               void* user) noexcept {
                return give(self(context).keys_.publicPart(view(key)), sink, user);
            },
            [](hub_context* context,
               hub_call_id,
               hub_text key,
               hub_bytes_fn sink,
               void* user) noexcept {
                return give(self(context).keys_.publicParts(view(key)), sink, user);
            },
            [](hub_context* context, hub_call_id, hub_text key, hub_bytes pem) noexcept {
                return self(context).keys_.addPublic(std::string{view(key)}, view(pem));
            }};
        return &kTable;
    }

    static Cipher toCipher(const hub_cipher& raw)
    {
        return {std::string{view(raw.algorithm)},
                std::string{view(raw.nonce)},
                std::string{view(raw.associated_data)}};
    }

    static hub_status onDigest(hub_context* context,
                               hub_call_id,
                               hub_text algorithm,
                               const hub_digest_part* parts,
                               std::uint32_t part_count,
                               hub_bytes_fn sink,
                               void* user) noexcept
    {
        std::vector<DigestPart> copies;
        for (std::uint32_t i = 0; i < part_count; ++i) {
            copies.push_back(
                {std::string{view(parts[i].secret)}, std::string{view(parts[i].bytes)}});
        }
        return give(self(context).keys_.digest(view(algorithm), copies), sink, user);
    }

    ClockFake clock_;
    HttpFake http_;
    KeysFake keys_;
    StreamFake streams_;
    std::vector<std::thread> sessions_;
    const hub_plugin_api* api_ = nullptr;
    hub_instance* instance_ = nullptr;
    mutable std::mutex mutex_;
    std::condition_variable answered_;
    hub_call_id last_call_ = 0;
    std::map<hub_call_id, Answer> answers_;
    int extra_answers_ = 0;
    std::vector<LogLine> logs_;
    std::vector<Publication> publications_;
    hub_status publish_status_ = HUB_OK;
    std::vector<std::string> withheld_;
};

} // namespace hub::testing
