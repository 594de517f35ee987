// Goal: the SDK's fake hub is as strict as the hub, so that a plugin that passes on it is right.
// Method: statements by table, and a unit that goes wrong.

#include "support/suite.hpp"

#include <hub/testing/plugin_store.hpp>

#include <cstdlib>
#include <string>

namespace {

using hub::testing::PluginStore;

struct Statement {
    std::string name;
    std::string sql;
    hub_status expected;
    bool is_read = false;
};

std::ostream& operator<<(std::ostream& out, const Statement& row)
{
    return out << row.name;
}

std::vector<Statement> statements()
{
    const std::string insert = "INSERT INTO payments_number (partition, number, kind)"
                               " VALUES (0, 'a', 'attempt')";
    return {
        {"own table", insert, HUB_OK},
        {"own table while reading", insert, HUB_UNAUTHENTICATED, true},
        {"a query while reading", "SELECT COUNT(*) FROM payments_number", HUB_OK, true},
        {"another table", "SELECT COUNT(*) FROM sqlite_master", HUB_UNAUTHENTICATED},
        {"two statements", insert + "; " + insert, HUB_UNAUTHENTICATED},
        {"nothing", " ", HUB_UNAUTHENTICATED},
        {"a pragma", "PRAGMA foreign_keys = 0", HUB_UNAUTHENTICATED},
        {"a table of its own making", "CREATE TABLE payments_x (a BIGINT)", HUB_UNAUTHENTICATED},
        {"a savepoint", "ROLLBACK", HUB_UNAUTHENTICATED},
        {"no SQL", "SELEKT 1", HUB_BAD_REQUEST},
        {"a missing parameter",
         "SELECT number FROM payments_number WHERE kind = ?",
         HUB_BAD_REQUEST},
        {"a broken key",
         "INSERT INTO payments_number (partition, number, kind) VALUES (0, NULL, 'x')",
         HUB_ALREADY_DONE},
        {"a floating-point number", "SELECT 1.5 FROM payments_sequence", HUB_BAD_REQUEST},
    };
}

class FakeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FakeTest);
    CPPUNIT_TEST_PARAMETERIZED(keepsThePluginToItsOwnTables, statements());
    CPPUNIT_TEST(aRolledBackUnitLeavesNothing);
    CPPUNIT_TEST(anAnnouncedFailureComesAfterSoManyStatements);
    CPPUNIT_TEST_SUITE_END();

public:
    void keepsThePluginToItsOwnTables(Statement row)
    {
        PluginStore store("payments", migrations());
        store.asHub("INSERT INTO payments_sequence VALUES (0, 'a', 1)");
        store.setReadOnly(row.is_read);

        CPPUNIT_ASSERT_EQUAL(row.expected, run(store, row.sql));
    }

    void aRolledBackUnitLeavesNothing()
    {
        PluginStore store("payments", migrations());
        const std::string insert = "INSERT INTO payments_sequence VALUES (0, 'a', 1)";

        store.begin();
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, run(store, insert));
        store.rollback();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             store.integer("SELECT COUNT(*) FROM payments_sequence"));
        store.begin();
        run(store, insert);
        store.commit();

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             store.integer("SELECT COUNT(*) FROM payments_sequence"));
    }

    void anAnnouncedFailureComesAfterSoManyStatements()
    {
        PluginStore store("payments", migrations());
        const std::string count = "SELECT COUNT(*) FROM payments_sequence";

        store.failAfter(1);

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, run(store, count));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, run(store, count));
        store.neverFail();
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, run(store, count));
    }

private:
    static std::string migrations()
    {
        const char* folder = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
        CPPUNIT_ASSERT_MESSAGE("HUB_SOURCE_DIR is not set; run with ctest", folder != nullptr);
        return std::string{folder} + "/plugins/payments/migrations";
    }

    static hub_status run(PluginStore& store, const std::string& sql)
    {
        std::int64_t changes = 0;
        hub_text error{};
        return store.execute(sql, nullptr, 0, nullptr, nullptr, &changes, &error);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(FakeTest, "fake");
