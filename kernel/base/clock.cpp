#include "base/clock.hpp"

#include <chrono>

namespace hub::base {

namespace {

template <typename ClockType> std::int64_t sinceEpochMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(ClockType::now().time_since_epoch()).count();
}

} // namespace

std::int64_t SystemClock::nowMs() const { return sinceEpochMs<std::chrono::system_clock>(); }

std::int64_t SystemClock::monotonicMs() const { return sinceEpochMs<std::chrono::steady_clock>(); }

} // namespace hub::base
