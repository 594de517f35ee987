// What a process holds of the machine.
#pragma once

#include <cstdint>

#include <sys/types.h>

namespace chaos {

struct Usage {
    std::int64_t descriptors = 0;
    std::int64_t memory_kib = 0; ///< resident
};

/// Zero when there is no such process.
Usage usageOf(pid_t process);

} // namespace chaos
