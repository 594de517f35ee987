// Weather: how likely each fault of a run is, drawn from its seed. Every run leaves some faults
// out: what hides behind a frequent fault shows when that one is absent.
#pragma once

#include "seeded.hpp"

#include <cstdint>

namespace hub::simulation {

/// Chances are per mille.
struct Weather {
    std::uint32_t statement_breaks = 0; // per statement of a group
    std::uint32_t begin_breaks = 0;
    std::uint32_t commit_breaks = 0;
    std::uint32_t hub_dies = 0;      // per commit
    std::uint32_t host_dies = 0;     // per message that it takes
    std::uint32_t host_hangs = 0;    // likewise
    std::uint32_t handler_fails = 0; // of subscribers
    std::uint32_t owner_fails = 0;
    std::uint32_t connect_fails = 0;
    std::uint32_t request_lost = 0;
    std::uint32_t reply_lost = 0;
    std::uint32_t refused = 0;
    std::uint32_t slow = 0;     // the provider books later than it answers
    std::uint32_t lies = 0;     // a connector answers what it does not know
    std::uint32_t doubles = 0;  // answers and exchanges come twice
    std::uint32_t releases = 0; // of unknown calls
    std::uint32_t latency_max_ms = 5;
    std::uint32_t think_max_ms = 5;
    std::uint32_t laziness = 0; // how often the lane comes late

    static Weather drawn(Seeded& random)
    {
        const auto upTo = [&](std::uint32_t most) {
            return random.below(3) == 0 ? 0 : random.below(most + 1);
        };
        Weather weather;
        weather.statement_breaks = random.below(3) == 0 ? random.below(4) : 0;
        weather.begin_breaks = upTo(40);
        weather.commit_breaks = upTo(80);
        weather.hub_dies = upTo(25);
        weather.host_dies = upTo(60);
        weather.host_hangs = upTo(60);
        weather.handler_fails = upTo(300);
        weather.owner_fails = upTo(200);
        weather.connect_fails = upTo(300);
        weather.request_lost = upTo(200);
        weather.reply_lost = upTo(300);
        weather.refused = upTo(200);
        weather.slow = upTo(300);
        weather.lies = upTo(150);
        weather.doubles = upTo(200);
        weather.releases = upTo(500);
        weather.latency_max_ms = 1 + random.below(random.below(2) == 0 ? 20 : 400);
        weather.think_max_ms = 1 + random.below(random.below(2) == 0 ? 20 : 1500);
        weather.laziness = upTo(600);
        return weather;
    }
};

} // namespace hub::simulation
