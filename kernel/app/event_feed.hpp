// EventFeed: shows committed events to those who look on (`event tail`), and passes commits on to
// the waiters for outcomes. A slow onlooker loses events, never holds the lane up.
#pragma once

#include "app/outcome_waiters.hpp"
#include "journal/lane.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace hub::app {

class EventFeed final : public journal::CommitListener {
public:
    explicit EventFeed(OutcomeWaiters& waiters);

    void committed(const journal::Effects& effects) noexcept override;

    /// Events after `seq` that are still remembered; waits for the first up to `timeout`.
    std::vector<journal::EventPtr> after(std::int64_t seq, std::chrono::milliseconds timeout);
    std::int64_t last() const;

private:
    OutcomeWaiters& waiters_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<journal::EventPtr> recent_;
    std::int64_t last_ = 0;
};

} // namespace hub::app
