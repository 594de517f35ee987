// How often something may happen: at most so many times in any span of some length.
#pragma once

#include <cstdint>
#include <vector>

namespace messaging {

struct Limit {
    std::int64_t span_ms = 0;
    std::int64_t count_max = 0;
};

/// How long it takes until all limits allow another one; 0: it is allowed now. `times_ms` are those
/// that happened, newest first; one that the clock puts after now counts.
std::int64_t waitMs(const std::vector<std::int64_t>& times_ms,
                    const std::vector<Limit>& limits,
                    std::int64_t now_ms);

} // namespace messaging
