// A plugin in the hub's process: the unit of an event whose order_ref names a poison throws, ends
// the process, or never returns, unless an operator replays it.

#include <hub/plugin.hpp>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace chaos_poison {
namespace {

using Json = nlohmann::json;

class Poison : public hub::Plugin {
public:
    Poison(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit&, const hub::Event& event) override
    {
        const std::string order = Json::parse(event.payload()).value("order_ref", "");
        const auto wants = [&](const char* word) {
            return order.find(word) != std::string::npos && !event.isReplay();
        };
        if (wants("-unitthrow-")) {
            throw std::runtime_error("the unit is poison");
        }
        if (wants("-unitabort-")) {
            std::abort();
        }
        if (wants("-unitloop-")) {
            for (std::atomic<bool> forever{true}; forever;) {}
        }
        return {};
    }

    hub::Answer read(const hub::Snapshot&, const hub::Event&) override
    {
        return {HUB_UNSUPPORTED, "there is nothing to read", {}, 0};
    }
};

} // namespace
} // namespace chaos_poison

HUB_PLUGIN(chaos_poison::Poison, "chaos_poison", "1.0.0")
