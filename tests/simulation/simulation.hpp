// Simulation: one run of the hub's journal, router and resolver in a world made from a seed. The
// lane, the router, the bridge between them and the store are the hub's own; clock, network,
// hosts, exchanges, provider, operator and the store's failures are simulated. One thread.
#pragma once

#include "mutation.hpp"
#include "store.hpp"

#include <cstdint>
#include <ostream>
#include <string>

namespace hub::simulation {

struct Outcome {
    std::uint64_t seed = 0;
    std::string violation; // empty: everything held
    std::uint64_t hash = 0;
    std::uint64_t lines = 0;
};

/// Runs the seed to its end: trouble, then healing, then quiet. `shown` gets the trace.
Outcome simulate(ScratchStore& store,
                 std::uint64_t seed,
                 Mutation mutation = Mutation::None,
                 std::ostream* shown = nullptr);

/// How to see this run again.
std::string describe(const Outcome& outcome);

} // namespace hub::simulation
