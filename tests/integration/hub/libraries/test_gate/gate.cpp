// Asks whether the proof that it is given is genuine, and says what it heard.
#include <hub/plugin.hpp>

#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Gate final : public hub::Plugin {
public:
    Gate(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        const Json body = Json::parse(event.payload()).at("body");
        const hub::Answer heard = unit.ask("messaging", "proof", "", body.dump());
        const Json said = heard.status == HUB_OK ? Json::parse(heard.payload) : Json(heard.status);
        return {HUB_OK, {}, Json{{"status", 200}, {"body", {{"heard", said}}}}.dump(), 0};
    }

    hub::Answer read(const hub::Snapshot&, const hub::Event&) override
    {
        return {HUB_UNSUPPORTED, {}, {}, 0};
    }
};

} // namespace

HUB_PLUGIN(Gate, "test_gate", "1.0.0")
