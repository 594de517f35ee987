// What publisher and subscriber share: the payload of an event, and a sample of durations. Clocks
// of two processes of one machine agree: steady_clock is CLOCK_MONOTONIC.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace bench {

using Clock = std::chrono::steady_clock;

/// {"n":"000000000012","t":"000001234567890123","x":"xxx…"}: n counts a round's events from 0, t is
/// when it was due in microseconds, 0 in the warm-up. Fixed places: nobody has to parse it.
inline std::string payloadOf(std::int64_t number, Clock::time_point due, std::size_t bytes)
{
    const auto due_us =
        std::chrono::duration_cast<std::chrono::microseconds>(due.time_since_epoch()).count();
    std::string head(64, '\0');
    const int size = std::snprintf(head.data(),
                                   head.size(),
                                   R"({"n":"%012lld","t":"%018lld","x":")",
                                   static_cast<long long>(number),
                                   static_cast<long long>(due_us));
    head.resize(static_cast<std::size_t>(size));
    return head.append(bytes, 'x').append("\"}");
}

/// -1 when the payload is not payloadOf()'s.
inline std::int64_t numberAt(std::string_view payload, std::size_t place, std::size_t size)
{
    std::int64_t number = -1;
    if (payload.size() > place + size) {
        std::from_chars(payload.data() + place, payload.data() + place + size, number);
    }
    return number;
}
inline std::int64_t numberOf(std::string_view payload)
{
    return numberAt(payload, 6, 12);
}
inline std::int64_t dueMicroseconds(std::string_view payload)
{
    return numberAt(payload, 25, 18);
}

/// Bounded: of a longer run the first million counts, and "count" says so.
class Sample {
public:
    void add(Clock::duration duration)
    {
        if (microseconds_.size() < kMax) {
            microseconds_.push_back(static_cast<std::uint32_t>(
                std::chrono::duration_cast<std::chrono::microseconds>(duration).count()));
        }
    }
    void clear() noexcept { microseconds_.clear(); }

    nlohmann::json toJson()
    {
        if (microseconds_.empty()) {
            return {{"count", 0}};
        }
        std::sort(microseconds_.begin(), microseconds_.end());
        const auto at = [this](double share) {
            const auto last = static_cast<double>(microseconds_.size() - 1);
            return microseconds_[static_cast<std::size_t>(share * last + 0.5)];
        };
        return {{"count", microseconds_.size()},
                {"p50", at(0.5)},
                {"p99", at(0.99)},
                {"max", microseconds_.back()}};
    }

private:
    static constexpr std::size_t kMax = 1'000'000;
    std::vector<std::uint32_t> microseconds_;
};

} // namespace bench
