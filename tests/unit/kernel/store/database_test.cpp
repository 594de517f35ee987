// Goal: one hub per store, groups that are there or not, migrations that can't be bent, snapshots
// that stand still. Method: every test runs on both back ends, against a real store.

#include "store_fixture.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using namespace hub::store;
using namespace hub::store::test;

template <Backend kBackend>
class DatabaseTest : public StoreFixture<kBackend> {
    CPPUNIT_TEST_SUITE(DatabaseTest);
    CPPUNIT_TEST(aNewStoreHasAnIdentityThatStays);
    CPPUNIT_TEST(eachStartRaisesTheEpoch);
    CPPUNIT_TEST(aSecondHubIsRefusedNamingTheFirst);
    CPPUNIT_TEST(aGroupIsThereAfterItsCommit);
    CPPUNIT_TEST(aGroupThatIsRolledBackIsNot);
    CPPUNIT_TEST(anotherEpochFencesTheGroup);
    CPPUNIT_TEST(aGroupThatWroteNothingWritesNothing);
    CPPUNIT_TEST(theWriterWorksAgainAfterRecover);
    CPPUNIT_TEST(aSnapshotStandsStill);
    CPPUNIT_TEST(snapshotsAreBounded);
    CPPUNIT_TEST(aSnapshotHeldTooLongIsCounted);
    CPPUNIT_TEST(migrationsRunOnceAndInOrder);
    CPPUNIT_TEST(migrationsThatDoNotFitAreRefused);
    CPPUNIT_TEST(aMigrationKeepsToItsOwnTables);
    CPPUNIT_TEST(aFailedStepLeavesNothing);
    CPPUNIT_TEST(aStoreOfANewerHubIsRefused);
    CPPUNIT_TEST(aStoreIsReadBesideItsHub);
    CPPUNIT_TEST(settingsThatCannotWorkAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    using StoreFixture<kBackend>::open;
    using StoreFixture<kBackend>::openWithDemo;
    using StoreFixture<kBackend>::writer;
    using StoreFixture<kBackend>::count;
    using StoreFixture<kBackend>::database;
    using StoreFixture<kBackend>::database_;
    using StoreFixture<kBackend>::settings_;
    using StoreFixture<kBackend>::clock_;
    using StoreFixture<kBackend>::demoSteps;

    void aNewStoreHasAnIdentityThatStays()
    {
        open();
        const std::string id = meta("store_id");
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, id.size());
        CPPUNIT_ASSERT_EQUAL(std::string("1"), meta("store_epoch"));
        CPPUNIT_ASSERT(std::stoll(meta("created_ms")) > 1700000000000);

        database_.reset();
        open();

        CPPUNIT_ASSERT_EQUAL(id, meta("store_id"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, count(writer(), "hub_meta"));
    }

    void eachStartRaisesTheEpoch()
    {
        for (std::int64_t start = 1; start <= 3; ++start) {
            CPPUNIT_ASSERT_EQUAL(start, open().epoch());
            database_.reset();
        }
    }

    void aSecondHubIsRefusedNamingTheFirst()
    {
        open();
        settings_.busy_timeout_ms = 100;
        const std::string us = std::to_string(::getpid());

        const std::string sameFolder = refusalOf([&] { Database::open(settings_, clock_); });
        assertContains(sameFolder, "held by another hub, process " + us);

        if (kBackend == Backend::PostgreSQL) {
            settings_.folder += "-other";
            const std::string sameSchema = refusalOf([&] { Database::open(settings_, clock_); });
            assertContains(sameSchema, "held by another hub, process " + us);
            assertContains(sameSchema, settings_.postgres_schema);
        }
        CPPUNIT_ASSERT(commit(1));
    }

    void aGroupIsThereAfterItsCommit()
    {
        openWithDemo();
        CPPUNIT_ASSERT(commit(1));
        CPPUNIT_ASSERT(commit(2));
        database_.reset();
        open();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item"));
    }

    void aGroupThatIsRolledBackIsNot()
    {
        openWithDemo();
        database().beginGroup();
        insert(1);
        writer().rollback();
        CPPUNIT_ASSERT(commit(2));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(writer(), "demo_item"));
    }

    void anotherEpochFencesTheGroup()
    {
        openWithDemo();
        writer().execute("UPDATE hub_fence SET epoch = epoch + 1");

        database().beginGroup();
        insert(1);
        assertTrouble(
            "commit", Trouble::Fenced, troubleOf("commit", [&] { database().commitGroup(1); }));
        writer().rollback();
        assertTrouble(
            "recover", Trouble::Fenced, troubleOf("recover", [&] { database().recover(); }));
        CPPUNIT_ASSERT(!writer().transactionLives());
    }

    void aGroupThatWroteNothingWritesNothing()
    {
        openWithDemo();
        CPPUNIT_ASSERT(commit(1));
        const auto fence = [&] {
            auto& row = writer().prepare("SELECT group_no FROM hub_fence");
            const std::int64_t group_no = row.step() ? row.integer(0) : -1;
            row.run();
            return group_no;
        };
        const auto emptyGroup = [&](std::int64_t group_no, EmptyGroup empty) {
            database().beginGroup();
            count(writer(), "demo_item");
            CPPUNIT_ASSERT(database().commitGroup(group_no, empty));
        };
        emptyGroup(2, EmptyGroup::Skip);
        const bool numbers = database().backend() == Backend::PostgreSQL;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{numbers ? 1 : 0}, fence());
        emptyGroup(3, EmptyGroup::Prove);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, fence());
        CPPUNIT_ASSERT(commit(4));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{numbers ? 4 : 3}, fence());
    }

    void theWriterWorksAgainAfterRecover()
    {
        openWithDemo();
        database().beginGroup();
        insert(1);
        troubleOf("wrong", [&] { writer().prepare("SELECT nothing FROM demo_item").run(); });
        database().recover();
        CPPUNIT_ASSERT(!writer().transactionLives());
        CPPUNIT_ASSERT(commit(2));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(writer(), "demo_item"));
    }

    void aSnapshotStandsStill()
    {
        openWithDemo();
        CPPUNIT_ASSERT(commit(1));
        {
            // Begins now, though it has read nothing yet.
            const Lease before = database().snapshot();
            CPPUNIT_ASSERT(commit(2));
            const Lease after = database().snapshot();
            database().beginGroup();
            insert(3);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(*before, "demo_item"));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(*after, "demo_item"));
            CPPUNIT_ASSERT(database().commitGroup(3));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(*before, "demo_item"));
        }
        const Lease again = database().snapshot();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, count(*again, "demo_item"));
        troubleOf("a write",
                  [&] { again->prepare("INSERT INTO demo_item (id) VALUES (9)").run(); });
    }

    void snapshotsAreBounded()
    {
        settings_.readers_max = 1;
        openWithDemo();
        {
            const Lease lease = database().snapshot();
            assertContains(refusalOf([&] { database().snapshot(); }), "1 reading connections");
        }
        const Lease lease = database().snapshot();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count(*lease, "demo_item"));
    }

    void aSnapshotHeldTooLongIsCounted()
    {
        settings_.snapshot_ms_max = -1; // any lease is too long
        open();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, database().snapshotsOverdue());
        database().snapshot();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, database().snapshotsOverdue());
    }

    void migrationsRunOnceAndInOrder()
    {
        openWithDemo();
        CPPUNIT_ASSERT(commit(1));
        std::vector<Migration> steps = demoSteps();
        steps.push_back({2,
                         "note",
                         "ALTER TABLE demo_item ADD COLUMN note TEXT NOT NULL DEFAULT 'BIGINT';\n"
                         "CREATE TABLE demo_log (id BIGINT NOT NULL, body BLOB); -- BLOB\n"
                         "INSERT INTO demo_log (id) SELECT id FROM demo_item;"});
        steps.push_back({3, "less", "DROP TABLE demo_log; ALTER TABLE demo_item RENAME note TO n"});
        for (int start = 0; start < 2; ++start) {
            database().migrate("demo", steps);
            database_.reset();
            open();
        }
        Statement& row = writer().prepare("SELECT n FROM demo_item");
        CPPUNIT_ASSERT(row.step());
        CPPUNIT_ASSERT_EQUAL(std::string("BIGINT"), row.text(0));
        row.run();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3},
                             count(writer(), "hub_migration WHERE library = 'demo'"));
    }

    void migrationsThatDoNotFitAreRefused()
    {
        openWithDemo();
        const std::string create = "CREATE TABLE x_a (id BIGINT)";
        std::vector<Migration> changed = demoSteps();
        changed[0].sql += " ";
        struct Row {
            std::string library;
            std::vector<Migration> steps;
            std::string expected;
        };
        const std::vector<Row> rows{
            {"demo", changed, "migration 0001_item of \"demo\" was changed after it was applied"},
            {"demo", {}, "the newest known here is 0"},
            {"x", {{2, "late", create}}, "expected number 1"},
            {"x", {{1, "a", create}, {1, "b", create}}, "expected number 2"},
            {"hub", {{1, "a", create}}, "reserved"},
            {"sqlite", {{1, "a", create}}, "reserved"},
            {"pg", {{1, "a", create}}, "reserved"},
            {"demo_more", {{1, "a", create}}, "overlap those of library \"demo\""},
            {"x; DROP TABLE hub_event", {{1, "a", create}}, "a-z"},
            {"", {{1, "a", create}}, "a-z"}};
        for (const Row& row : rows) {
            assertContains(refusalOf([&] { database().migrate(row.library, row.steps); }),
                           row.expected);
        }
    }

    void aMigrationKeepsToItsOwnTables()
    {
        openWithDemo();
        database().migrate("other", {{1, "a", "CREATE TABLE other_a (id BIGINT)"}});
        for (const char* sql : {"CREATE TABLE demo_mine (id BIGINT)",
                                "CREATE TABLE other_b (id BIGINT); CREATE TABLE stray (id BIGINT)",
                                "CREATE INDEX stray ON other_a (id)",
                                "ALTER TABLE other_a RENAME TO stray",
                                "ALTER TABLE other_a RENAME TO demo_stray",
                                "DROP TABLE demo_item",
                                "ALTER TABLE demo_item ADD COLUMN more TEXT",
                                "INSERT INTO demo_item (id) VALUES (1)",
                                "DELETE FROM hub_event",
                                "UPDATE hub_fence SET epoch = 9",
                                "PRAGMA user_version = 3",
                                "SET ROLE none",
                                "COMMIT"}) {
            const std::vector<Migration> steps{{1, "a", "CREATE TABLE other_a (id BIGINT)"},
                                               {2, "b", sql}};
            const StoreFailure failure =
                troubleOf(sql, [&] { database().migrate("other", steps); });
            assertTrouble(sql, Trouble::Denied, failure);
            assertContains(failure.message(), "migration 0002_b of \"other\"");
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             count(writer(), "hub_migration WHERE library = 'other'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count(writer(), "demo_item"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, database().epoch());
    }

    void aFailedStepLeavesNothing()
    {
        openWithDemo();
        std::vector<Migration> steps = demoSteps();
        steps.push_back(
            {2, "bad", "CREATE TABLE demo_new (id BIGINT); INSERT INTO demo_new VALUES (1, 2)"});
        assertTrouble("bad", Trouble::Statement, troubleOf("bad", [&] {
                          database().migrate("demo", steps);
                      }));
        steps[1].sql = "CREATE TABLE demo_new (id BIGINT); INSERT INTO demo_new VALUES (1)";
        database().migrate("demo", steps);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(writer(), "demo_new"));
    }

    void aStoreOfANewerHubIsRefused()
    {
        open();
        writer().execute("INSERT INTO hub_migration (library, number, name, checksum, applied_ms) "
                         "VALUES ('hub', 9999, 'future', 'x', 1)");
        database_.reset();
        assertContains(refusalOf([&] { open(); }), "migration 9999_future of \"hub\"");
    }

    void aStoreIsReadBesideItsHub()
    {
        assertContains(refusalOf([&] { Database::openReadOnly(settings_); }), "there is no store");
        openWithDemo();
        CPPUNIT_ASSERT(commit(1));

        const auto reading = Database::openReadOnly(settings_);

        CPPUNIT_ASSERT_EQUAL(database().epoch(), reading->epoch());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(*reading->snapshot(), "demo_item"));
        refusalOf([&] { reading->writer(); });
        refusalOf([&] { reading->migrate("demo", demoSteps()); });
        troubleOf("a write",
                  [&] { reading->snapshot()->execute("INSERT INTO demo_item (id) VALUES (9)"); });
        CPPUNIT_ASSERT(commit(2));
        database_.reset();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             count(*Database::openReadOnly(settings_)->snapshot(), "demo_item"));
    }

    void settingsThatCannotWorkAreRefused()
    {
        Settings settings = settings_;
        settings.folder.clear();
        assertContains(refusalOf([&] { Database::open(settings, clock_); }), "no data folder");
        settings = settings_;
        settings.readers_max = 0;
        assertContains(refusalOf([&] { Database::open(settings, clock_); }), "readers");
        settings = settings_;
        settings.folder = settings_.folder.parent_path() / "file" / "data";
        std::ofstream(settings_.folder.parent_path() / "file") << "not a folder";
        assertContains(refusalOf([&] { Database::open(settings, clock_); }), "file/data");
    }

private:
    void insert(std::int64_t id)
    {
        writer().prepare("INSERT INTO demo_item (id) VALUES (?)").bind(1, id).run();
    }

    bool commit(std::int64_t group_no)
    {
        database().beginGroup();
        if (count(writer(), "hub_migration WHERE library = 'demo'") > 0) {
            insert(group_no);
        }
        return database().commitGroup(group_no);
    }

    std::string meta(const std::string& name)
    {
        Statement& row = writer().prepare("SELECT value FROM hub_meta WHERE name = ?");
        CPPUNIT_ASSERT(row.bindText(1, name).step());
        const std::string value = row.text(0);
        row.run();
        return value;
    }
};

using SqliteStoreTest = DatabaseTest<Backend::SQLite>;
using PostgresStoreTest = DatabaseTest<Backend::PostgreSQL>;

} // namespace

HUB_TEST_SUITE_REGISTRATION(SqliteStoreTest, "database");
HUB_TEST_SUITE_REGISTRATION(PostgresStoreTest, "database");
