// The load: customers who order, pay, cancel and get refunds, each on its own thread, until told
// to stop. They repeat what was not answered under the same key, as a careful portal does.
#pragma once

#include "https_client.hpp"
#include "memory.hpp"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace chaos {

class Portal {
public:
    Portal(Server hub, Server simulator, Memory& memory, std::uint64_t seed);
    ~Portal();
    Portal(const Portal&) = delete;
    Portal& operator=(const Portal&) = delete;

    /// Returns when every customer has finished what it had begun.
    void stop();

private:
    std::atomic<bool> stopping_{false};
    std::vector<std::thread> customers_;
};

} // namespace chaos
