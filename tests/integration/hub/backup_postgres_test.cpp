// Goal: a hub on PostgreSQL is backed up while it works and comes back in quarantine, or nothing of
// it does. Method: the real hub and a schema of its own; the old one is renamed, as an operator
// would.
#include "backup_fixture.hpp"
#include "support/postgres.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hub::test {

namespace {

class BackupPostgresTest : public BackupFixture {
    CPPUNIT_TEST_SUITE(BackupPostgresTest);
    CPPUNIT_TEST(aRestoredHubAsksBeforeItSends);
    CPPUNIT_TEST(whatCanNotBeRestoredWholeLeavesNothing);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<PostgresSchema> schema_;

    void renameSchema() const
    {
        schema_->terminateSessions();
        schema_->run("ALTER SCHEMA " + schema_->name() + " RENAME TO " + schema_->name() +
                     "_before");
    }

    bool schemaIsThere() const
    {
        return schema_->run("SELECT count(*) FROM pg_namespace WHERE nspname = '" +
                            schema_->name() + "'") == "1";
    }

    void backUp() const
    {
        const ProgramEnd backup =
            hub_->command({"backup", "--to", place("backup"), "--persons-to", place("persons")});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(backup.error, 0, backup.code);
    }

    ProgramEnd restore() const
    {
        return hub_->command({"restore", "--from", place("backup"), "--replace"});
    }

public:
    void setUp() override
    {
        schema_ = std::make_unique<PostgresSchema>();
        const HubOptions options{{"store.backend = postgresql",
                                  "store.postgres = " + schema_->connection(),
                                  "store.postgres_schema = " + schema_->name()},
                                 {},
                                 false};
        hub_ = std::make_unique<HubProcess>(options);
        hub_->startSimulator();
        hub_->start();
    }

    void tearDown() override
    {
        hub_.reset();
        schema_->run("DROP SCHEMA IF EXISTS " + schema_->name() + "_before CASCADE");
        schema_.reset();
    }

    void aRestoredHubAsksBeforeItSends()
    {
        const Opened paid = openAndPaid("before");
        const Opened paid_later = open("paid later");
        backUp();
        payAtProvider(paid_later);
        const Opened theirs = openAndPaid("after the backup");
        hub_->kill();
        renameSchema();

        const ProgramEnd restored = restore();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(restored.error, 0, restored.code);
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(503, hub_->request("GET", "/readyz").status);
        CPPUNIT_ASSERT_MESSAGE(
            quarantine().dump() + hub_->log(), becomesTrue([&] {
                return quarantine().at("libraries").at("payments").value("attempts", -1) == 0;
            }));
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), stateOf(paid));
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), stateOf(paid_later));
        CPPUNIT_ASSERT_EQUAL(404, hub_->get("/api/v1/payments/" + theirs.payment).status);
        CPPUNIT_ASSERT_EQUAL(
            0, hub_->command({"quarantine", "release", "--reason", "a test", "--force"}).code);

        const Opened fresh = openAndPaid("after the release");
        CPPUNIT_ASSERT_EQUAL(std::string("002"), fresh.number.substr(5, 3));
        CPPUNIT_ASSERT(hub_->ask({"ledger", "check"}).at("balanced").get<bool>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             hub_->ask({"audit", "list", "--action", "store.restored"}).size());
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"audit", "verify"}).code);
    }

    void whatCanNotBeRestoredWholeLeavesNothing()
    {
        backUp();
        hub_->kill();
        schema_->terminateSessions();
        const ProgramEnd kept = restore();
        CPPUNIT_ASSERT(kept.code != 0);
        CPPUNIT_ASSERT_MESSAGE(
            kept.error, kept.error.find("ALTER SCHEMA " + schema_->name()) != std::string::npos);

        renameSchema();
        const std::string dump = place("backup") + "/store/postgres.dump";
        const std::string whole = readFile(dump);
        writeFile(dump, whole.substr(0, whole.size() / 2));
        const ProgramEnd damaged = restore();
        CPPUNIT_ASSERT(damaged.code != 0);
        CPPUNIT_ASSERT_MESSAGE(damaged.error,
                               damaged.error.find("was changed") != std::string::npos);
        CPPUNIT_ASSERT(!schemaIsThere());

        writeFile(dump, whole);
        CPPUNIT_ASSERT_EQUAL(0, restore().code);
        CPPUNIT_ASSERT(schemaIsThere());
        hub_->start();
        CPPUNIT_ASSERT(quarantine().at("quarantine").get<bool>());
    }
};

HUB_TEST_SUITE_REGISTRATION(BackupPostgresTest, "backup_postgres");

} // namespace

} // namespace hub::test
