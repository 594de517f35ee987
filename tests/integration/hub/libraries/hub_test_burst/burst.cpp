// Publishes many numbered events for each created payment, as fast as the hub takes them.
#include <hub/connector.hpp>

#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

class Burst final : public hub::Subscriber {
public:
    Burst(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , count_(nlohmann::json::parse(create_json).at("config").at("count").get<int>())
    {}

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        for (int n = 1; n <= count_; ++n) {
            const hub_status status = publish(event, n);
            if (status != HUB_OK) {
                reply.send(HUB_UNAVAILABLE, "event " + std::to_string(n) + " was not taken");
                return;
            }
        }
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return open_ == 0; });
        reply.send(refused_ == 0 ? HUB_OK : HUB_UNAVAILABLE, std::to_string(refused_) + " refused");
    }

private:
    static constexpr int kOpenMax = 1000;

    /// The id belongs to cause and number, so a repetition publishes nothing twice.
    hub_status publish(const hub::Event& event, int n)
    {
        char node[13];
        std::snprintf(node, sizeof node, "%012d", n);
        hub::Publication publication;
        publication.type = "test.numbered";
        publication.id = std::string(event.id().substr(0, 24)) + node;
        publication.key = "key-" + std::to_string(n % 7);
        publication.payload = nlohmann::json{{"n", n}}.dump();
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return open_ < kOpenMax; });
            ++open_;
        }
        const hub_status status = host().publishAsync(publication, &Burst::tell, this);
        if (status != HUB_OK) {
            const std::lock_guard lock(mutex_);
            --open_;
        }
        return status;
    }

    static void tell(void* user, hub_status status, std::int64_t) noexcept
    {
        auto* self = static_cast<Burst*>(user);
        const std::lock_guard lock(self->mutex_);
        --self->open_;
        self->refused_ += status == HUB_OK || status == HUB_ALREADY_DONE ? 0 : 1;
        self->changed_.notify_all();
    }

    int count_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int open_ = 0;
    int refused_ = 0;
};

} // namespace

HUB_SUBSCRIBER(Burst, "hub_test_burst", "1.0.0")
