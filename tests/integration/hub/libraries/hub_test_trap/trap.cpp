// A plugin that comes to no good end with the events that it takes: it refuses them, telling what
// they carry, or it never comes back from them.
#include <hub/plugin.hpp>

#include <atomic>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Trap final : public hub::Plugin {
public:
    Trap(hub::Host host, std::string_view create_json)
        : hub::Plugin(host)
        , spins_(Json::parse(create_json).at("config").value("how", "refuse") == "spin")
    {}

    hub::Answer unit(hub::Unit& /*unit*/, const hub::Event& event) override
    {
        while (spins_) {
            ++turns_;
        }
        return {HUB_INTERNAL, "the trap got " + std::string(event.payload()), "", 0};
    }

    hub::Answer read(const hub::Snapshot& /*snapshot*/, const hub::Event& /*event*/) override
    {
        return {HUB_UNSUPPORTED, "", "", 0};
    }

private:
    bool spins_;
    std::atomic<unsigned> turns_{0}; // what a loop without any effect may not be left out for
};

} // namespace

HUB_PLUGIN(Trap, "hub_test_trap", "1.0.0")
