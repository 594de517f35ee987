// OutcomeWaiters: HTTP threads that wait for the outcome of a call (`Prefer: wait`).
#pragma once

#include "journal/lane.hpp"
#include "store/database.hpp"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>

namespace hub::app {

class OutcomeWaiters final : public journal::CommitListener {
public:
    OutcomeWaiters(store::Database& database, const base::Clock& clock);

    /// True when the call has an outcome that is not pending; false at the deadline.
    bool await(hub_call_id call, std::int64_t deadline_ms);

    void committed(const journal::Effects& effects) noexcept override;

private:
    /// One call's; each has a condition of its own, so that an outcome wakes nobody else.
    struct Waiters {
        int count = 0;
        bool answered = false;
        std::condition_variable changed;
    };

    bool isAnswered(hub_call_id call) const;

    store::Database& database_;
    const base::Clock& clock_;
    std::mutex mutex_;
    std::map<hub_call_id, Waiters> waiting_;
};

} // namespace hub::app
