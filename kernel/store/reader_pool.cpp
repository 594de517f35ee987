#include "store/reader_pool.hpp"

#include "observe/log.hpp"

#include <chrono>

namespace hub::store {

namespace {

const observe::Log kLog("store");

} // namespace

ReaderPool::ReaderPool(Open open, std::size_t readers_max, int snapshot_ms_max)
    : open_(std::move(open))
    , readers_max_(readers_max)
    , snapshot_ms_max_(snapshot_ms_max)
{
    free_.reserve(readers_max); // so that giving back can't fail
}

std::shared_ptr<StoreConnection> ReaderPool::take()
{
    std::unique_lock lock(mutex_);
    const bool got = returned_.wait_for(
        lock, std::chrono::seconds(1), [&] { return !free_.empty() || opened_ < readers_max_; });
    if (!got) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "all {} reading connections of the store are in use; try again later "
                            "or raise the number of readers",
                            readers_max_);
    }
    if (!free_.empty()) {
        std::shared_ptr<StoreConnection> connection = std::move(free_.back());
        free_.pop_back();
        return connection;
    }
    ++opened_;
    lock.unlock();
    try {
        return open_();
    } catch (...) {
        putBack(nullptr);
        throw;
    }
}

void ReaderPool::putBack(std::shared_ptr<StoreConnection> connection) noexcept
{
    {
        const std::lock_guard lock(mutex_);
        if (connection) {
            free_.push_back(std::move(connection));
        } else {
            --opened_;
        }
    }
    returned_.notify_one();
}

Lease ReaderPool::lend()
{
    std::shared_ptr<StoreConnection> connection = take();
    try {
        try {
            connection->beginSnapshot();
        } catch (const StoreFailure& failure) {
            // A connection that lay idle while the server went away says so at its first use.
            if (failure.trouble() != Trouble::Lost) {
                throw;
            }
            connection->reopen();
            connection->beginSnapshot();
        }
    } catch (...) {
        connection->rollback();
        putBack(std::move(connection));
        throw;
    }
    const std::int64_t began_ms = clock_.monotonicMs();
    return {connection, [this, connection, began_ms] {
                giveBack(connection, began_ms);
            }};
}

void ReaderPool::giveBack(const std::shared_ptr<StoreConnection>& connection,
                          std::int64_t began_ms) noexcept
{
    connection->rollback();
    connection->actAs(Role{});
    const std::int64_t taken_ms = clock_.monotonicMs() - began_ms;
    putBack(connection);
    if (taken_ms > snapshot_ms_max_) {
        overdue_.fetch_add(1);
        kLog.warning("a snapshot of the store was held for {} ms, more than {}: it keeps the log "
                     "from being cleared; read by pages",
                     taken_ms,
                     snapshot_ms_max_);
    }
}

} // namespace hub::store
