// SqliteCheckpointer: copies the write-ahead log into the database file on a thread and a
// connection of its own, so that the lane's commits pay one fsync only. PASSIVE: it never waits
// for readers nor makes the lane wait.
#pragma once

#include "store/sqlite_connection.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace hub::store {

class SqliteCheckpointer {
public:
    SqliteCheckpointer(SqliteOptions options, const Libraries& libraries);
    ~SqliteCheckpointer();
    SqliteCheckpointer(const SqliteCheckpointer&) = delete;
    SqliteCheckpointer& operator=(const SqliteCheckpointer&) = delete;

    /// Reports every commit of the connection; again after its reopen().
    void watch(SqliteConnection& writer);
    /// True once an fsync failed: what it should have kept may be gone from the page cache.
    bool syncFailed() const noexcept { return sync_failed_.load(); }

private:
    static int committed(void* self, sqlite3* handle, const char* database, int log_pages);
    void run();
    void checkpoint();

    SqliteConnection connection_;
    std::atomic<bool> sync_failed_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    int log_pages_ = 0;       // as of the last commit
    int copied_at_pages_ = 0; // as of the last checkpoint
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace hub::store
