#include "app/event_feed.hpp"

namespace hub::app {

namespace {

constexpr std::size_t kRemembered = 1024;

} // namespace

EventFeed::EventFeed(OutcomeWaiters& waiters)
    : waiters_(waiters)
{}

void EventFeed::committed(const journal::Effects& effects) noexcept
{
    if (!effects.answered.empty()) {
        waiters_.committed(effects);
    }
    if (effects.events.empty()) {
        return;
    }
    const std::lock_guard lock(mutex_);
    for (const journal::EventPtr& event : effects.events) {
        recent_.push_back(event);
        last_ = event->seq;
    }
    while (recent_.size() > kRemembered) {
        recent_.pop_front();
    }
    changed_.notify_all();
}

std::vector<journal::EventPtr> EventFeed::after(std::int64_t seq, std::chrono::milliseconds timeout)
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [&] { return last_ > seq; });
    std::vector<journal::EventPtr> events;
    for (const journal::EventPtr& event : recent_) {
        if (event->seq > seq) {
            events.push_back(event);
        }
    }
    return events;
}

std::int64_t EventFeed::last() const
{
    const std::lock_guard lock(mutex_);
    return last_;
}

} // namespace hub::app
