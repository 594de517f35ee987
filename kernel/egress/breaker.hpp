// Breaker: stops talking to an account whose exchanges failed several times in a row, and lets
// one probe through after a while. Not thread-safe: its owner holds a lock.
#pragma once

#include "egress/exchanger.hpp"

#include <cstdint>

namespace hub::egress {

class Breaker {
public:
    enum class Pass { Refused, Normal, Probe };

    Breaker(int failures, std::int64_t open_ms) noexcept
        : failures_max_(failures)
        , open_ms_(open_ms)
    {}

    /// `now_ms` is monotonic. Each pass but Refused is given back by exactly one of the others.
    Pass admit(std::int64_t now_ms) noexcept;
    void answered(Pass pass) noexcept;
    void failed(Pass pass, std::int64_t now_ms) noexcept;
    /// The exchange did not come to a test of the provider.
    void abandoned(Pass pass) noexcept;

    BreakerState state() const noexcept { return state_; }

private:
    int failures_max_;
    std::int64_t open_ms_;
    BreakerState state_ = BreakerState::Closed;
    int failures_ = 0;
    std::int64_t open_until_ms_ = 0;
};

} // namespace hub::egress
