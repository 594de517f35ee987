// When an account rests after wrong passwords: so that guessing takes years, and who mistypes
// takes a break. Pure.
#pragma once

#include <cstdint>

namespace identity {

struct LockoutRule {
    std::int64_t failures_max = 5; // in a row
    std::int64_t lock_ms = std::int64_t{15} * 60 * 1000;
};

struct Lockout {
    std::int64_t failures = 0; // since the last lock or success
    std::int64_t locks = 0;    // in a row
    std::int64_t locked_until_ms = 0;

    bool operator==(const Lockout&) const = default;
};

inline bool isLocked(const Lockout& lockout, std::int64_t now_ms) noexcept
{
    return now_ms < lockout.locked_until_ms;
}

/// A try begins: it counts as failed until it is known to have succeeded. Not while locked.
Lockout countTry(Lockout lockout, const LockoutRule& rule, std::int64_t now_ms) noexcept;

} // namespace identity
