// SqliteCheckpointer: copies the write-ahead log into the database file on a thread and a
// connection of its own, so that the lane's commits pay one fsync only. PASSIVE: it never waits
// for readers nor makes the lane wait. What is committed meanwhile stays in the log, so under load
// the log would never begin again but grow, and an fsync of a growing file costs twice that of
// one written over; therefore the lane, between two commits, copies the little that is left.
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
    /// Between two commits: whether the writer should copy the rest now. True once for each
    /// checkpoint that came close to the log's end.
    bool takeRest();
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
    int copied_at_pages_ = 0; // length of the log when the last checkpoint was asked for
    int copied_pages_ = 0;    // how far that one came
    bool rest_waits_ = false;
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace hub::store
