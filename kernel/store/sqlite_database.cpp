#include "store/sqlite_database.hpp"

#include "observe/log.hpp"
#include "store/sqlite_trouble.hpp"

#include <algorithm>

namespace hub::store {

namespace {

const observe::Log kLog("store");

} // namespace

SqliteDatabase::SqliteDatabase(const Settings& settings, const base::Clock* clock)
    : StoreDatabase(settings, clock)
    , file_(settings.folder / "hub.db")
{
    SqliteOptions options{file_, Access::Read, OpenMode::Existing, settings.busy_timeout_ms};
    if (clock == nullptr) {
        if (!std::filesystem::exists(file_)) {
            throw base::Failure(HUB_NOT_FOUND,
                                "{}: there is no store here; name the data folder of a hub",
                                file_.string());
        }
        options.mode = OpenMode::ReadOnly;
        useReaders(
            [options, this] { return std::make_shared<SqliteConnection>(options, libraries()); });
        inspectStore();
        return;
    }
    takeLock();
    SqliteOptions writing{file_, Access::Write, OpenMode::Create, settings.busy_timeout_ms};
    useWriter(std::make_unique<SqliteConnection>(writing, libraries()));
    useReaders(
        [options, this] { return std::make_shared<SqliteConnection>(options, libraries()); });
    prepareStore();
    writing.mode = OpenMode::Existing;
    checkpointer_ = std::make_unique<SqliteCheckpointer>(writing, libraries());
    checkpointer_->watch(sqliteWriter());
}

SqliteConnection& SqliteDatabase::sqliteWriter()
{
    return static_cast<SqliteConnection&>(writingConnection());
}

void SqliteDatabase::refuseAfterFailedSync() const
{
    if (sync_failed_ || (checkpointer_ && checkpointer_->syncFailed())) {
        throw StoreFailure(Trouble::Sync,
                           fmt::format("{}: an fsync has failed; the hub must stop and start again "
                                       "from the store",
                                       file_.string()));
    }
}

void SqliteDatabase::noteSyncFailure(const StoreFailure& failure)
{
    if (failure.trouble() == Trouble::Sync) {
        sync_failed_ = true;
    }
}

void SqliteDatabase::beginGroup()
{
    refuseAfterFailedSync();
    StoreDatabase::beginGroup();
}

bool SqliteDatabase::commitGroup(std::int64_t group_no, EmptyGroup empty)
{
    StoreConnection& connection = writingConnection();
    refuseAfterFailedSync();
    try {
        seal(group_no, empty);
        connection.commit();
    } catch (const StoreFailure& failure) {
        noteSyncFailure(failure);
        connection.rollback();
        throw;
    }
    return true;
}

void SqliteDatabase::recover()
{
    refuseAfterFailedSync();
    SqliteConnection& connection = sqliteWriter();
    connection.rollback();
    try {
        try {
            probe(connection);
        } catch (const StoreFailure& failure) {
            if (failure.trouble() == Trouble::Sync || failure.trouble() == Trouble::Fenced) {
                throw;
            }
            connection.reopen();
            checkpointer_->watch(connection);
            probe(connection);
        }
    } catch (const StoreFailure& failure) {
        noteSyncFailure(failure);
        throw;
    }
}

void SqliteDatabase::probe(SqliteConnection& connection)
{
    // A store that can't be written would look healthy until the next group.
    Transaction transaction(connection);
    connection.prepare("UPDATE hub_fence SET holder = ? WHERE partition = 0")
        .bindText(1, describeThisProcess())
        .run();
    if (readFence(connection).epoch != epoch()) {
        throwFenced();
    }
    transaction.commit();
}

std::int64_t SqliteDatabase::walBytes() const
{
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file_.string() + "-wal", error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

void SqliteDatabase::checkpointIfLarge()
{
    constexpr std::int64_t kRetryAfterMs = 1000;
    // While a backup is copied a snapshot lasts for minutes, and each try to cut the log waits for
    // it in the lane: at most this share of the time.
    constexpr std::int64_t kShare = 50;
    const std::int64_t now_ms = elapsed_.monotonicMs();
    if (walBytes() > settings().wal_bytes_max && now_ms >= checkpoint_again_ms_) {
        // Readers hold the log for a snapshot's length at most; one that does not is not waited
        // for.
        if (!checkpoint(SQLITE_CHECKPOINT_TRUNCATE, settings().snapshot_ms_max)) {
            const std::int64_t ended_ms = elapsed_.monotonicMs();
            checkpoint_again_ms_ = ended_ms + std::max(kRetryAfterMs, kShare * (ended_ms - now_ms));
            kLog.warning(
                "{}: a long snapshot keeps the log at {} bytes", file_.string(), walBytes());
        }
    } else if (checkpointer_->takeRest()) {
        checkpoint(SQLITE_CHECKPOINT_PASSIVE, 0);
    }
}

/// False when somebody else is in the way.
bool SqliteDatabase::checkpoint(int mode, int wait_ms)
{
    sqlite3* handle = sqliteWriter().handle();
    sqlite3_busy_timeout(handle, wait_ms);
    const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, mode, nullptr, nullptr);
    const int extended = sqlite3_extended_errcode(handle);
    sqlite3_busy_timeout(handle, settings().busy_timeout_ms);
    if (code == SQLITE_OK || (code & 0xFF) == SQLITE_BUSY) {
        return code == SQLITE_OK;
    }
    try {
        throwSqlite(handle, extended, "checkpoint");
    } catch (const StoreFailure& failure) {
        noteSyncFailure(failure);
        if (mode == SQLITE_CHECKPOINT_PASSIVE && failure.trouble() != Trouble::Sync) {
            return false; // nothing is lost, the log goes on; the next one in the background says
                          // it
        }
        throw;
    }
}

} // namespace hub::store
