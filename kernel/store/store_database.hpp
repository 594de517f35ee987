// StoreDatabase: what the two back ends do alike: lock file, identity and fence, migrations,
// groups, snapshots.
#pragma once

#include "store/lock_file.hpp"
#include "store/reader_pool.hpp"

#include <memory>
#include <string>

namespace hub::store {

class StoreDatabase : public Database {
public:
    std::int64_t epoch() const override { return epoch_; }
    void migrate(const std::string& library, const std::vector<Migration>& steps) override;
    void withdrawViews() override;
    void exposeView(const ExportedView& view) override;
    void letRead(const std::string& library, const std::string& view) override
    {
        libraries_.letRead(library, view);
    }
    Connection& writer() override { return writingConnection(); }
    void beginGroup() override;
    Lease snapshot() override { return readers_->lend(); }
    std::int64_t snapshotsOverdue() const override { return readers_->overdue(); }

protected:
    /// `clock` is null for a store that is only read.
    StoreDatabase(Settings settings, const base::Clock* clock);

    /// The folder's lock; before the back end is touched.
    void takeLock();
    /// Migrates the kernel's tables, makes the store's identity, raises the epoch.
    void prepareStore();
    /// For a store that is only read: refuses one without the kernel's tables.
    void inspectStore();
    void useWriter(std::unique_ptr<StoreConnection> writer) { writer_ = std::move(writer); }
    void useReaders(ReaderPool::Open open);

    /// Throws base::Failure when the store was opened read-only.
    StoreConnection& writingConnection();
    /// Before a group's commit: the fence, where there is something to commit or to prove.
    void seal(std::int64_t group_no, EmptyGroup empty);
    /// Inside a transaction: throws StoreFailure{Fenced} unless the fence is this hub's.
    void writeFence(std::int64_t group_no);
    void checkFence();
    /// A commit's answer can get lost, so the fence row must tell which group was the last.
    virtual bool losesCommits() const { return true; }
    [[noreturn]] void throwFenced();
    Fence readFence(StoreConnection& connection);
    /// Before the first migration of a library, where the back end keeps roles.
    virtual void makeRole(const std::string&) {}
    /// The same for what libraries may read of each other.
    virtual void revokeViews() {}
    virtual void grantView(const std::string& /*library*/, const std::string& /*view*/) {}

    const Settings& settings() const noexcept { return settings_; }
    const Libraries& libraries() const noexcept { return libraries_; }

private:
    void loadLibraries(StoreConnection& connection);
    void raiseEpoch();

    Settings settings_;
    const base::Clock* clock_;
    std::unique_ptr<LockFile> lock_;
    Libraries libraries_;
    std::unique_ptr<StoreConnection> writer_;
    std::unique_ptr<ReaderPool> readers_;
    std::int64_t epoch_ = 0;
};

/// "process 12 on host": who holds the fence.
std::string describeThisProcess();

} // namespace hub::store
