// Logs "recorded seq number key" for each event, before its answer and on the same way: an event
// that was acknowledged is in the log. At one number it crashes, unless an operator replays it.
#include <hub/connector.hpp>

#include <csignal>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Recorder final : public hub::Subscriber {
public:
    Recorder(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , crash_at_(Json::parse(create_json).at("config").value("crash_at", 0))
    {}

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        const int n = Json::parse(event.payload()).at("n").get<int>();
        if (n == crash_at_ && !event.isReplay()) {
            std::raise(SIGKILL);
        }
        host().log(hub::LogLevel::Info,
                   "recorded " + std::to_string(event.seq()) + ' ' + std::to_string(n) + ' ' +
                       std::string{event.key()});
        reply.send(HUB_OK);
    }

private:
    int crash_at_ = 0;
};

} // namespace

HUB_SUBSCRIBER(Recorder, "hub_test_recorder", "1.0.0")
