// Timeline: the clock of a simulated run and what will happen on it. Of two things at the same
// moment the seed decides which comes first.
#pragma once

#include "base/clock.hpp"
#include "seeded.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace hub::simulation {

class Timeline final : public base::Clock {
public:
    explicit Timeline(Seeded& random)
        : random_(random)
    {}

    std::int64_t nowMs() const override { return now_ms_; }
    std::int64_t monotonicMs() const override { return now_ms_; }
    std::int64_t elapsedMs() const noexcept { return now_ms_ - kStartMs; }

    void after(std::int64_t delay_ms, std::function<void()> what)
    {
        agenda_.emplace(Moment{now_ms_ + delay_ms, random_.below(1U << 30U), ++last_},
                        std::move(what));
    }

    /// Moves the clock to what comes next, and does it.
    void step()
    {
        auto next = agenda_.extract(agenda_.begin());
        now_ms_ = std::get<0>(next.key());
        next.mapped()();
    }

private:
    using Moment = std::tuple<std::int64_t, std::uint32_t, std::uint64_t>;
    static constexpr std::int64_t kStartMs = 1'795'228'800'000;

    Seeded& random_;
    std::int64_t now_ms_ = kStartMs;
    std::uint64_t last_ = 0;
    std::map<Moment, std::function<void()>> agenda_;
};

} // namespace hub::simulation
