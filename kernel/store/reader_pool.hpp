// ReaderPool: the connections that snapshots are lent from. Opened when first needed, kept, and
// never more than the settings say.
#pragma once

#include "base/clock.hpp"
#include "store/database.hpp"
#include "store/store_connection.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace hub::store {

/// Thread-safe. All leases end before the pool does.
class ReaderPool {
public:
    using Open = std::function<std::shared_ptr<StoreConnection>()>;

    ReaderPool(Open open, std::size_t readers_max, int snapshot_ms_max);

    /// Waits at most 1 s for a free connection, then throws base::Failure{HUB_UNAVAILABLE}.
    Lease lend();
    std::int64_t overdue() const noexcept { return overdue_.load(); }

private:
    std::shared_ptr<StoreConnection> take();
    void giveBack(const std::shared_ptr<StoreConnection>& connection,
                  std::int64_t began_ms) noexcept;
    void putBack(std::shared_ptr<StoreConnection> connection) noexcept;

    Open open_;
    std::size_t readers_max_;
    int snapshot_ms_max_;
    base::SystemClock clock_; // how long a lease really took, whatever clock the hub runs on
    std::atomic<std::int64_t> overdue_{0};
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::shared_ptr<StoreConnection>> free_;
    std::size_t opened_ = 0;
};

} // namespace hub::store
