// Time as an interface, so that journal, router and resolver run under a seeded clock.
#pragma once

#include <cstdint>

namespace hub::base {

/// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    /// Milliseconds since 1970-01-01T00:00:00Z.
    virtual std::int64_t nowMs() const = 0;
    /// Never goes back; only differences mean something.
    virtual std::int64_t monotonicMs() const = 0;
};

class SystemClock final : public Clock {
public:
    std::int64_t nowMs() const override;
    std::int64_t monotonicMs() const override;
};

} // namespace hub::base
