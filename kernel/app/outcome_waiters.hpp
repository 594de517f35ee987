// OutcomeWaiters: HTTP threads that wait for the outcome of a call (`Prefer: wait`).
#pragma once

#include "journal/lane.hpp"
#include "store/database.hpp"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>

namespace hub::app {

class OutcomeWaiters final : public journal::CommitListener {
public:
    OutcomeWaiters(store::Database& database, const base::Clock& clock);

    /// True when the call has an outcome that is not pending; false at the deadline.
    bool await(hub_call_id call, std::int64_t deadline_ms);

    void committed(const journal::Effects& effects) noexcept override;

private:
    bool isAnswered(hub_call_id call) const;

    store::Database& database_;
    const base::Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<hub_call_id, int> waiting_; // how many wait
    std::set<hub_call_id> answered_;     // of those
};

} // namespace hub::app
