#include "domain/lockout.hpp"

#include <algorithm>

namespace identity {

namespace {

constexpr std::int64_t kLockMsMax = std::int64_t{24} * 3600 * 1000;
constexpr std::int64_t kDoublingsMax = 10;

} // namespace

Lockout countTry(Lockout lockout, const LockoutRule& rule, std::int64_t now_ms) noexcept
{
    if (++lockout.failures < rule.failures_max) {
        return lockout;
    }
    const std::int64_t factor = std::int64_t{1} << std::min(lockout.locks, kDoublingsMax);
    lockout.failures = 0;
    ++lockout.locks;
    lockout.locked_until_ms = now_ms + std::min(rule.lock_ms * factor, kLockMsMax);
    return lockout;
}

} // namespace identity
