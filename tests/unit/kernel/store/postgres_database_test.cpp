// Goal: what only a server can do to us: sessions that end, a commit whose answer is lost, rights
// that the server itself must refuse. Method: a real server; sessions are ended by it, and a proxy
// swallows the answer to a COMMIT.

#include "cutting_proxy.hpp"
#include "store/postgres_connection.hpp"
#include "store_fixture.hpp"

#include <string>
#include <vector>

namespace {

using namespace hub::store;
using namespace hub::store::test;

class PostgresDatabaseTest : public StoreFixture<Backend::PostgreSQL> {
    CPPUNIT_TEST_SUITE(PostgresDatabaseTest);
    CPPUNIT_TEST(aSessionThatEndsInAGroupLosesTheGroup);
    CPPUNIT_TEST(aCommitWhoseAnswerIsLostIsLookedUp);
    CPPUNIT_TEST(aCommitThatNeverArrivedIsLookedUp);
    CPPUNIT_TEST(aStoreThatStaysAwayAnswersLater);
    CPPUNIT_TEST(aReaderComesBackByItself);
    CPPUNIT_TEST(aHubThatLostItsLockToAnotherIsFenced);
    CPPUNIT_TEST(theServerItselfRefusesOtherTables);
    CPPUNIT_TEST(aMigrationMayTakeLongerThanAStatement);
    CPPUNIT_TEST(aCommitOfAFailedTransactionIsNoSuccess);
    CPPUNIT_TEST(statesAreMapped);
    CPPUNIT_TEST(connectionStringsAreChecked);
    CPPUNIT_TEST(schemaNamesAreChecked);
    CPPUNIT_TEST_SUITE_END();

public:
    void aSessionThatEndsInAGroupLosesTheGroup()
    {
        openWithDemo();
        commit(1);
        database().beginGroup();
        insert(2);
        schema_->terminateSessions();

        assertTrouble("insert", Trouble::Lost, troubleOf("insert", [&] { insert(3); }));
        CPPUNIT_ASSERT(!writer().transactionLives());
        writer().rollback();
        database().recover();

        commit(3);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item WHERE id IN (1, 3)"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item"));
    }

    void aCommitThatNeverArrivedIsLookedUp()
    {
        openWithDemo();
        database().beginGroup();
        insert(1);
        schema_->terminateSessions();

        CPPUNIT_ASSERT(!database().commitGroup(1));

        commit(2);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(writer(), "demo_item"));
    }

    void aCommitWhoseAnswerIsLostIsLookedUp()
    {
        CuttingProxy proxy(settings_.folder.parent_path(), schema_->socketFolder());
        connectThroughProxy();
        openWithDemo();
        commit(1);
        database().beginGroup();
        insert(2);
        proxy.cutNextCommit();

        CPPUNIT_ASSERT(database().commitGroup(2));

        CPPUNIT_ASSERT(proxy.cut());
        commit(3);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, count(writer(), "demo_item"));
        database_.reset();
    }

    void aStoreThatStaysAwayAnswersLater()
    {
        CuttingProxy proxy(settings_.folder.parent_path(), schema_->socketFolder());
        connectThroughProxy();
        openWithDemo();
        database().beginGroup();
        insert(1);
        proxy.cutNextCommit();
        proxy.close(true);

        for (int attempt = 0; attempt < 2; ++attempt) {
            assertTrouble(
                "commit", Trouble::Lost, troubleOf("commit", [&] { database().commitGroup(1); }));
        }
        assertTrouble(
            "recover", Trouble::Lost, troubleOf("recover", [&] { database().recover(); }));
        assertTrouble("writer", Trouble::Lost, troubleOf("writer", [&] {
                          writer().prepare("SELECT 1").run();
                      }));
        proxy.close(false);
        CPPUNIT_ASSERT(database().commitGroup(1));
        commit(2);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count(writer(), "demo_item"));
        database_.reset();
    }

    void aReaderComesBackByItself()
    {
        openWithDemo();
        database().snapshot();
        {
            const Lease lease = database().snapshot();
            schema_->terminateSessions();
            assertTrouble(
                "read", Trouble::Lost, troubleOf("read", [&] { count(*lease, "demo_item"); }));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count(*database().snapshot(), "demo_item"));
    }

    void aHubThatLostItsLockToAnotherIsFenced()
    {
        openWithDemo();
        schema_->terminateSessions(); // the lock is gone with the session
        Settings settings = settings_;
        settings.folder += "-other";
        const auto other = Database::open(settings, clock_);
        CPPUNIT_ASSERT_EQUAL(database().epoch() + 1, other->epoch());

        assertTrouble("begin", Trouble::Lost, troubleOf("begin", [&] { database().beginGroup(); }));
        settings_.busy_timeout_ms = 100;
        assertTrouble(
            "recover", Trouble::Fenced, troubleOf("recover", [&] { database().recover(); }));
        other->beginGroup();
        CPPUNIT_ASSERT(other->commitGroup(1));
    }

    void theServerItselfRefusesOtherTables()
    {
        openWithDemo();
        const std::string role = roleName(settings_.postgres_schema, "demo");
        for (const char* sql : {"SELECT count(*) FROM hub_event",
                                "UPDATE hub_fence SET epoch = 0",
                                "CREATE TABLE demo_more (id BIGINT)",
                                "DROP TABLE hub_event"}) {
            const std::string error = errorOf("SET ROLE " + role + "; " + sql);
            CPPUNIT_ASSERT_MESSAGE(error,
                                   error.find("permission denied") != std::string::npos ||
                                       error.find("must be owner") != std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("0"),
                             schema_->run("SET ROLE " + role + "; SELECT count(*) FROM demo_item"));
    }

    void aMigrationMayTakeLongerThanAStatement()
    {
        openWithDemo();
        auto steps = demoSteps();
        steps.push_back({2,
                         "slow",
                         "INSERT INTO demo_item (id) SELECT 1 FROM "
                         "(SELECT pg_sleep(1.2)) AS slept"});
        database().migrate("demo", steps);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count(writer(), "demo_item"));

        // What the library does next is timed again, even within the transaction.
        const Transaction transaction(writer());
        dynamic_cast<StoreConnection&>(writer()).executeAsOwner("demo", "DELETE FROM demo_item");
        writer().actAs({"demo", false});
        assertTrouble("endless", Trouble::Busy, troubleOf("endless", [&] {
                          writer()
                              .prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                                       "SELECT i + 1 FROM n) SELECT max(i) FROM n")
                              .run();
                      }));
    }

    void aCommitOfAFailedTransactionIsNoSuccess()
    {
        openWithDemo();
        database().beginGroup();
        insert(1);
        troubleOf("wrong", [&] { writer().prepare("SELECT nothing FROM demo_item").run(); });
        CPPUNIT_ASSERT(!writer().transactionLives());
        assertTrouble(
            "commit", Trouble::Io, troubleOf("commit", [&] { database().commitGroup(1); }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count(writer(), "demo_item"));
    }

    void statesAreMapped()
    {
        const std::vector<std::pair<std::string, Trouble>> rows{
            {"23505", Trouble::Constraint}, {"23503", Trouble::Constraint},
            {"23502", Trouble::Statement},  {"23514", Trouble::Statement},
            {"42501", Trouble::Denied},     {"25006", Trouble::ReadOnly},
            {"53100", Trouble::Full},       {"53300", Trouble::Busy},
            {"08006", Trouble::Lost},       {"57P01", Trouble::Lost},
            {"57P03", Trouble::Lost},       {"40003", Trouble::Lost},
            {"55P03", Trouble::Busy},       {"40001", Trouble::Busy},
            {"40P01", Trouble::Busy},       {"57014", Trouble::Busy},
            {"58030", Trouble::Io},         {"XX001", Trouble::Io},
            {"42601", Trouble::Statement},  {"22003", Trouble::Statement}};
        for (const auto& [state, expected] : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(state, toString(expected), toString(toTrouble(state)));
        }
    }

    void connectionStringsAreChecked()
    {
        const std::string parsed =
            parseConnection("postgresql://hub:se%3Dcret@db.example:5433/trade?sslmode=require");
        for (const char* part : {"host=db.example",
                                 "port=5433",
                                 "password=se=cret",
                                 "sslmode=require",
                                 "connect_timeout=5",
                                 "application_name=expohub"}) {
            assertContains(parsed, part);
        }
        for (const char* text : {"host='a b'", "password='it\\'s'", "nonsense", "unknown=1"}) {
            refusalOf([&] { parseConnection(text); });
        }
        const std::string refusal = refusalOf([&] { parseConnection("password='se cret'"); });
        CPPUNIT_ASSERT(refusal.find("se cret") == std::string::npos);
    }

    void schemaNamesAreChecked()
    {
        for (const char* name : {"", "Expo", "a b", "x; DROP SCHEMA y", "pg_temp", "1a"}) {
            settings_.postgres_schema = name;
            assertContains(refusalOf([&] { open(); }), "schema");
        }
    }

private:
    void connectThroughProxy()
    {
        settings_.postgres = "host=" + settings_.folder.parent_path().string() +
                             " user=hub dbname=hub application_name=" + schema_->name();
    }

    void insert(std::int64_t id)
    {
        writer().prepare("INSERT INTO demo_item (id) VALUES (?)").bind(1, id).run();
    }

    void commit(std::int64_t group_no)
    {
        database().beginGroup();
        insert(group_no);
        CPPUNIT_ASSERT(database().commitGroup(group_no));
    }

    std::string errorOf(const std::string& sql)
    {
        try {
            schema_->run(sql);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        CPPUNIT_FAIL(sql + ": expected a refusal");
        return {};
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(PostgresDatabaseTest, "postgres_database");
