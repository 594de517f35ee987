#include "app/hang_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include <pthread.h>

namespace hub::app {

namespace {

constexpr std::chrono::milliseconds kLookEvery{500};

} // namespace

HangWatch::HangWatch(const base::Clock& clock, std::int64_t limit_ms, Hung hung)
    : clock_(clock)
    , limit_ms_(limit_ms)
    , hung_(std::move(hung))
{}

HangWatch::~HangWatch()
{
    stop();
}

void HangWatch::start()
{
    thread_ = std::thread([this] { watch(); });
}

void HangWatch::stop() noexcept
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

void HangWatch::gave(const bus::HostId& host, std::uint64_t id, std::int64_t patience_ms)
{
    const std::lock_guard lock(mutex_);
    held_[host].until_ms[id] =
        clock_.monotonicMs() + limit_ms_ + std::max(patience_ms, std::int64_t{0});
}

void HangWatch::answered(const bus::HostId& host, std::uint64_t id)
{
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(host);
    if (found != held_.end()) {
        found->second.until_ms.erase(id);
    }
}

void HangWatch::lost(const bus::HostId& host)
{
    const std::lock_guard lock(mutex_);
    held_.erase(host);
}

std::vector<bus::HostId> HangWatch::takeHung()
{
    const std::lock_guard lock(mutex_);
    std::vector<bus::HostId> hung;
    const std::int64_t now_ms = clock_.monotonicMs();
    for (auto& [host, held] : held_) {
        const bool overdue =
            std::any_of(held.until_ms.begin(), held.until_ms.end(), [now_ms](const auto& delivery) {
                return delivery.second < now_ms;
            });
        if (overdue && !std::exchange(held.named, true)) {
            hung.push_back(host);
        }
    }
    return hung;
}

void HangWatch::watch()
{
    pthread_setname_np(pthread_self(), "hang-watch");
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kLookEvery, [this] { return stopping_; })) {
        lock.unlock();
        for (const bus::HostId& host : takeHung()) {
            hung_(host,
                  fmt::format("it has held a delivery for more than {} ms without an answer",
                              limit_ms_));
        }
        lock.lock();
    }
}

} // namespace hub::app
