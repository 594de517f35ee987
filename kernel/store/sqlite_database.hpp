// SqliteDatabase: a hub's store in one SQLite file with a write-ahead log.
#pragma once

#include "store/sqlite_checkpointer.hpp"
#include "store/store_database.hpp"

#include <filesystem>
#include <memory>

namespace hub::store {

class SqliteDatabase final : public StoreDatabase {
public:
    /// Opens for writing when there is a clock, else to read only.
    SqliteDatabase(const Settings& settings, const base::Clock* clock);

    Backend backend() const override { return Backend::SQLite; }
    bool commitGroup(std::int64_t group_no, EmptyGroup empty) override;
    void beginGroup() override;
    void recover() override;
    void checkpointIfLarge() override;
    std::int64_t walBytes() const override;

private:
    /// In one process a commit has happened or has not; each page that it need not write counts.
    bool losesCommits() const override { return false; }
    SqliteConnection& sqliteWriter();
    void refuseAfterFailedSync() const;
    void probe(SqliteConnection& connection);
    bool checkpoint(int mode, int wait_ms);
    void noteSyncFailure(const StoreFailure& failure);

    std::filesystem::path file_;
    std::unique_ptr<SqliteCheckpointer> checkpointer_;
    bool sync_failed_ = false;
    std::int64_t checkpoint_again_ms_ = 0;
    base::SystemClock elapsed_;
};

} // namespace hub::store
