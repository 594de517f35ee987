// Publishes `count` events of `bytes` bytes with at most `window` of them unconfirmed, as soon as
// it starts. An event counts as published when the hub says PUBLISHED: after the commit.

#include <hub/connector.hpp>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Publisher : public hub::Subscriber {
public:
    Publisher(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
    {
        const Json config = Json::parse(create_json).at("config");
        count_ = config.at("count");
        window_ = config.at("window");
        keys_ = config.at("keys");
        payload_ = Json{{"filler", std::string(config.at("bytes").get<std::size_t>(), 'x')}}.dump();
    }

    void start() override
    {
        thread_ = std::thread([this] { run(); });
    }

    /// Its own bench.begin comes back: every library in a process of its own listens to something.
    void handle(const hub::Event&, hub::Reply reply) override { reply.send(HUB_OK); }

    void stop(std::int64_t) override
    {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

private:
    void run()
    {
        hub::Publication begin;
        begin.type = "bench.begin";
        begin.payload = "{}";
        if (!host().publish(begin).ok()) {
            host().log(hub::LogLevel::Error, "bench.begin was not published");
            return;
        }
        hub::Publication event;
        event.type = "bench.event";
        event.payload = payload_;
        for (int i = 0; i < count_; ++i) {
            event.key = std::to_string(i % keys_);
            if (!takePlace()) {
                return;
            }
            while (host().publishAsync(event, &Publisher::published, this) == HUB_THROTTLED) {
                std::this_thread::yield();
            }
        }
    }

    /// False when it has to stop.
    bool takePlace()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || unconfirmed_ < window_; });
        ++unconfirmed_;
        return !stopping_;
    }

    static void published(void* user, hub_status status, std::int64_t) noexcept
    {
        auto& self = *static_cast<Publisher*>(user);
        if (status != HUB_OK) {
            self.host().log(hub::LogLevel::Error, "an event was not published");
        }
        const std::lock_guard lock(self.mutex_);
        --self.unconfirmed_;
        self.changed_.notify_one();
    }

    int count_ = 0;
    int window_ = 0;
    int keys_ = 0;
    std::string payload_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int unconfirmed_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace

HUB_SUBSCRIBER(Publisher, "bench_publisher", "1.0.0")
