// Owner: the plugin. Every unit leaves one row in its table, in the unit's own savepoint, and does
// what the event asks for: a call, a timer.
#pragma once

#include "journal/runner.hpp"
#include "journal/unit.hpp"
#include "surroundings.hpp"

namespace hub::simulation {

class Owner final : public journal::UnitRunner {
public:
    explicit Owner(Surroundings& world)
        : world_(world)
    {}

    Answer runUnit(journal::Unit& unit, const journal::Envelope& envelope) override;

private:
    bool releases(const journal::Envelope& envelope);
    void record(journal::Unit& unit, const journal::Envelope& envelope, bool released);
    Answer act(journal::Unit& unit, const journal::Envelope& envelope);

    Surroundings& world_;
};

} // namespace hub::simulation
