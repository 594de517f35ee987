// Acknowledges events; after the last one it says so by an event, which the hub takes after the
// acknowledgement: when it is committed, the cursor is, too.

#include <hub/connector.hpp>

#include <string>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class BenchSubscriber : public hub::Subscriber {
public:
    BenchSubscriber(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , left_(Json::parse(create_json).at("config").at("count"))
    {}

    void handle(const hub::Event&, hub::Reply reply) override
    {
        reply.send(HUB_OK);
        if (--left_ == 0) {
            hub::Publication done;
            done.type = "bench.done_" BENCH_NUMBER;
            done.payload = "{}";
            if (!host().publish(done).ok()) {
                host().log(hub::LogLevel::Error, "the end was not published");
            }
        }
    }

private:
    int left_; // one event at a time: concurrency_max is 1
};

} // namespace

HUB_SUBSCRIBER(BenchSubscriber, "bench_subscriber_" BENCH_NUMBER, "1.0.0")
