// A connector that does what the operation's name says: the host tests look at what the hub sees
// of it. Events wait for an exchange, so that the test decides when they end.
#include <hub/connector.hpp>
#include <hub/stream.hpp>

#include <csignal>
#include <cstdio>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

class HostFixture final : public hub::Connector {
public:
    HostFixture(hub::Host host, std::string_view config)
        : Connector(host)
    {
        if (config.find("refuse") != std::string_view::npos) {
            throw std::runtime_error("\"refuse\" is set, must not be");
        }
        host.log(hub::LogLevel::Info, "created with " + std::string(config));
    }

    void start() override { host().log(hub::LogLevel::Info, "started"); }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        if (event.source() == HUB_SOURCE_EVENT) {
            handleEvent(event, reply);
            return;
        }
        const auto found = kOperations.find(event.operation());
        if (found == kOperations.end()) {
            reply.send(HUB_UNSUPPORTED, "no such operation");
            return;
        }
        (this->*found->second)(event, reply);
    }

    /// Reads until the stream is over.
    void session(const hub::Event& event, hub::Reply reply) override
    {
        auto stream = hub::Stream::open(
            host(), event.callId(), "line.example.com:7890", hub::StreamSecurity::Tls, 3000);
        auto bytes = stream.ok() ? stream.value().read(60000) : stream.error();
        while (bytes.ok()) {
            host().log(hub::LogLevel::Info, "read " + bytes.value());
            bytes = stream.value().read(60000);
        }
        reply.send(bytes.error().code, "session over for " + std::string(event.account()));
    }

    void stop(std::int64_t) override { host().log(hub::LogLevel::Info, "stopped"); }

private:
    using Operation = void (HostFixture::*)(const hub::Event&, hub::Reply&);
    static const std::map<std::string, Operation, std::less<>> kOperations;

    void crash(const hub::Event&, hub::Reply&)
    {
        std::signal(SIGSEGV, SIG_DFL); // a sanitizer would turn it into an exit
        std::raise(SIGSEGV);
    }
    void fail(const hub::Event&, hub::Reply&) { throw std::runtime_error("thrown on purpose"); }
    void sendZero(const hub::Event&, hub::Reply& reply) { reply.send(HUB_STATUS_INVALID_ZERO); }
    void hang(const hub::Event&, hub::Reply&)
    {
        std::promise<void> never;
        never.get_future().wait();
    }

    /// Overlapping events of one key are the host's fault: refused.
    void handleEvent(const hub::Event& event, hub::Reply& reply)
    {
        const std::string key(event.key());
        {
            const std::lock_guard lock(mutex_);
            if (!running_.insert(key).second) {
                reply.send(HUB_INTERNAL, "two events of one key at once");
                return;
            }
        }
        const bool waits = event.payload().find("wait") != std::string_view::npos;
        const auto answer = waits ? host().exchange(event.callId(), request("event"))
                                  : hub::Result<hub::HttpResponse>(hub::HttpResponse{});
        {
            const std::lock_guard lock(mutex_);
            running_.erase(key);
        }
        const bool fails = !answer.ok() || event.payload().find("fail") != std::string_view::npos;
        reply.send(fails ? HUB_UNAVAILABLE : HUB_OK, fails ? "failed on purpose" : "");
    }

    static hub::HttpRequest request(std::string_view body)
    {
        hub::HttpRequest request;
        request.url = "https://openapi.example.com/gateway";
        request.headers = {{"content-type", "text/plain"}};
        request.body = body;
        return request;
    }

    void echo(const hub::Event& event, hub::Reply& reply)
    {
        std::string seen(event.type());
        for (const std::string_view part :
             {event.operation(), event.key(), event.account(), event.idempotencyKey()}) {
            seen += "|" + std::string(part);
        }
        reply.send(HUB_OK, seen, event.payload());
    }

    void twice(const hub::Event& event, hub::Reply& reply)
    {
        reply.send(HUB_OK, "first");
        hub::Reply(host(), event.callId()).send(HUB_REJECTED, "second");
        hub::Reply(host(), 424242).send(HUB_REJECTED, "stranger");
    }

    void later(const hub::Event&, hub::Reply& reply)
    {
        std::thread([reply = std::move(reply)]() mutable {
            reply.send(HUB_PENDING, "from another thread");
        }).detach();
    }

    void publish(const hub::Event& event, hub::Reply& reply)
    {
        hub::Publication publication;
        publication.type = "fixture.done";
        publication.key = std::string(event.key());
        publication.payload = "{}";
        const auto published = host().publish(publication);
        reply.send(published.ok() ? HUB_OK : published.error().code, "published");
    }

    void publishAsync(const hub::Event& event, hub::Reply& reply)
    {
        publishLater(std::string(event.key()), std::move(reply));
    }

    void publishTooLong(const hub::Event&, hub::Reply& reply)
    {
        publishLater(std::string(300, 'k'), std::move(reply));
    }

    void publishLater(const std::string& key, hub::Reply reply)
    {
        hub::Publication publication;
        publication.type = "fixture.done";
        publication.key = key;
        publication.payload = "{}";
        auto* waiting = new hub::Reply(std::move(reply));
        const hub_status status = host().publishAsync(publication, &HostFixture::tell, waiting);
        if (status != HUB_OK) {
            waiting->send(status, "not taken");
            delete waiting;
        }
    }

    static void tell(void* user, hub_status status, std::int64_t seq) noexcept
    {
        auto* waiting = static_cast<hub::Reply*>(user);
        waiting->send(status, "seq " + std::to_string(seq));
        delete waiting;
    }

    void sign(const hub::Event& event, hub::Reply& reply)
    {
        const auto signature =
            host().sign(event.callId(), "app_key", "rsa_sha256", event.payload());
        reply.send(signature.ok() ? HUB_OK : signature.error().code,
                   signature.ok() ? "" : signature.error().message,
                   signature.ok() ? signature.value() : "");
    }

    void exchange(const hub::Event& event, hub::Reply& reply)
    {
        const auto answer = host().exchange(event.callId(), request(event.payload()));
        reply.send(answer.ok() ? HUB_OK : answer.error().code,
                   answer.ok() ? std::string(answer.value().header("x-fixture"))
                               : answer.error().message,
                   answer.ok() ? answer.value().body : "");
    }

    /// On the stream that the session opened: its number is the payload's.
    void talk(const hub::Event& event, hub::Reply& reply)
    {
        const auto* streams = host().extension<hub_stream_v1>(HUB_EXT_STREAM_1);
        const hub_stream stream = std::stoull(std::string(event.payload()));
        hub_status status = streams->begin(host().context(), stream, event.callId());
        if (status == HUB_OK) {
            status = streams->write(host().context(), stream, hub::toBytes("message"), 50);
        }
        reply.send(status, "talked");
    }

    void blob(const hub::Event& event, hub::Reply& reply)
    {
        const auto* blobs = host().extension<hub_blob_v1>(HUB_EXT_BLOB_1);
        hub_blob_writer writer = 0;
        std::string digest;
        std::uint64_t size = 0;
        hub_status status = blobs->begin(host().context(), event.callId(), &writer);
        if (status == HUB_OK) {
            status = blobs->append(host().context(), writer, hub::toBytes(event.payload()));
        }
        if (status == HUB_OK) {
            status = blobs->finish(host().context(), writer, &HostFixture::keep, &digest);
        }
        if (status == HUB_OK) {
            status = blobs->size(host().context(), hub::toText(digest), &size);
        }
        reply.send(status, digest + " " + std::to_string(size));
    }

    static void keep(void* user, hub_bytes bytes) noexcept
    {
        static_cast<std::string*>(user)->assign(hub::view(bytes));
    }

    void notGranted(const hub::Event&, hub::Reply& reply)
    {
        const bool has_secrets = host().extension<hub_secrets_v1>(HUB_EXT_SECRETS_1) != nullptr;
        const bool has_store = host().extension<void>("hub.store/1") != nullptr;
        const bool has_clock = host().nowMs() > 0 && host().random(8).size() == 8;
        const auto* clock = host().extension<hub_clock_v1>(HUB_EXT_CLOCK_1);
        const hub_status timer =
            clock->set_timer(host().context(), nullptr, hub::toText("k"), {}, 1, {});
        reply.send(!has_secrets && !has_store && has_clock ? timer : HUB_INTERNAL);
    }

    void print(const hub::Event&, hub::Reply& reply)
    {
        std::printf("a line on stdout\n");
        std::fflush(stdout);
        std::fprintf(stderr, "a line on stderr\n");
        reply.send(HUB_OK);
    }

    std::mutex mutex_;
    std::set<std::string> running_;
};

const std::map<std::string, HostFixture::Operation, std::less<>> HostFixture::kOperations = {
    {"echo", &HostFixture::echo},
    {"crash", &HostFixture::crash},
    {"throw", &HostFixture::fail},
    {"twice", &HostFixture::twice},
    {"later", &HostFixture::later},
    {"status_zero", &HostFixture::sendZero},
    {"publish", &HostFixture::publish},
    {"publish_async", &HostFixture::publishAsync},
    {"publish_too_long", &HostFixture::publishTooLong},
    {"sign", &HostFixture::sign},
    {"exchange", &HostFixture::exchange},
    {"blob", &HostFixture::blob},
    {"talk", &HostFixture::talk},
    {"not_granted", &HostFixture::notGranted},
    {"print", &HostFixture::print},
    {"hang", &HostFixture::hang}};

} // namespace

HUB_CONNECTOR(HostFixture, "host_fixture", "1.2.3")
