// The store of simulated runs: the real one, on a file in memory that one process uses for all its
// seeds, and around it one that breaks as the weather says. Power cuts are tried elsewhere
// (tests/chaos), so nothing is synced here.
#pragma once

#include "base/clock.hpp"
#include "mutation.hpp"
#include "store/database.hpp"
#include "trace.hpp"
#include "weather.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hub::simulation {

/// Thrown through the lane by a store whose hub dies in the middle of a commit.
struct HubDied {};

class ScratchStore {
public:
    ScratchStore();
    ~ScratchStore();
    ScratchStore(const ScratchStore&) = delete;
    ScratchStore& operator=(const ScratchStore&) = delete;

    store::Database& database() { return *database_; }
    /// As no hub had used it.
    void clear();

private:
    base::SystemClock clock_; // of migrations only
    std::filesystem::path folder_;
    std::unique_ptr<store::Database> database_;
};

/// The lane's writer, whose statements fail inside of groups.
class BreakingConnection final : public store::Connection {
public:
    BreakingConnection(store::Connection& real,
                       Seeded& random,
                       const Weather& weather,
                       Trace& trace)
        : real_(real)
        , random_(random)
        , weather_(weather)
        , trace_(trace)
    {}
    void inGroup(bool in_group) noexcept { in_group_ = in_group; }
    std::uint64_t broken() const noexcept { return broken_; }

    store::Backend backend() const override { return real_.backend(); }
    store::Statement& prepare(std::string_view sql) override;
    void execute(std::string_view sql) override { real_.execute(sql); }
    void actAs(const store::Role& role) override { real_.actAs(role); }
    void begin() override { real_.begin(); }
    void commit() override { real_.commit(); }
    void rollback() noexcept override
    {
        in_group_ = false;
        real_.rollback();
    }
    void savepoint() override { real_.savepoint(); }
    void release() override { real_.release(); }
    void rollbackToSavepoint() override { real_.rollbackToSavepoint(); }
    bool transactionLives() const override { return real_.transactionLives(); }
    bool hasWritten() const override { return real_.hasWritten(); }

private:
    store::Connection& real_;
    Seeded& random_;
    const Weather& weather_;
    Trace& trace_;
    bool in_group_ = false;
    std::uint64_t broken_ = 0;
};

class BreakingStore final : public store::Database {
public:
    BreakingStore(store::Database& real,
                  Seeded& random,
                  const Weather& weather,
                  Trace& trace,
                  Mutation mutation);

    void beginGroup() override;
    bool commitGroup(std::int64_t group_no, store::EmptyGroup empty) override;
    void recover() override;
    store::Connection& writer() override { return writer_; }
    /// How often a group was broken so far.
    std::uint64_t broken() const noexcept { return broken_ + writer_.broken(); }

    store::Backend backend() const override { return real_.backend(); }
    std::int64_t epoch() const override { return real_.epoch(); }
    void migrate(const std::string& library, const std::vector<store::Migration>& steps) override
    {
        real_.migrate(library, steps);
    }
    void letRead(const std::string& library, const std::string& what) override
    {
        real_.letRead(library, what);
    }
    void withdrawViews() override { real_.withdrawViews(); }
    void exposeView(const store::ExportedView& view) override { real_.exposeView(view); }
    store::Lease snapshot() override { return real_.snapshot(); }
    std::int64_t snapshotsOverdue() const override { return real_.snapshotsOverdue(); }
    void checkpointIfLarge() override {}
    std::int64_t walBytes() const override { return 0; }

private:
    void failWhileAway();
    bool breakCommit(std::int64_t group_no, store::EmptyGroup empty);

    store::Database& real_;
    Seeded& random_;
    const Weather& weather_;
    Trace& trace_;
    Mutation mutation_;
    BreakingConnection writer_;
    std::uint32_t away_ = 0; // fails as many more times
    std::uint64_t broken_ = 0;
};

} // namespace hub::simulation
