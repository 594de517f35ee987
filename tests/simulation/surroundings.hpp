// Surroundings: what everybody in a simulated world shares.
#pragma once

#include "mutation.hpp"
#include "oracle.hpp"
#include "timeline.hpp"
#include "trace.hpp"
#include "weather.hpp"

namespace hub::simulation {

struct Surroundings {
    Timeline& timeline;
    Seeded& random;
    const Weather& weather;
    Oracle& oracle;
    Trace& trace;
    Mutation mutation = Mutation::None;
};

} // namespace hub::simulation
