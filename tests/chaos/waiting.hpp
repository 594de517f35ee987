// Waiting for what happens in other processes: nothing tells of it, so the condition is looked at
// again and again until a deadline.
#pragma once

#include <chrono>

#include <poll.h>

namespace chaos {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

inline Milliseconds since(Clock::time_point start)
{
    return std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
}

/// True as soon as the condition holds; false when it does not until `limit` is over.
template <typename Condition>
bool waitUntil(Milliseconds limit, Condition&& holds, Milliseconds step = Milliseconds{20})
{
    const auto start = Clock::now();
    while (!holds()) {
        if (since(start) >= limit) {
            return false;
        }
        ::poll(nullptr, 0, static_cast<int>(step.count()));
    }
    return true;
}

} // namespace chaos
