// Database: opens the one store of a hub, keeps other hubs out, migrates it, and gives out its
// connections: one writer for the lane, many snapshots for readers.
#pragma once

#include "base/clock.hpp"
#include "store/connection.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hub::store {

struct Settings {
    Backend backend = Backend::SQLite;
    std::filesystem::path folder; // SQLite file hub.db, lock file, blobs; created 0700
    std::string postgres;         // libpq connection string
    std::string postgres_schema = "expohub";
    std::size_t readers_max = 16;
    int busy_timeout_ms = 5000;
    int snapshot_ms_max = 250;
    std::int64_t wal_bytes_max = std::int64_t{64} * 1024 * 1024;
};

/// One step of a library's schema, from its migrations folder: `0001_name.sql`.
struct Migration {
    std::int64_t number = 0;
    std::string name;
    std::string sql; // BIGINT, TEXT, BLOB; the dialect translates
};

/// Reads a migrations folder in order; throws base::Failure naming the file for a gap, a
/// duplicate or a name that does not fit.
std::vector<Migration> readMigrations(const std::filesystem::path& folder);

/// A view that a library lets others read: `<owner>_<name>_v<version>` of its migrations.
struct ExportedView {
    std::string owner;
    std::string view;
    std::vector<std::string> columns;
    std::vector<std::string> readers;
};

/// Identity of the hub's process on this store: raised at every start.
struct Fence {
    std::int64_t epoch = 0;    // this start
    std::int64_t group_no = 0; // last committed group of it that had to be numbered
};

/// A connection on loan; returned to the pool at the end of the scope.
class Lease {
public:
    Lease(std::shared_ptr<Connection> connection, std::function<void()> giveBack)
        : connection_(std::move(connection))
        , give_back_(std::move(giveBack))
    {}
    ~Lease()
    {
        if (give_back_) {
            give_back_();
        }
    }
    Lease(Lease&& other) noexcept
        : connection_(std::move(other.connection_))
        , give_back_(std::exchange(other.give_back_, nullptr))
    {}
    Lease& operator=(Lease&&) = delete;

    Connection& operator*() const noexcept { return *connection_; }
    Connection* operator->() const noexcept { return connection_.get(); }

private:
    std::shared_ptr<Connection> connection_;
    std::function<void()> give_back_;
};

/// Opens or creates a SQLite file beside the store, for what must not be in its backups: WAL,
/// fsync at each commit, freed bytes overwritten. Throws StoreFailure.
std::unique_ptr<Connection> openSideFile(const std::filesystem::path& file);

/// What becomes of a group that has written nothing.
enum class EmptyGroup { Skip, Prove };

/// Thread-safe except writer(), which belongs to the lane's thread.
class Database {
public:
    /// Opens or creates the store, takes the lock and the fence, migrates the kernel's own tables.
    /// Throws base::Failure with one sentence: another hub holds it (with its pid or host), the
    /// folder can't be written, the schema is newer than this hub, a migration was changed.
    static std::unique_ptr<Database> open(const Settings& settings, const base::Clock& clock);
    /// For `doctor` and `audit verify`: no lock, no migration, read-only.
    static std::unique_ptr<Database> openReadOnly(const Settings& settings);

    virtual ~Database() = default;

    virtual Backend backend() const = 0;
    /// Raised at each open().
    virtual std::int64_t epoch() const = 0;

    /// Brings a library's tables up to date in one transaction per step; records checksum. Makes
    /// the library's role where the back end has roles. Throws like open().
    virtual void migrate(const std::string& library, const std::vector<Migration>& steps) = 0;

    /// After all migrations, before anything else runs: takes back what libraries were let read of
    /// others, then lets them read one view after the other. exposeView() throws base::Failure when
    /// the view or a column is missing.
    virtual void withdrawViews() = 0;
    virtual void exposeView(const ExportedView& view) = 0;
    /// For a store that is only read: what exposeView() let this library read.
    virtual void letRead(const std::string& library, const std::string& view) = 0;

    virtual Connection& writer() = 0;

    virtual void beginGroup() = 0;
    /// Commits it; throws StoreFailure{Fenced} when the fence row is another's. Where a commit's
    /// answer can get lost, or to prove that the store takes writes, the row gets `group_no`. A
    /// group that has written nothing costs nothing, unless it is to prove that the store takes
    /// writes. When the connection is lost on the way, reconnects and reads the fence row: returns
    /// whether the group is there; throws StoreFailure{Lost} while the store is away, and tells
    /// when it is called again with the same number. Throws StoreFailure{Sync} when an fsync
    /// failed.
    virtual bool commitGroup(std::int64_t group_no, EmptyGroup empty = EmptyGroup::Skip) = 0;
    /// Makes the writer usable again after a failure; throws while the store is away.
    virtual void recover() = 0;

    /// A read-only snapshot that began now; at most `snapshot_ms_max` long for SQLite: the lease
    /// is counted and a longer one is logged. Waits at most 1 s for a free connection, else
    /// throws base::Failure{HUB_UNAVAILABLE}.
    /// The lease ends before the database does.
    virtual Lease snapshot() = 0;
    /// How many leases were held longer than `snapshot_ms_max`.
    virtual std::int64_t snapshotsOverdue() const = 0;

    /// Between groups, by the lane: RESTART or TRUNCATE when the log is over its limit.
    virtual void checkpointIfLarge() = 0;
    virtual std::int64_t walBytes() const = 0;
};

} // namespace hub::store
