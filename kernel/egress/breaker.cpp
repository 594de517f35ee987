#include "egress/breaker.hpp"

namespace hub::egress {

Breaker::Pass Breaker::admit(std::int64_t now_ms) noexcept
{
    if (state_ == BreakerState::Closed) {
        return Pass::Normal;
    }
    if (state_ == BreakerState::Probing || now_ms < open_until_ms_) {
        return Pass::Refused;
    }
    state_ = BreakerState::Probing;
    return Pass::Probe;
}

void Breaker::answered(Pass pass) noexcept
{
    // While it is open only the probe speaks: an answer from before says nothing about now.
    if (state_ == BreakerState::Closed || pass == Pass::Probe) {
        state_ = BreakerState::Closed;
        failures_ = 0;
    }
}

void Breaker::failed(Pass pass, std::int64_t now_ms) noexcept
{
    if (state_ == BreakerState::Closed) {
        ++failures_;
    }
    if (pass == Pass::Probe || (state_ == BreakerState::Closed && failures_ >= failures_max_)) {
        state_ = BreakerState::Open;
        open_until_ms_ = now_ms + open_ms_;
    }
}

void Breaker::abandoned(Pass pass) noexcept
{
    if (pass == Pass::Probe) {
        state_ = BreakerState::Open; // the next one may probe at once
    }
}

} // namespace hub::egress
