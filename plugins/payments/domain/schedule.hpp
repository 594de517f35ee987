// When to look again: at an attempt whose code is about to expire, and at what a provider has not
// decided. Pure arithmetic on milliseconds.
#pragma once

#include <algorithm>
#include <cstdint>

namespace payments {

inline constexpr std::int64_t kRetryMsMin = 10'000;
inline constexpr std::int64_t kRetryMsMax = 3'600'000;
/// How long the time that a request carries counts as current.
inline constexpr std::int64_t kTimeCurrentMs = 600'000;
/// How long a new attempt waits for the close of the one that it replaces.
inline constexpr std::int64_t kCloseWaitMs = 3'000;

/// Back-off without a counter: half of the time that the question has been open, in bounds.
inline std::int64_t retryAt(std::int64_t now_ms, std::int64_t open_since_ms)
{
    return now_ms + std::clamp((now_ms - open_since_ms) / 2, kRetryMsMin, kRetryMsMax);
}

/// A waiting code is first asked about near its end: until then the provider's notice is faster.
inline std::int64_t
firstCheckAt(std::int64_t created_ms, std::int64_t expires_ms, std::int64_t every_ms)
{
    const std::int64_t last_quarter = expires_ms - (expires_ms - created_ms) / 4;
    return std::min(expires_ms, std::max(created_ms + every_ms, last_quarter));
}

/// The next check of an attempt that was just looked at.
inline std::int64_t nextCheckAt(std::int64_t now_ms,
                                std::int64_t expires_ms,
                                std::int64_t every_ms,
                                std::int64_t margin_ms)
{
    if (now_ms < expires_ms) {
        return std::min(now_ms + every_ms, expires_ms);
    }
    const std::int64_t decision = expires_ms + margin_ms;
    return now_ms < decision ? std::min(now_ms + every_ms, decision) : retryAt(now_ms, expires_ms);
}

} // namespace payments
