// ClockFake: time that stands still until a test moves it, and randomness that is the same at
// every run. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>

namespace hub::testing {

class ClockFake {
public:
    /// 2026-11-21T02:40:00Z, 10:40 in Shanghai.
    static constexpr std::int64_t kStartMs = 1795228800000;

    std::int64_t nowMs() const
    {
        const std::lock_guard lock(mutex_);
        return now_ms_;
    }

    void set(std::int64_t now_ms)
    {
        const std::lock_guard lock(mutex_);
        now_ms_ = now_ms;
    }

    void advance(std::int64_t step_ms)
    {
        const std::lock_guard lock(mutex_);
        now_ms_ += step_ms;
    }

    /// SplitMix64 from a fixed seed.
    void random(std::uint8_t* bytes, std::uint64_t size)
    {
        const std::lock_guard lock(mutex_);
        for (std::uint64_t i = 0; i < size; ++i) {
            if (i % 8 == 0) {
                next();
            }
            bytes[i] = static_cast<std::uint8_t>(drawn_ >> (8 * (i % 8)));
        }
    }

private:
    void next()
    {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        drawn_ = mixed ^ (mixed >> 31U);
    }

    mutable std::mutex mutex_;
    std::int64_t now_ms_ = kStartMs;
    std::uint64_t state_ = 0;
    std::uint64_t drawn_ = 0;
};

} // namespace hub::testing
