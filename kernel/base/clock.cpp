#include "base/clock.hpp"

#include <chrono>

namespace hub::base {

namespace {

template <typename ClockType>
std::int64_t sinceEpochMs()
{
    const auto since = ClockType::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

} // namespace

std::int64_t SystemClock::nowMs() const
{
    return sinceEpochMs<std::chrono::system_clock>();
}

std::int64_t SystemClock::monotonicMs() const
{
    return sinceEpochMs<std::chrono::steady_clock>();
}

} // namespace hub::base
