// Two times. Real time is what messages carry and what their age is judged by. The test clock
// decides when things fall due (expiry of codes and trades, the schedule of notifications); it
// can run faster than real time and can be moved forward.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator {

/// Milliseconds since 1970-01-01T00:00:00Z by the system's clock.
std::int64_t realNowMs();

/// "2026-11-21 10:40:00" in Beijing time, which Alipay and its peers speak.
std::string toBeijingText(std::int64_t unix_ms);
/// The same with milliseconds.
std::string toBeijingTextMs(std::int64_t unix_ms);
/// "20261121" in Beijing time.
std::string toBeijingDay(std::int64_t unix_ms);
/// Reads exactly "yyyy-MM-dd HH:mm:ss"; empty for any other text and for days that don't exist.
std::optional<std::int64_t> parseBeijingText(std::string_view text);
/// The last millisecond of the Beijing day that holds `unix_ms`.
std::int64_t endOfBeijingDay(std::int64_t unix_ms);

/// Where a test clock stands: at `real_ms` it showed `test_ms`, and it runs `speed_milli` / 1000
/// times as fast as real time.
struct ClockAnchor {
    std::int64_t real_ms = 0;
    std::int64_t test_ms = 0;
    std::int64_t speed_milli = 1000;

    /// What the clock shows at a real time.
    std::int64_t at(std::int64_t at_real_ms) const noexcept
    {
        return test_ms + (at_real_ms - real_ms) * speed_milli / 1000;
    }
};

/// Thread-safe.
class TestClock {
public:
    explicit TestClock(ClockAnchor anchor)
        : anchor_(anchor)
    {}

    std::int64_t nowMs() const;
    /// Real milliseconds until the clock shows `due_ms`; 0 when it is past.
    std::int64_t realUntilMs(std::int64_t due_ms) const;
    /// Moves forward at once and returns the new anchor, which the caller persists.
    ClockAnchor advance(std::int64_t by_ms);
    ClockAnchor anchor() const;

private:
    mutable std::mutex guard_;
    ClockAnchor anchor_;
};

} // namespace hub::simulator
