// The plugin messaging: owns the contracts "sms" and "messaging"; codes on request, notices on
// events. This class only says which rule answers which event.
#pragma once

#include "settings.hpp"

#include <hub/plugin.hpp>

#include <string_view>

namespace messaging {

class Messaging : public hub::Plugin {
public:
    /// Throws std::invalid_argument naming the setting that is wrong.
    Messaging(hub::Host host, std::string_view configuration_json);

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override;
    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override;

private:
    const Settings settings_;
};

} // namespace messaging
