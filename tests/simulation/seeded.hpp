// Seeded: the one source of chance in a simulated run. Its own arithmetic, so that a seed gives
// the same run with every standard library.
#pragma once

#include <cstdint>

namespace hub::simulation {

class Seeded {
public:
    explicit Seeded(std::uint64_t seed)
        : state_(seed)
    {}

    /// splitmix64.
    std::uint64_t next() noexcept
    {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }

    /// 0 to limit - 1; 0 for 0.
    std::uint32_t below(std::uint32_t limit) noexcept
    {
        return limit == 0 ? 0 : static_cast<std::uint32_t>((next() >> 11U) % limit);
    }

    bool chance(std::uint32_t per_mille) noexcept
    {
        return per_mille != 0 && below(1000) < per_mille;
    }

private:
    std::uint64_t state_;
};

} // namespace hub::simulation
