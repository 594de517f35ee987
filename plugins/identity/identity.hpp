// The identity plugin: who may log in, and as whom. This class only says which rule answers which
// event.
#pragma once

#include "settings.hpp"

#include <hub/plugin.hpp>

#include <string_view>

namespace identity {

class Identity : public hub::Plugin {
public:
    Identity(hub::Host host, std::string_view create_json);

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override;
    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override;
    void task(const hub::Event& event, hub::Reply reply) override;

private:
    const Settings settings_;
};

} // namespace identity
