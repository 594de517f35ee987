// Publishes rounds of events with at most `window` of them unconfirmed. A round begins when the
// operator replays this library's own bench.ready. It first warms up, then publishes bench.begin,
// then measures; when everything is confirmed it says by bench.end what was sent, and how long a
// confirmation took. An event counts as published when the hub says PUBLISHED: after the commit.

#include "sample.hpp"

#include <hub/connector.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;
using bench::Clock;

struct Plan {
    explicit Plan(const Json& config)
        : window(config.at("window"))
        , bytes(config.at("bytes"))
        , keys(config.at("keys"))
        , rate(config.at("rate"))
        , burst_after(config.at("burst_after"))
        , burst(config.at("burst"))
        , warm_up(config.at("warm_up_ms").get<int>())
        , measured(config.at("measured_ms").get<int>())
        , count(config.at("count"))
    {}

    std::size_t window;
    std::size_t bytes;
    int keys;
    int rate;        // events a second; 0: as many as the window lets through
    int burst_after; // after so many events …
    int burst;       // … so many come as fast as the window lets them
    std::chrono::milliseconds warm_up;
    std::chrono::milliseconds measured;
    std::int64_t count; // the round ends after so many at the latest; 0: by time alone
};

class Publisher : public hub::Subscriber {
public:
    Publisher(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , plan_(Json::parse(create_json).at("config"))
        , slots_(plan_.window)
    {
        for (Slot& slot : slots_) {
            slot.self = this;
            free_.push_back(&slot);
        }
    }

    void start() override
    {
        thread_ = std::thread([this] { run(); });
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        if (event.isReplay()) {
            {
                const std::lock_guard lock(mutex_);
                wanted_ = true;
            }
            changed_.notify_all();
        }
        reply.send(HUB_OK);
    }

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
    struct Slot {
        Publisher* self = nullptr;
        Clock::time_point due;
        bool counts = false;
    };

    void run()
    {
        say("bench.ready", Json::object());
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return stopping_ || wanted_; });
            if (stopping_) {
                return;
            }
            wanted_ = false;
            failed_ = 0;
            confirmed_.clear();
            lock.unlock();
            round();
            lock.lock();
        }
    }

    void round()
    {
        number_ = 0;
        publishUntil(Clock::now() + plan_.warm_up, false);
        say("bench.begin", Json::object());
        const std::int64_t warm_up = number_;
        publishUntil(Clock::now() + plan_.measured, true);
        Json end;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopping_ || free_.size() == slots_.size(); });
            end = {{"sent", number_},
                   {"measured", number_ - warm_up},
                   {"failed", failed_},
                   {"confirmed_us", confirmed_.toJson()}};
        }
        say("bench.end", end);
    }

    void publishUntil(Clock::time_point end, bool counts)
    {
        hub::Publication event;
        event.type = "bench.event";
        Clock::time_point due = Clock::now();
        int in_period = 0;
        while (due < end && !(counts && number_ == plan_.count && plan_.count != 0)) {
            Slot* slot = takeSlot(due);
            if (slot == nullptr) {
                return;
            }
            due = plan_.rate == 0 ? Clock::now() : due; // unpaced: due when there is a place
            slot->due = due;
            slot->counts = counts;
            event.key = std::to_string(number_ % plan_.keys);
            event.payload =
                bench::payloadOf(number_, counts ? due : Clock::time_point{}, plan_.bytes);
            while (host().publishAsync(event, &Publisher::published, slot) == HUB_THROTTLED) {
                std::this_thread::yield();
            }
            ++number_;
            due = nextDue(due, in_period);
        }
    }

    /// What is late is not sent later for that: a queue that builds up is seen in the latencies.
    Clock::time_point nextDue(Clock::time_point due, int& in_period) const
    {
        if (plan_.rate == 0) {
            return Clock::now();
        }
        if (plan_.burst != 0 && ++in_period > plan_.burst_after) {
            in_period = in_period < plan_.burst_after + plan_.burst ? in_period : 0;
            return Clock::now();
        }
        return due + std::chrono::nanoseconds(1'000'000'000) / plan_.rate;
    }

    /// Waits until it is due and the window has a place; nullptr when it has to stop.
    Slot* takeSlot(Clock::time_point due)
    {
        std::unique_lock lock(mutex_);
        if (plan_.rate != 0) {
            changed_.wait_until(lock, due, [&] { return stopping_ || Clock::now() >= due; });
        }
        changed_.wait(lock, [this] { return stopping_ || !free_.empty(); });
        if (stopping_) {
            return nullptr;
        }
        Slot* slot = free_.back();
        free_.pop_back();
        return slot;
    }

    static void published(void* user, hub_status status, std::int64_t) noexcept
    {
        Slot* slot = static_cast<Slot*>(user);
        Publisher& self = *slot->self;
        const auto now = Clock::now();
        const std::lock_guard lock(self.mutex_);
        self.failed_ += status == HUB_OK ? 0 : 1;
        if (slot->counts) {
            self.confirmed_.add(now - slot->due);
        }
        self.free_.push_back(slot);
        self.changed_.notify_one();
    }

    void say(const char* type, const Json& payload)
    {
        hub::Publication publication;
        publication.type = type;
        publication.payload = payload.dump();
        if (!host().publish(publication).ok()) {
            host().log(hub::LogLevel::Error, publication.type + " was not published");
        }
    }

    const Plan plan_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false;
    bool stopping_ = false;
    std::int64_t failed_ = 0;
    bench::Sample confirmed_;
    std::vector<Slot> slots_;
    std::vector<Slot*> free_;
    std::int64_t number_ = 0; // the thread's own
    std::thread thread_;
};

} // namespace

HUB_SUBSCRIBER(Publisher, "bench_publisher", "1.0.0")
