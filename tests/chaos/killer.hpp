// The rounds: who dies when, drawn from the seed, and how long it takes until it works again.
#pragma once

#include "installation.hpp"
#include "workload.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace chaos {

struct Kills {
    std::array<int, 3> count{}; ///< by Victim
    Milliseconds longest_hub{0};
    Milliseconds longest_connector{0};
    std::vector<std::string> failures; ///< what did not come back in time
};

class Killer {
public:
    Killer(const Installation& installation, const Workload& load, std::uint64_t seed);

    /// Waits for load, kills somebody at a random moment, waits until it is back, and says so.
    void round(int number);
    const Kills& kills() const noexcept { return kills_; }

private:
    Victim draw();
    /// At a random moment from now. False when there was nobody to kill.
    bool kill(Victim victim);
    /// After the last kill.
    void awaitReturn(Victim victim);

    const Installation& installation_;
    const Workload& load_;
    std::mt19937_64 random_;
    std::vector<Victim> deck_;
    Kills kills_;
    std::string story_;
    pid_t killed_ = 0;
    Clock::time_point killed_at_;
};

} // namespace chaos
