// A connector that turns against its hub: it does what a payment's subject (or, without JSON, the
// payload) says, "attempt argument", and tells the log what came of it: "hostile attempt =>
// result".
#include "attempts.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Hostile final : public hub::Connector {
public:
    Hostile(hub::Host host, std::string_view)
        : hub::Connector(host)
    {}

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        const Json wanted = Json::parse(event.payload(), nullptr, false);
        std::string order(event.payload());
        if (wanted.is_object() && wanted.contains("subject")) {
            order = wanted.at("subject").get<std::string>();
        } else if (wanted.is_object()) {
            reply.send(HUB_UNSUPPORTED, "nothing to do"); // a query, a close
            return;
        }
        const std::string result = obey(event, order);
        host().log(hub::LogLevel::Info, "hostile " + readable(order) + " gives " + result);
        earlier_call_ = event.callId();
        reply.send(HUB_REJECTED, result);
    }

private:
    /// The hub's log masks what looks like an address of a person.
    static std::string readable(std::string order)
    {
        std::replace(order.begin(), order.end(), '@', '+');
        return order;
    }

    std::string obey(const hub::Event& event, const std::string& order) const
    {
        const std::size_t space = order.find(' ');
        const std::string name = order.substr(0, space);
        const std::string argument = space == std::string::npos ? "" : order.substr(space + 1);
        if (const auto found = hostile::machineAttempts().find(name);
            found != hostile::machineAttempts().end()) {
            return found->second(argument);
        }
        if (const auto found = hostile::hubAttempts().find(name);
            found != hostile::hubAttempts().end()) {
            return found->second({host(), event.callId(), earlier_call_, argument});
        }
        return "no such attempt";
    }

    std::atomic<hub_call_id> earlier_call_{0};
};

} // namespace

HUB_CONNECTOR(Hostile, "hub_test_hostile", "1.0.0")
