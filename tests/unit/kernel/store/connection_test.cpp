// Goal: statements, roles and savepoints mean the same on both back ends. Method: every test runs
// on each, against a real store.

#include "store_fixture.hpp"

#include <string>
#include <vector>

namespace {

using namespace hub::store;
using namespace hub::store::test;
using namespace std::string_literals;

constexpr const char* kInsert =
    "INSERT INTO demo_item (id, name, amount, body) VALUES (?, ?, ?, ?)";

template <Backend kBackend>
class ConnectionTest : public StoreFixture<kBackend> {
    CPPUNIT_TEST_SUITE(ConnectionTest);
    CPPUNIT_TEST(blobsComeBackByteForByte);
    CPPUNIT_TEST(integersAndTextComeBackAsTheyWere);
    CPPUNIT_TEST(nullIsNotEmpty);
    CPPUNIT_TEST(sumsAndComparisonsAreIntegers);
    CPPUNIT_TEST(questionMarksInQuotesAreText);
    CPPUNIT_TEST(textThatCannotBeKeptIsRefused);
    CPPUNIT_TEST(runCountsWrittenRows);
    CPPUNIT_TEST(returningGivesRows);
    CPPUNIT_TEST(aStatementOfACacheIsReadyAgain);
    CPPUNIT_TEST(anEndedStatementDoesNotRunAgain);
    CPPUNIT_TEST(troublesAreToldApart);
    CPPUNIT_TEST(aLibraryTouchesItsOwnTablesOnly);
    CPPUNIT_TEST(aLibraryReadsTheViewsOfOthersThatItWasLet);
    CPPUNIT_TEST(aViewIsNeverWritten);
    CPPUNIT_TEST(whatWasLetIsTakenBack);
    CPPUNIT_TEST(aViewThatIsNotThereCantBeExported);
    CPPUNIT_TEST(aReaderOfALibraryWritesNothing);
    CPPUNIT_TEST(aStatementOfALibraryThatRunsForEverIsInterrupted);
    CPPUNIT_TEST(aLibraryWithoutTablesIsRefused);
    CPPUNIT_TEST(aLibraryRunsInTransactionsOnly);
    CPPUNIT_TEST(aStatementKeepsTheRoleItWasPreparedFor);
    CPPUNIT_TEST(aSavepointTakesBackItsUnitOnly);
    CPPUNIT_TEST(aFailedStatementLeavesTheOtherUnits);
    CPPUNIT_TEST(anUnfinishedReadDoesNotHoldTheNextGroup);
    CPPUNIT_TEST(anAbandonedTransactionIsRolledBack);
    CPPUNIT_TEST_SUITE_END();

public:
    using StoreFixture<kBackend>::openWithDemo;
    using StoreFixture<kBackend>::writer;
    using StoreFixture<kBackend>::count;
    using StoreFixture<kBackend>::database;

    void blobsComeBackByteForByte()
    {
        openWithDemo();
        std::string every;
        for (int byte = 0; byte < 256; ++byte) {
            every += static_cast<char>(byte);
        }
        const std::vector<std::string> blobs{
            "", "\0"s, "\\x00"s, "'\"\\\n\0;"s, every, std::string(1 << 20, '\xFF')};
        std::int64_t id = 0;
        for (const std::string& blob : blobs) {
            writer().prepare(kInsert).bind(1, ++id).bindNull(2).bindNull(3).bindBlob(4, blob).run();
            Statement& row = writer().prepare("SELECT body FROM demo_item WHERE id = ?");
            CPPUNIT_ASSERT(row.bind(1, id).step());
            CPPUNIT_ASSERT(row.type(0) == ValueType::Blob);
            CPPUNIT_ASSERT_EQUAL(blob.size(), row.bytes(0).size());
            CPPUNIT_ASSERT(blob == row.bytes(0));
        }
    }

    void integersAndTextComeBackAsTheyWere()
    {
        openWithDemo();
        const std::vector<std::pair<std::int64_t, std::string>> rows{
            {INT64_MIN, ""}, {INT64_MAX, "发票 é 😀"}, {-1, "it's \"?\" \\x00 $1"}};
        for (const auto& [number, text] : rows) {
            writer()
                .prepare(kInsert)
                .bind(1, number)
                .bindText(2, text)
                .bind(3, number)
                .bindNull(4)
                .run();
            Statement& row = writer().prepare("SELECT name, amount FROM demo_item WHERE id = ?");
            CPPUNIT_ASSERT(row.bind(1, number).step());
            CPPUNIT_ASSERT(row.type(0) == ValueType::Text);
            CPPUNIT_ASSERT(row.type(1) == ValueType::Integer);
            CPPUNIT_ASSERT_EQUAL(text, row.text(0));
            CPPUNIT_ASSERT_EQUAL(number, row.integer(1));
            CPPUNIT_ASSERT(!row.step());
        }
    }

    void nullIsNotEmpty()
    {
        openWithDemo();
        writer().prepare(kInsert).bind(1, 1).bindNull(2).bindNull(3).bindNull(4).run();

        Statement& row = writer().prepare("SELECT name, amount, body FROM demo_item");
        CPPUNIT_ASSERT(row.step());

        CPPUNIT_ASSERT_EQUAL(3, row.columnCount());
        for (int column = 0; column < 3; ++column) {
            CPPUNIT_ASSERT(row.type(column) == ValueType::Null);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, row.integer(column));
            CPPUNIT_ASSERT(row.bytes(column).empty());
        }
    }

    void sumsAndComparisonsAreIntegers()
    {
        openWithDemo();
        for (int id = 1; id <= 2; ++id) {
            writer()
                .prepare(kInsert)
                .bind(1, id)
                .bindNull(2)
                .bind(3, INT64_C(4000000000))
                .bindNull(4)
                .run();
        }

        Statement& row = writer().prepare(
            "SELECT sum(amount), count(*), max(amount) > ?, sum(amount) + ? FROM demo_item");
        CPPUNIT_ASSERT(row.bind(1, 5).bind(2, INT64_C(1000000000000)).step());

        const std::vector<std::int64_t> expected{8000000000, 2, 1, 1008000000000};
        for (int column = 0; column < 4; ++column) {
            CPPUNIT_ASSERT(row.type(column) == ValueType::Integer);
            CPPUNIT_ASSERT_EQUAL(expected[static_cast<std::size_t>(column)], row.integer(column));
        }
    }

    void questionMarksInQuotesAreText()
    {
        openWithDemo();
        Statement& row = writer().prepare("SELECT '?', 'it''s ?', ? /* ? */ AS \"a?b\" -- ?\n");
        CPPUNIT_ASSERT(row.bind(1, 7).step());
        CPPUNIT_ASSERT_EQUAL("?"s, row.text(0));
        CPPUNIT_ASSERT_EQUAL("it's ?"s, row.text(1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, row.integer(2));
    }

    void textThatCannotBeKeptIsRefused()
    {
        openWithDemo();
        Statement& insert = writer().prepare(kInsert);
        for (const std::string& text : {"a\0b"s, "\0"s, "\xFF"s, "\xED\xA0\x80"s}) {
            const StoreFailure failure = troubleOf("text", [&] { insert.bindText(2, text); });
            assertTrouble("text", Trouble::Statement, failure);
            assertContains(failure.message(), "parameter 2");
        }
    }

    void runCountsWrittenRows()
    {
        openWithDemo();
        for (int id = 1; id <= 3; ++id) {
            CPPUNIT_ASSERT_EQUAL(
                std::int64_t{1},
                writer().prepare(kInsert).bind(1, id).bindNull(2).bind(3, 0).bindNull(4).run());
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             writer()
                                 .prepare("UPDATE demo_item SET amount = amount + ? WHERE id > ?")
                                 .bind(1, 5)
                                 .bind(2, 1)
                                 .run());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, writer().prepare("SELECT id FROM demo_item").run());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, writer().prepare("DELETE FROM demo_item").run());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, writer().prepare("DELETE FROM demo_item").run());
    }

    void returningGivesRows()
    {
        openWithDemo();
        Statement& insert = writer().prepare(
            "INSERT INTO demo_item (id, amount) VALUES (?, ?) RETURNING id, amount");
        CPPUNIT_ASSERT(insert.bind(1, 4).bind(2, 9).step());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, insert.integer(1));
        CPPUNIT_ASSERT(!insert.step());
    }

    void aStatementOfACacheIsReadyAgain()
    {
        openWithDemo();
        for (int id = 1; id <= 3; ++id) {
            writer().prepare(kInsert).bind(1, id).bindNull(2).bindNull(3).bindNull(4).run();
        }
        Statement& first = writer().prepare("SELECT id FROM demo_item ORDER BY id");
        CPPUNIT_ASSERT(first.step() && first.step());
        Statement& again = writer().prepare("SELECT id FROM demo_item ORDER BY id");
        CPPUNIT_ASSERT(again.step());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, again.integer(0));
    }

    void anEndedStatementDoesNotRunAgain()
    {
        openWithDemo();
        Statement& insert = writer().prepare("INSERT INTO demo_item (amount, id) SELECT 1, "
                                             "count(*) FROM demo_item");
        CPPUNIT_ASSERT(!insert.step());
        CPPUNIT_ASSERT(!insert.step());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, insert.run());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(writer(), "demo_item"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, insert.run());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item"));
    }

    void troublesAreToldApart()
    {
        openWithDemo();
        writer().prepare(kInsert).bind(1, 1).bindText(2, "one").bindNull(3).bindNull(4).run();
        const std::vector<std::pair<std::string, Trouble>> rows{
            {"INSERT INTO demo_item (id) VALUES (1)", Trouble::Constraint},
            {"INSERT INTO demo_item (id, name) VALUES (2, 'one')", Trouble::Constraint},
            {"INSERT INTO demo_item (id, parent) VALUES (2, 99)", Trouble::Constraint},
            {"INSERT INTO demo_item (id, kind) VALUES (2, NULL)", Trouble::Statement},
            {"SELECT nothing FROM demo_item", Trouble::Statement},
            {"SELECT id FROM demo_missing", Trouble::Statement},
            {"SELEC id FROM demo_item", Trouble::Statement},
            {"SELECT id FROM demo_item; SELECT id FROM demo_item", Trouble::Statement},
            {"", Trouble::Statement},
            {" -- nothing", Trouble::Statement}};
        for (const auto& [sql, expected] : rows) {
            assertTrouble(sql, expected, troubleOf(sql, [&] { writer().prepare(sql).run(); }));
        }
    }

    void aLibraryTouchesItsOwnTablesOnly()
    {
        openWithDemo();
        database().migrate("other", {{1, "a", "CREATE TABLE other_item (id BIGINT PRIMARY KEY)"}});
        const std::vector<std::string> allowed{
            "INSERT INTO demo_item (id, name) VALUES (1, 'x')",
            "UPDATE demo_item SET name = upper(name) WHERE id = 1",
            "SELECT count(*) FROM demo_item",
            "SELECT a.id FROM demo_item a JOIN demo_item b ON a.id = b.id;",
            "WITH due AS (SELECT id FROM demo_item) SELECT count(*) FROM due",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT "
            "max(i) FROM n",
            "INSERT INTO demo_item (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET amount = 1",
            "WITH a(i) AS (SELECT 7) INSERT INTO demo_item (id) SELECT i FROM a",
            "DELETE FROM demo_item"};
        const std::vector<std::string> denied{
            "SELECT id FROM other_item",
            "SELECT count(*) FROM other_item",
            "SELECT 1 FROM hub_event",
            "SELECT count(*) FROM HUB_MIGRATION",
            "INSERT INTO other_item (id) VALUES (1)",
            "INSERT INTO demo_item (id) SELECT seq FROM hub_event",
            "UPDATE hub_fence SET epoch = 0",
            "DELETE FROM other_item",
            "DELETE FROM demo_item WHERE id IN (SELECT id FROM other_item)",
            "CREATE TABLE demo_more (id BIGINT)",
            "DROP TABLE demo_item",
            "ALTER TABLE demo_item ADD COLUMN more TEXT",
            "PRAGMA user_version",
            "ATTACH DATABASE ':memory:' AS more",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT mine",
            "SET ROLE none",
            "RESET ROLE",
            "VACUUM",
            "EXPLAIN SELECT 1",
            "VALUES (1)",
            "SELECT load_extension('x')",
            "SELECT count(*) FROM sqlite_schema",
            "SELECT count(*) FROM pragma_table_info('hub_event')",
            "SELECT set_config('role', 'none', true)",
            "SELECT \"set_config\"('role', 'none', true)",
            "SELECT pg_sleep(1)",
            "SELECT usename FROM pg_catalog.pg_user",
            "SELECT query_to_xml('select 1', true, true, '')",
            "SELECT $x$ ' $x$",
            "SELECT E'\\'' , 'set_config'",
            "SELECT id INTO demo_more FROM demo_item",
            "WITH gone AS (DELETE FROM demo_item RETURNING id) SELECT count(*) FROM gone",
            "SELECT 1; SELECT 2",
            "SELECT 1; COMMIT"};
        Transaction transaction(writer());
        writer().actAs({"demo", false});
        for (const std::string& sql : allowed) {
            writer().savepoint();
            writer().prepare(sql).run();
            writer().release();
        }
        for (const std::string& sql : denied) {
            writer().savepoint();
            assertTrouble(
                sql, Trouble::Denied, troubleOf(sql, [&] { writer().prepare(sql).run(); }));
            writer().rollbackToSavepoint();
        }
        writer().actAs({});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             count(writer(), "hub_migration WHERE library <> 'hub'"));
    }

    /// Two libraries, of which "other" shows a part of its table in a view.
    void openWithView()
    {
        openWithDemo();
        database().migrate(
            "other",
            {{1, "a", "CREATE TABLE other_item (id BIGINT PRIMARY KEY, secret TEXT)"},
             {2, "b", "CREATE VIEW other_total_v1 AS SELECT count(*) AS items FROM other_item"},
             {3, "c", "CREATE VIEW other_kept_v1 AS SELECT secret FROM other_item"},
             {4, "d", "INSERT INTO other_item (id, secret) VALUES (1, 'hidden')"}});
        database().withdrawViews();
        database().exposeView({"other", "other_total_v1", {"items"}, {"demo"}});
        database().exposeView({"other", "other_kept_v1", {"secret"}, {}});
    }

    std::int64_t itemsSeen(Connection& connection)
    {
        auto& query = connection.prepare("SELECT items FROM other_total_v1");
        return query.step() ? query.integer(0) : -1;
    }

    void aLibraryReadsTheViewsOfOthersThatItWasLet()
    {
        openWithView();
        {
            const Lease lease = database().snapshot();
            lease->actAs({"demo", true});
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, itemsSeen(*lease));
        }
        Transaction transaction(writer());
        writer().actAs({"demo", false});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, itemsSeen(writer()));
        for (const char* sql :
             {"SELECT count(*) FROM other_total_v1",
              "SELECT v.items FROM other_total_v1 AS v JOIN demo_item ON demo_item.id = v.items",
              "WITH t AS (SELECT items FROM other_total_v1) SELECT items FROM t"}) {
            writer().prepare(sql).run();
        }
        for (const std::string sql :
             {"SELECT secret FROM other_item",
              "SELECT count(*) FROM other_item",
              "SELECT secret FROM other_kept_v1",
              "SELECT count(*) FROM other_kept_v1",
              "SELECT items, (SELECT max(secret) FROM other_item) FROM other_total_v1",
              "WITH other_total_v1 AS (SELECT secret FROM other_item) SELECT * FROM other_total_v1",
              "WITH \"OTHER_total_v1\" AS (SELECT secret FROM other_item) SELECT * FROM "
              "other_total_v1",
              "WITH other_total_v1(s) AS (SELECT secret FROM other_item) SELECT s FROM "
              "other_total_v1",
              "WITH other_total_v1 AS NOT MATERIALIZED (SELECT secret FROM other_item) "
              "SELECT * FROM other_total_v1",
              "SELECT secret FROM (SELECT secret FROM other_item) AS other_total_v1",
              "SELECT other_total_v1.secret FROM other_item AS other_total_v1"}) {
            writer().savepoint();
            assertTrouble(
                sql, Trouble::Denied, troubleOf(sql, [&] { writer().prepare(sql).run(); }));
            writer().rollbackToSavepoint();
        }
    }

    void aViewIsNeverWritten()
    {
        openWithView();
        Transaction transaction(writer());
        writer().actAs({"demo", false});
        for (const char* sql : {"UPDATE other_total_v1 SET items = 2",
                                "DELETE FROM other_kept_v1",
                                "INSERT INTO other_kept_v1 (secret) VALUES ('x')"}) {
            writer().savepoint();
            CPPUNIT_ASSERT_THROW_MESSAGE(sql, writer().prepare(sql).run(), StoreFailure);
            writer().rollbackToSavepoint();
        }
    }

    void whatWasLetIsTakenBack()
    {
        openWithView();
        database().withdrawViews();
        database().exposeView({"other", "other_kept_v1", {"secret"}, {"demo"}});
        Transaction transaction(writer());
        writer().actAs({"demo", false});
        writer().savepoint();
        assertTrouble("taken back", Trouble::Denied, troubleOf("taken back", [&] {
                          writer().prepare("SELECT items FROM other_total_v1").run();
                      }));
        writer().rollbackToSavepoint();
        writer().prepare("SELECT secret FROM other_kept_v1").run();
    }

    void aViewThatIsNotThereCantBeExported()
    {
        openWithView();
        CPPUNIT_ASSERT_THROW(
            database().exposeView({"other", "other_total_v2", {"items"}, {"demo"}}),
            hub::base::Failure);
        CPPUNIT_ASSERT_THROW(
            database().exposeView({"other", "other_total_v1", {"nothing"}, {"demo"}}),
            hub::base::Failure);
        Transaction transaction(writer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(writer(), "other_item"));
    }

    void aReaderOfALibraryWritesNothing()
    {
        openWithDemo();
        const Lease lease = database().snapshot();
        Transaction transaction(writer());
        for (Connection* connection : {&*lease, &writer()}) {
            connection->actAs({"demo", true});
            for (const char* sql : {"INSERT INTO demo_item (id) VALUES (1)",
                                    "DELETE FROM demo_item",
                                    "UPDATE demo_item SET id = 2",
                                    "WITH a AS (SELECT 1) INSERT INTO demo_item (id) SELECT 1"}) {
                assertTrouble(
                    sql, Trouble::Denied, troubleOf(sql, [&] { connection->prepare(sql).run(); }));
            }
            CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count(*connection, "demo_item"));
        }
    }

    void aStatementOfALibraryThatRunsForEverIsInterrupted()
    {
        openWithDemo();
        writer().execute("INSERT INTO demo_item (id) VALUES (1)");
        const std::string endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
        {
            Transaction transaction(writer());
            writer().actAs({"demo", false});
            assertTrouble("endless", Trouble::Busy, troubleOf("endless", [&] {
                              writer().prepare(endless).run();
                          }));
            writer().actAs({});
        }
        Transaction transaction(writer());
        writer().actAs({"demo", false});
        writer().prepare("SELECT id FROM demo_item").run();
    }

    void aLibraryWithoutTablesIsRefused()
    {
        openWithDemo();
        Transaction transaction(writer());
        writer().actAs({"dem", false});
        assertTrouble("no tables", Trouble::Denied, troubleOf("no tables", [&] {
                          writer().prepare("SELECT 1").run();
                      }));
    }

    void aLibraryRunsInTransactionsOnly()
    {
        openWithDemo();
        writer().actAs({"demo", false});
        assertTrouble("no transaction", Trouble::Statement, troubleOf("no transaction", [&] {
                          writer().prepare("SELECT id FROM demo_item").run();
                      }));
    }

    void aStatementKeepsTheRoleItWasPreparedFor()
    {
        openWithDemo();
        Transaction transaction(writer());
        Statement& kernel = writer().prepare("SELECT count(*) FROM hub_meta");
        writer().actAs({"demo", false});
        Statement& library = writer().prepare("SELECT count(*) FROM demo_item");
        CPPUNIT_ASSERT(kernel.step());
        CPPUNIT_ASSERT(library.step());
        assertTrouble("the same text", Trouble::Denied, troubleOf("the same text", [&] {
                          writer().prepare("SELECT count(*) FROM hub_meta").run();
                      }));
    }

    void aSavepointTakesBackItsUnitOnly()
    {
        openWithDemo();
        {
            Transaction transaction(writer());
            insert(1);
            writer().savepoint();
            insert(2);
            writer().rollbackToSavepoint();
            writer().savepoint();
            insert(3);
            writer().release();
            transaction.commit();
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item WHERE id IN (1, 3)"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item"));
    }

    void aFailedStatementLeavesTheOtherUnits()
    {
        openWithDemo();
        Transaction transaction(writer());
        insert(1);
        writer().savepoint();
        writer().actAs({"demo", false});
        insert(2);
        for (const char* sql : {"INSERT INTO demo_item (id) VALUES (1)",
                                "INSERT INTO demo_item (missing) VALUES (1)"}) {
            troubleOf(sql, [&] { writer().prepare(sql).run(); });
            CPPUNIT_ASSERT(writer().transactionLives());
        }
        writer().rollbackToSavepoint();
        CPPUNIT_ASSERT(writer().transactionLives());
        writer().savepoint();
        insert(3);
        writer().release();
        writer().actAs({});
        transaction.commit();

        CPPUNIT_ASSERT(!writer().transactionLives());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item WHERE id IN (1, 3)"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item"));
    }

    void anUnfinishedReadDoesNotHoldTheNextGroup()
    {
        openWithDemo();
        for (int group = 1; group <= 3; ++group) {
            Transaction transaction(writer());
            insert(group);
            CPPUNIT_ASSERT(writer().prepare("SELECT id FROM demo_item ORDER BY id").step());
            transaction.commit();
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, count(writer(), "demo_item"));
    }

    void anAbandonedTransactionIsRolledBack()
    {
        openWithDemo();
        {
            Transaction transaction(writer());
            insert(1);
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count(writer(), "demo_item"));
    }

private:
    void insert(std::int64_t id)
    {
        writer().prepare(kInsert).bind(1, id).bindNull(2).bindNull(3).bindNull(4).run();
    }
};

using SqliteConnectionTest = ConnectionTest<Backend::SQLite>;
using PostgresConnectionTest = ConnectionTest<Backend::PostgreSQL>;

} // namespace

HUB_TEST_SUITE_REGISTRATION(SqliteConnectionTest, "connection");
HUB_TEST_SUITE_REGISTRATION(PostgresConnectionTest, "connection");
