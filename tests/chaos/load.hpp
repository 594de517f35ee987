// The usual load of a run: a portal's customers against a provider that is late, silent or repeats
// itself now and then, as the seed says.
#pragma once

#include "installation.hpp"
#include "memory.hpp"
#include "portal.hpp"

#include <cstdint>

namespace chaos {

/// Answers that come late or never leave calls open for a fault to hit.
Json scriptedFaults(std::uint64_t seed);

class Load {
public:
    /// Scripts the simulator and starts the customers. Throws when the simulator refuses.
    Load(const Installation& installation, Memory& memory, std::uint64_t seed);

    /// Waits until so many more requests were acknowledged; says how many there were.
    std::int64_t await(std::int64_t acknowledged, Milliseconds limit) const;
    /// Returns when every customer has finished what it had begun.
    void stop() { portal_.stop(); }

private:
    const Memory& memory_;
    Portal portal_;
};

} // namespace chaos
