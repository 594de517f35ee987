// The orders plugin: who is ordered for, at what fee, until when, and what money pays. This class
// only says which rule answers which event.
#pragma once

#include "settings.hpp"

#include <hub/plugin.hpp>

#include <string_view>

namespace orders {

class Orders : public hub::Plugin {
public:
    Orders(hub::Host host, std::string_view create_json);

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override;
    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override;

private:
    const Settings settings_;
};

} // namespace orders
