#include "store/sqlite_checkpointer.hpp"

#include "observe/log.hpp"
#include "store/sqlite_trouble.hpp"

namespace hub::store {

namespace {

const observe::Log kLog("store");

constexpr int kPagesBetween = 2000;
// The rest that the lane copies: a millisecond's worth.
constexpr int kRestPages = 128;

} // namespace

SqliteCheckpointer::SqliteCheckpointer(SqliteOptions options, const Libraries& libraries)
    : connection_(std::move(options), libraries)
    , thread_([this] { run(); })
{}

SqliteCheckpointer::~SqliteCheckpointer()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void SqliteCheckpointer::watch(SqliteConnection& writer)
{
    sqlite3_wal_hook(writer.handle(), &SqliteCheckpointer::committed, this);
}

int SqliteCheckpointer::committed(void* self, sqlite3*, const char*, int log_pages)
{
    auto& checkpointer = *static_cast<SqliteCheckpointer*>(self);
    {
        const std::lock_guard lock(checkpointer.mutex_);
        if (log_pages < checkpointer.log_pages_) {
            checkpointer.copied_at_pages_ = 0; // the log began again
            checkpointer.rest_waits_ = false;
        }
        checkpointer.log_pages_ = log_pages;
        if (log_pages - checkpointer.copied_at_pages_ < kPagesBetween) {
            return SQLITE_OK;
        }
        checkpointer.copied_at_pages_ = log_pages;
        checkpointer.wanted_ = true;
    }
    checkpointer.wake_.notify_one();
    return SQLITE_OK;
}

bool SqliteCheckpointer::takeRest()
{
    const std::lock_guard lock(mutex_);
    if (!rest_waits_ || log_pages_ - copied_pages_ > kRestPages) {
        return false;
    }
    rest_waits_ = false;
    return true;
}

void SqliteCheckpointer::run()
{
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return wanted_ || stopping_; });
        if (stopping_) {
            return;
        }
        wanted_ = false;
        lock.unlock();
        checkpoint();
        lock.lock();
    }
}

void SqliteCheckpointer::checkpoint()
{
    sqlite3* handle = connection_.handle();
    int copied = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
    if (code == SQLITE_OK) {
        const std::lock_guard lock(mutex_);
        copied_pages_ = copied;
        rest_waits_ = true;
        return;
    }
    if ((code & 0xFF) == SQLITE_BUSY) {
        return;
    }
    const int extended = sqlite3_extended_errcode(handle);
    kLog.error("checkpoint of the store: {} (code {})", sqlite3_errmsg(handle), extended);
    if (toTrouble(extended, sqlite3_system_errno(handle)) == Trouble::Sync) {
        sync_failed_.store(true);
    }
}

} // namespace hub::store
