// Watchdog: ends what a plugin would otherwise hold up for ever. A unit runs on the lane's one
// thread; if it has not come back after its time, the process must end and be started again: the
// marker names the unit, which counts one try.
#pragma once

#include "journal/marker.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace hub::journal {

/// Counts its own ticks, not the clock: a machine that is suspended or starved makes no unit
/// overdue. Thread-safe.
class Watchdog final : public RunWatch {
public:
    /// `overdue` is called once for a unit, on the watchdog's thread, with a sentence. A limit of
    /// 0 watches nothing.
    Watchdog(std::int64_t limit_ms, std::function<void(const std::string&)> overdue);
    ~Watchdog() override;
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    void entered(std::string_view item) noexcept override;
    void left() noexcept override;

private:
    void watch();

    std::int64_t limit_ms_;
    std::function<void(const std::string&)> overdue_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string item_; // empty: nothing runs
    std::int64_t ticks_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace hub::journal
