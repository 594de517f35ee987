#include "app/outcome_waiters.hpp"

#include "journal/calls.hpp"

#include <chrono>

namespace hub::app {

namespace {

bool isOutcome(std::uint32_t outcome)
{
    return outcome != HUB_OUTCOME_NONE && outcome != HUB_OUTCOME_PENDING;
}

} // namespace

OutcomeWaiters::OutcomeWaiters(store::Database& database, const base::Clock& clock)
    : database_(database)
    , clock_(clock)
{}

bool OutcomeWaiters::isAnswered(hub_call_id call) const
{
    store::Lease lease = database_.snapshot();
    const auto outcome = journal::Calls::outcomeOf(*lease, call);
    return outcome && isOutcome(*outcome);
}

bool OutcomeWaiters::await(hub_call_id call, std::int64_t deadline_ms)
{
    std::unique_lock lock(mutex_);
    Waiters& waiters = waiting_[call];
    ++waiters.count;
    lock.unlock();
    // Registered first, looked second: an outcome in between is seen by one of the two.
    bool answered = isAnswered(call);
    lock.lock();
    if (!answered) {
        const std::int64_t left_ms = deadline_ms - clock_.nowMs();
        answered = waiters.changed.wait_for(
            lock, std::chrono::milliseconds(left_ms), [&] { return waiters.answered; });
    }
    if (--waiters.count == 0) {
        waiting_.erase(call);
    }
    return answered;
}

void OutcomeWaiters::committed(const journal::Effects& effects) noexcept
{
    const std::lock_guard lock(mutex_);
    for (const journal::AnsweredCall& call : effects.answered) {
        const auto found = waiting_.find(call.id);
        if (isOutcome(call.outcome) && found != waiting_.end()) {
            found->second.answered = true;
            found->second.changed.notify_all();
        }
    }
}

} // namespace hub::app
