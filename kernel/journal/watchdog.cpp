#include "journal/watchdog.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include <pthread.h>

namespace hub::journal {

namespace {

constexpr std::chrono::milliseconds kTick{100};

} // namespace

Watchdog::Watchdog(std::int64_t limit_ms, std::function<void(const std::string&)> overdue)
    : limit_ms_(limit_ms)
    , overdue_(std::move(overdue))
{
    if (limit_ms_ != 0) {
        thread_ = std::thread([this] { watch(); });
    }
}

Watchdog::~Watchdog()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Watchdog::entered(std::string_view item) noexcept
{
    const std::lock_guard lock(mutex_);
    item_ = item;
    ticks_ = 0;
}

void Watchdog::left() noexcept
{
    const std::lock_guard lock(mutex_);
    item_.clear();
}

void Watchdog::watch()
{
    pthread_setname_np(pthread_self(), "watchdog");
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kTick, [this] { return stopping_; })) {
        if (item_.empty() || ++ticks_ * kTick.count() != limit_ms_) {
            continue;
        }
        const std::string why =
            fmt::format("the unit \"{}\" has not returned after {} ms", item_, limit_ms_);
        lock.unlock();
        overdue_(why);
        lock.lock();
    }
}

} // namespace hub::journal
