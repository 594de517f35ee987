// Goal: what only SQLite can do to us: a log that grows, a disk that fills, an fsync that fails.
// Method: a real store; the failing fsync comes from a layer between SQLite and the system.

#include "store/sqlite_trouble.hpp"
#include "store_fixture.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace hub::store;
using namespace hub::store::test;

/// The system's files, of which the fsync of a write-ahead log can be made to fail.
class FailingSync {
public:
    FailingSync()
    {
        system_ = sqlite3_vfs_find(nullptr);
        vfs_ = *system_;
        vfs_.zName = "failing-sync";
        vfs_.xOpen = &FailingSync::open;
        failing_ = false;
        sqlite3_vfs_register(&vfs_, 1);
    }
    ~FailingSync()
    {
        sqlite3_vfs_unregister(&vfs_);
        sqlite3_vfs_register(system_, 1);
    }
    FailingSync(const FailingSync&) = delete;
    FailingSync& operator=(const FailingSync&) = delete;

    static void begin() { failing_ = true; }

private:
    static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out)
    {
        const int code = system_->xOpen(system_, name, file, flags, out);
        if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
            system_sync_ = file->pMethods->xSync;
            methods_ = *file->pMethods;
            methods_.xSync = &FailingSync::sync;
            file->pMethods = &methods_;
        }
        return code;
    }

    static int sync(sqlite3_file* file, int flags)
    {
        return failing_ ? SQLITE_IOERR_FSYNC : system_sync_(file, flags);
    }

    inline static sqlite3_vfs* system_ = nullptr;
    inline static sqlite3_io_methods methods_{};
    inline static int (*system_sync_)(sqlite3_file*, int) = nullptr;
    inline static bool failing_ = false;
    sqlite3_vfs vfs_{};
};

class SqliteDatabaseTest : public StoreFixture<Backend::SQLite> {
    CPPUNIT_TEST_SUITE(SqliteDatabaseTest);
    CPPUNIT_TEST(theFileIsSetUpForDurability);
    CPPUNIT_TEST(aFullDiskEndsTheGroupAndItsRoomTheTrouble);
    CPPUNIT_TEST(aFailedSyncAtCommitStopsTheStore);
    CPPUNIT_TEST(aDamagedFileIsRefusedByName);
    CPPUNIT_TEST(theLogIsCopiedInTheBackground);
    CPPUNIT_TEST(theLogBeginsAgainUnderLoad);
    CPPUNIT_TEST(theLogIsCutWhenItIsLarge);
    CPPUNIT_TEST(aLongSnapshotKeepsTheLog);
    CPPUNIT_TEST(aLongSnapshotCostsTheLaneLittle);
    CPPUNIT_TEST(codesAreMapped);
    CPPUNIT_TEST_SUITE_END();

public:
    void theFileIsSetUpForDurability()
    {
        open();
        const std::vector<std::pair<std::string, std::string>> rows{{"page_size", "4096"},
                                                                    {"journal_mode", "wal"},
                                                                    {"synchronous", "2"},
                                                                    {"foreign_keys", "1"},
                                                                    {"trusted_schema", "0"},
                                                                    {"wal_autocheckpoint", "0"},
                                                                    {"query_only", "0"}};
        for (const auto& [name, expected] : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, expected, pragma(writer(), name));
        }
        const Lease lease = database().snapshot();
        CPPUNIT_ASSERT_EQUAL(std::string("1"), pragma(*lease, "query_only"));
        CPPUNIT_ASSERT_EQUAL(std::string("2"), pragma(*lease, "synchronous"));
        const auto rights = std::filesystem::status(settings_.folder).permissions();
        CPPUNIT_ASSERT(rights == std::filesystem::perms::owner_all);
    }

    void aFullDiskEndsTheGroupAndItsRoomTheTrouble()
    {
        openWithDemo();
        commit(1);
        writer().execute("PRAGMA max_page_count = 1"); // as few as there are now

        database().beginGroup();
        writer().savepoint();
        writer().actAs({"demo", false});
        assertTrouble("insert", Trouble::Full, troubleOf("insert", [&] {
                          insert(2, std::string(1 << 20, 'x'));
                      }));
        CPPUNIT_ASSERT(!writer().transactionLives());
        assertTrouble("savepoint", Trouble::Full, troubleOf("savepoint", [&] {
                          writer().rollbackToSavepoint();
                      }));
        assertTrouble(
            "commit", Trouble::Full, troubleOf("commit", [&] { database().commitGroup(2); }));

        writer().execute("PRAGMA max_page_count = 1000000");
        database().recover();
        commit(3);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item"));
    }

    void aFailedSyncAtCommitStopsTheStore()
    {
        FailingSync layer;
        openWithDemo();
        commit(1);

        database().beginGroup();
        insert(2, "x");
        layer.begin();

        assertTrouble(
            "commit", Trouble::Sync, troubleOf("commit", [&] { database().commitGroup(2); }));
        for (int attempt = 0; attempt < 2; ++attempt) {
            assertTrouble(
                "recover", Trouble::Sync, troubleOf("recover", [&] { database().recover(); }));
            assertTrouble(
                "begin", Trouble::Sync, troubleOf("begin", [&] { database().beginGroup(); }));
        }
        database_.reset();
    }

    void aDamagedFileIsRefusedByName()
    {
        openWithDemo();
        database_.reset();
        const std::filesystem::path file = settings_.folder / "hub.db";
        std::fstream(file, std::ios::in | std::ios::out | std::ios::binary) << "no store";

        try {
            open();
            CPPUNIT_FAIL("a damaged store was opened");
        } catch (const StoreFailure& failure) {
            const std::string said = failure.displayText();
            CPPUNIT_ASSERT_MESSAGE(said, said.find(file.string()) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(said, said.find("is damaged") != std::string::npos);
        }
    }

    void theLogIsCopiedInTheBackground()
    {
        openWithDemo();
        commit(1, std::string(20 << 20, 'x')); // more than 2,000 pages
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (std::filesystem::file_size(settings_.folder / "hub.db") < (20U << 20)) {
            CPPUNIT_ASSERT(std::chrono::steady_clock::now() < deadline);
            std::this_thread::yield();
        }
    }

    void theLogBeginsAgainUnderLoad()
    {
        openWithDemo();
        // However late the background is: at some time the log is written over, not on.
        constexpr int kOverThePagesBetween = 200; // groups of 16 pages
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        std::int64_t bytes = 0;
        for (int group = 1, same = 0; same < kOverThePagesBetween; ++group) {
            CPPUNIT_ASSERT(std::chrono::steady_clock::now() < deadline);
            commit(group, std::string(60000, 'x'));
            database().checkpointIfLarge();
            same = database().walBytes() == bytes ? same + 1 : 0;
            bytes = database().walBytes();
        }
    }

    void theLogIsCutWhenItIsLarge()
    {
        settings_.wal_bytes_max = 100000;
        openWithDemo();
        for (int group = 1; group <= 10; ++group) {
            commit(group, std::string(50000, 'x'));
            database().checkpointIfLarge();
            CPPUNIT_ASSERT(database().walBytes() <= settings_.wal_bytes_max);
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10}, count(writer(), "demo_item"));
    }

    void aLongSnapshotKeepsTheLog()
    {
        settings_.wal_bytes_max = 0;
        settings_.snapshot_ms_max = 20;
        openWithDemo();
        database().checkpointIfLarge();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, database().walBytes());
        {
            commit(1);
            const Lease lease = database().snapshot();
            commit(2);
            database().checkpointIfLarge(); // waits 20 ms, then goes on without
            CPPUNIT_ASSERT(database().walBytes() > 0);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(*lease, "demo_item"));
        }
        commit(3);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, count(writer(), "demo_item"));
    }

    void aLongSnapshotCostsTheLaneLittle()
    {
        settings_.wal_bytes_max = 0;
        settings_.snapshot_ms_max = 100;
        openWithDemo();
        commit(1);
        const Lease lease = database().snapshot();
        commit(2);
        const auto began = std::chrono::steady_clock::now();
        const auto since = [](auto then) {
            return std::chrono::steady_clock::now() - then;
        };
        database().checkpointIfLarge(); // waits 100 ms
        CPPUNIT_ASSERT(since(began) >= std::chrono::milliseconds(90));
        auto longest = std::chrono::steady_clock::duration::zero();
        while (since(began) < std::chrono::seconds(2)) {
            const auto asked = std::chrono::steady_clock::now();
            database().checkpointIfLarge();
            longest = std::max(longest, since(asked));
            std::this_thread::yield();
        }
        CPPUNIT_ASSERT(longest < std::chrono::milliseconds(90));
    }

    void codesAreMapped()
    {
        struct Row {
            int code;
            int system_errno;
            Trouble expected;
        };
        for (const Row& row : {Row{SQLITE_IOERR_FSYNC, EIO, Trouble::Sync},
                               Row{SQLITE_IOERR_DIR_FSYNC, EIO, Trouble::Sync},
                               Row{SQLITE_IOERR_FSYNC, ENOSPC, Trouble::Sync},
                               Row{SQLITE_IOERR_WRITE, EIO, Trouble::Io},
                               Row{SQLITE_IOERR_READ, EIO, Trouble::Io},
                               Row{SQLITE_IOERR_SHMSIZE, ENOSPC, Trouble::Full},
                               Row{SQLITE_IOERR_WRITE, EROFS, Trouble::ReadOnly},
                               Row{SQLITE_FULL, ENOSPC, Trouble::Full},
                               Row{SQLITE_READONLY_DIRECTORY, 0, Trouble::ReadOnly},
                               Row{SQLITE_CANTOPEN, EACCES, Trouble::ReadOnly},
                               Row{SQLITE_CONSTRAINT_UNIQUE, 0, Trouble::Constraint},
                               Row{SQLITE_CONSTRAINT_PRIMARYKEY, 0, Trouble::Constraint},
                               Row{SQLITE_CONSTRAINT_FOREIGNKEY, 0, Trouble::Constraint},
                               Row{SQLITE_CONSTRAINT_NOTNULL, 0, Trouble::Statement},
                               Row{SQLITE_CONSTRAINT_CHECK, 0, Trouble::Statement},
                               Row{SQLITE_AUTH, 0, Trouble::Denied},
                               Row{SQLITE_BUSY, 0, Trouble::Busy},
                               Row{SQLITE_BUSY_SNAPSHOT, 0, Trouble::Busy},
                               Row{SQLITE_CORRUPT, 0, Trouble::Io},
                               Row{SQLITE_ERROR, 0, Trouble::Statement},
                               Row{SQLITE_RANGE, 0, Trouble::Statement}}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(row.code),
                                         toString(row.expected),
                                         toString(toTrouble(row.code, row.system_errno)));
        }
    }

private:
    void insert(std::int64_t id, const std::string& body)
    {
        writer()
            .prepare("INSERT INTO demo_item (id, body) VALUES (?, ?)")
            .bind(1, id)
            .bindBlob(2, body)
            .run();
    }

    void commit(std::int64_t group_no, const std::string& body = "x")
    {
        database().beginGroup();
        insert(group_no, body);
        CPPUNIT_ASSERT(database().commitGroup(group_no));
    }

    static std::string pragma(Connection& connection, const std::string& name)
    {
        Statement& row = connection.prepare("PRAGMA " + name);
        CPPUNIT_ASSERT(row.step());
        const std::string value = row.text(0);
        row.run();
        return value;
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(SqliteDatabaseTest, "sqlite_database");
