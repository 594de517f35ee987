// The command line of expohub-chaos.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chaos {

struct Options {
    std::filesystem::path build;
    std::filesystem::path source = ".";
    std::string fault = "kill";
    int rounds = 0; ///< 0: as the fault's row says
    bool postgres = false;
    std::string load = "payments"; ///< of kill and power-cut
    std::string provider = "all";  ///< of callbacks, provider and races
    std::uint64_t seed = 0;        ///< drawn when not given
    std::int64_t persons = 0;      ///< of quotas; 0: as many as its rounds are worth
    // What only a build of preset chaos has.
    std::filesystem::path switched_build; ///< default: "chaos" beside `build`
    std::string steps;                    ///< failpoints, with commas, or a case; empty: all
    std::string weakness;                 ///< a promise that the hub breaks; empty: none
    bool prove = false;
    int heal_seconds = 120; ///< how long to wait for what is not there yet
};

/// Throws std::invalid_argument with a sentence for the user.
Options readOptions(const std::vector<std::string>& arguments);

} // namespace chaos
