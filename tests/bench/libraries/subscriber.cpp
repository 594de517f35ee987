// Acknowledges events and checks them: each number of a round once, in order per key. After the
// round's last one it says so by an event, which the hub takes after the acknowledgement: when it
// is committed, the cursor is, too.

#include "sample.hpp"

#include <hub/connector.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;
using bench::Clock;

class BenchSubscriber : public hub::Subscriber {
public:
    BenchSubscriber(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , keys_(Json::parse(create_json).at("config").at("keys"))
    {
        begin();
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        if (event.type() == "bench.end") {
            sent_ = Json::parse(event.payload()).at("sent");
        } else {
            take(event);
        }
        reply.send(HUB_OK);
        if (handled_ == sent_) {
            hub::Publication done;
            done.type = "bench.done_" BENCH_NUMBER;
            done.payload = Json{{"handled", handled_},
                                {"faults", faults_},
                                {"first_fault", first_fault_},
                                {"delivered_us", delivered_.toJson()}}
                               .dump();
            if (!host().publish(done).ok()) {
                host().log(hub::LogLevel::Error, "the end was not published");
            }
            begin();
        }
    }

private:
    void begin()
    {
        next_.resize(keys_);
        for (std::size_t key = 0; key < keys_; ++key) {
            next_[key] = static_cast<std::int64_t>(key);
        }
        handled_ = 0;
        sent_ = -1;
        faults_ = 0;
        first_fault_.clear();
        delivered_.clear();
    }

    void take(const hub::Event& event)
    {
        const std::int64_t number = bench::numberOf(event.payload());
        const std::size_t key = static_cast<std::size_t>(number < 0 ? 0 : number) % keys_;
        ++handled_;
        if (number != next_[key] || event.key() != std::to_string(key)) {
            ++faults_;
            if (first_fault_.empty()) {
                first_fault_ = "key " + std::string(event.key()) + ": " + std::to_string(number) +
                               " came instead of " + std::to_string(next_[key]);
            }
        }
        next_[key] = number + static_cast<std::int64_t>(keys_);
        if (const std::int64_t due_us = bench::dueMicroseconds(event.payload()); due_us > 0) {
            delivered_.add(Clock::now() - Clock::time_point(std::chrono::microseconds(due_us)));
        }
    }

    // One event at a time: concurrency_max is 1.
    const std::size_t keys_;
    std::vector<std::int64_t> next_;
    std::int64_t handled_ = 0;
    std::int64_t sent_ = -1; // not known yet
    std::int64_t faults_ = 0;
    std::string first_fault_;
    bench::Sample delivered_;
};

} // namespace

HUB_SUBSCRIBER(BenchSubscriber, "bench_subscriber_" BENCH_NUMBER, "1.0.0")
