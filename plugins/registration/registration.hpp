// The registration plugin: the applications of an edition, from an organization's first page to the
// person who may pay. This class only says which rule answers which event.
#pragma once

#include <hub/plugin.hpp>

#include <string_view>

namespace registration {

class Registration : public hub::Plugin {
public:
    Registration(hub::Host host, std::string_view create_json);

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override;
    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override;
    void task(const hub::Event& event, hub::Reply reply) override;
};

} // namespace registration
