// Goal: plugins reach each other by what they offer and by nothing else; personal values are gone
// with their person; long work survives a kill and is never half done. Method: the real hub with
// two plugins of the tests, on both back ends.
#include "support/hub_process.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hub::test {

namespace {

constexpr int kUnauthenticated = 4;               // of sdk/include/hub/plugin.h
constexpr std::chrono::seconds kImportLimit{180}; // of 60,000 rows, under a sanitizer

class NeighborsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NeighborsTest);
    CPPUNIT_TEST(aPluginAsksAndReadsWhatItsNeighborOffers);
    CPPUNIT_TEST(aLeafEndsTheChainOfQuestions);
    CPPUNIT_TEST(theStoreRefusesEverythingElse);
    CPPUNIT_TEST(theStoreRefusesEverythingElseOnPostgres);
    CPPUNIT_TEST(aCommandOfAPluginIsServed);
    CPPUNIT_TEST(anErasedPersonIsGoneForGood);
    CPPUNIT_TEST(anImportIsDoneInStepsAndCountsAtOneStroke);
    CPPUNIT_TEST(anImportIsDoneOnPostgres);
    CPPUNIT_TEST(aTaskOpensWhatAUnitSealed);
    CPPUNIT_TEST(anImportThatFailsLeavesNothing);
    CPPUNIT_TEST(anImportSurvivesAKill);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<HubProcess> hub_;
    std::filesystem::path contracts_;

    void start(HubOptions options = {})
    {
        const char* source = std::getenv("HUB_SOURCE_DIR");
        const std::filesystem::path from(source == nullptr ? "." : source);
        std::string name =
            (std::filesystem::temp_directory_path() / "hub-contracts-XXXXXX").string();
        CPPUNIT_ASSERT(::mkdtemp(name.data()) != nullptr);
        contracts_ = name;
        std::filesystem::copy(from / "sdk/contracts", contracts_);
        std::filesystem::copy(from / "tests/integration/hub/contracts", contracts_);
        options.settings.push_back("contracts.folder = " + contracts_.string());
        hub_ = std::make_unique<HubProcess>(options);
        for (const char* library : {"test_stock", "test_report"}) {
            hub_->configure(library, {{"library", library}, {"enabled", true}});
        }
        hub_->startSimulator();
        hub_->start();
    }

    void startOnPostgres()
    {
        schema_ = std::make_unique<PostgresSchema>();
        start({{"store.backend = postgresql",
                "store.postgres = " + schema_->connection(),
                "store.postgres_schema = " + schema_->name()},
               {},
               false});
    }

    void add(const std::string& name, int pieces, const std::string& buyer = "person-1")
    {
        const ApiAnswer answer = hub_->post(
            "/api/v1/test-stock",
            {{"name", name}, {"pieces", pieces}, {"buyer", buyer}, {"phone", "13800000001"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump(), 200, answer.status);
    }

    Json report(const std::string& name) { return hub_->get("/api/v1/test-report/" + name).body; }

    std::string beginImport(const Json& parameters)
    {
        const ApiAnswer answer = hub_->post("/api/v1/test-imports", parameters);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump(), 200, answer.status);
        return answer.body.at("job");
    }

    Json import(const std::string& job) { return hub_->get("/api/v1/test-imports/" + job).body; }

    void awaitImport(const std::string& job, const std::string& state)
    {
        const auto there = [&] {
            return import(job).value("state", "") == state;
        };
        const bool came = becomesTrue(there, kImportLimit);
        CPPUNIT_ASSERT_MESSAGE(import(job).dump() + hub_->log(), came);
    }

    std::int64_t piecesOf(const std::string& name) { return report(name).at("viewed"); }

    void assertRefused(const std::string& sql)
    {
        const ApiAnswer answer = hub_->post("/api/v1/test-report-sql", {{"sql", sql}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(sql + ": " + answer.body.dump(), 409, answer.status);
        const std::string denied = "refused with " + std::to_string(kUnauthenticated);
        CPPUNIT_ASSERT_MESSAGE(sql + ": " + answer.body.dump(),
                               answer.body.dump().find(denied) != std::string::npos);
    }

    void refuseEverythingElse()
    {
        add("cup", 3);
        CPPUNIT_ASSERT_EQUAL(
            200,
            hub_->post("/api/v1/test-report-sql", {{"sql", "SELECT name FROM test_stock_total_v1"}})
                .status);
        for (const char* sql :
             {"SELECT buyer FROM test_stock_item",
              "SELECT count(*) FROM test_stock_item",
              "UPDATE test_stock_item SET pieces = 0",
              "DELETE FROM test_stock_staged",
              "INSERT INTO test_stock_item (name, pieces, buyer, phone, phone_index) "
              "VALUES ('x', 1, '', '', '')",
              "SELECT payload FROM hub_event",
              "SELECT payload FROM hub_call",
              "SELECT digest FROM hub_api_key",
              "SELECT digest FROM hub_session",
              "SELECT amount_minor FROM payments_payment",
              "WITH test_stock_total_v1 AS (SELECT buyer AS name FROM test_stock_item) "
              "SELECT name FROM test_stock_total_v1",
              "SELECT name FROM test_stock_total_v1; DELETE FROM test_report_line",
              "DROP VIEW test_stock_total_v1",
              "ATTACH DATABASE 'persons.db' AS p",
              "PRAGMA query_only = OFF",
              "SET ROLE none"}) {
            assertRefused(sql);
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, piecesOf("cup"));
    }

public:
    void tearDown() override
    {
        hub_.reset();
        schema_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(contracts_, ignored);
    }

    void aPluginAsksAndReadsWhatItsNeighborOffers()
    {
        start();
        add("cup", 3);

        const Json seen = report("cup");
        CPPUNIT_ASSERT_EQUAL(3, seen.at("asked").get<int>());
        CPPUNIT_ASSERT_EQUAL(3, seen.at("viewed").get<int>());
        CPPUNIT_ASSERT_EQUAL_MESSAGE("its manifest does not list payment",
                                     kUnauthenticated,
                                     seen.at("foreign_ask").get<int>());
        const Json in_a_unit = hub_->post("/api/v1/test-report/cup", Json::object()).body;
        CPPUNIT_ASSERT_EQUAL(seen.dump(), in_a_unit.dump());
    }

    void aLeafEndsTheChainOfQuestions()
    {
        start();
        add("cup", 3);

        // Stock asks the report, which asks the stock, which may not ask the report again.
        const Json seen = hub_->get("/api/v1/test-stock/cup").body.at("seen");
        CPPUNIT_ASSERT_EQUAL(3, seen.at("asked").get<int>());
        CPPUNIT_ASSERT_EQUAL(kUnauthenticated, seen.at("asked_on").get<int>());
    }

    void theStoreRefusesEverythingElse()
    {
        start();
        refuseEverythingElse();
    }

    void theStoreRefusesEverythingElseOnPostgres()
    {
        startOnPostgres();
        refuseEverythingElse();
    }

    void aCommandOfAPluginIsServed()
    {
        start();
        add("cup", 3);
        CPPUNIT_ASSERT_EQUAL(std::string("cup"),
                             hub_->ask({"stock", "list"}).at(0).at(0).get<std::string>());

        hub_->stop();
        CPPUNIT_ASSERT_EQUAL_MESSAGE("on the closed store",
                                     std::string("cup"),
                                     hub_->ask({"stock", "list"}).at(0).at(0).get<std::string>());
        const ProgramEnd unknown = hub_->command({"stock", "dance"});
        CPPUNIT_ASSERT_EQUAL(64, unknown.code);
        CPPUNIT_ASSERT(unknown.error.find("no hub answers") != std::string::npos);
    }

    void anErasedPersonIsGoneForGood()
    {
        start();
        add("cup", 3, "person-1");
        add("pot", 1, "person-2");
        const auto phoneOf = [this](const std::string& name) {
            return hub_->get("/api/v1/test-stock/" + name).body.at("phone").get<std::string>();
        };
        CPPUNIT_ASSERT_EQUAL(std::string("13800000001"), phoneOf("cup"));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"names":["cup","pot"]})"),
                             hub_->get("/api/v1/test-stock-of/13800000001").body.dump());
        const std::string store = readFile(hub_->folder() / "hub/store/hub.db-wal") +
                                  readFile(hub_->folder() / "hub/store/hub.db");
        CPPUNIT_ASSERT_MESSAGE("in clear in the store",
                               store.find("13800000001") == std::string::npos);

        const Json body = {{"person", "person-1"}};
        CPPUNIT_ASSERT(hub_->post("/api/v1/test-erasures", body).body.at("fresh").get<bool>());
        CPPUNIT_ASSERT(!hub_->post("/api/v1/test-erasures", body).body.at("fresh").get<bool>());
        CPPUNIT_ASSERT_EQUAL(std::string("gone"), phoneOf("cup"));
        CPPUNIT_ASSERT_EQUAL(std::string("13800000001"), phoneOf("pot"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("nothing new of a person who is gone",
                                     409,
                                     hub_->post("/api/v1/test-stock",
                                                {{"name", "jar"},
                                                 {"pieces", 1},
                                                 {"buyer", "person-1"},
                                                 {"phone", "13800000002"}})
                                         .status);

        // A backup of the keys from before the erasure is put back: the list outside wins.
        hub_->stop();
        std::filesystem::remove(hub_->folder() / "hub/store/persons/persons.db");
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(std::string("gone"), phoneOf("cup"));
    }

    void anImportIsDoneInStepsAndCountsAtOneStroke()
    {
        start();
        importInSteps();
        CPPUNIT_ASSERT_EQUAL(404, hub_->get("/api/v1/test-imports/none").status);
    }

    void anImportIsDoneOnPostgres()
    {
        startOnPostgres();
        importInSteps();
    }

    void importInSteps()
    {
        const std::string job = beginImport({{"rows", 1200}});
        awaitImport(job, "done");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1200}, import(job).at("position").get<std::int64_t>());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, piecesOf("item-0"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, piecesOf("item-1199"));
    }

    void aTaskOpensWhatAUnitSealed()
    {
        start();
        awaitImport(beginImport({{"rows", 3}, {"reader", "person-1"}}), "done");

        const Json gone = {{"rows", 3}, {"reader", "person-1"}, {"forget", true}};
        const std::string job = beginImport(gone);
        awaitImport(job, "failed");
        CPPUNIT_ASSERT_EQUAL(std::string("the key of this import is gone"),
                             import(job).at("message").get<std::string>());
    }

    void anImportThatFailsLeavesNothing()
    {
        start();
        const std::string wrong = beginImport({{"rows", 1200}, {"wrong_row", 700}});
        awaitImport(wrong, "failed");
        CPPUNIT_ASSERT_EQUAL(std::string("failed"),
                             hub_->ask({"job", "list"}).at(0).at("state").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(1, hub_->command({"job", "cancel", wrong}).code);
        CPPUNIT_ASSERT_EQUAL(std::string("line 700, column 2: no such product"),
                             import(wrong).at("message").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, piecesOf("item-0"));

        const std::string unreadable = beginImport({{"rows", 1}, {"unparsable", true}});
        awaitImport(unreadable, "failed");
        CPPUNIT_ASSERT_EQUAL(
            409, hub_->post("/api/v1/test-imports/" + wrong + "/cancel", Json::object()).status);
    }

    void anImportSurvivesAKill()
    {
        start();
        constexpr int kRows = 60000;
        const std::string job = beginImport({{"rows", kRows}});
        CPPUNIT_ASSERT(becomesTrue([&] {
            const Json now = import(job);
            return now.at("state") == "staging" && now.at("position").get<int>() > 0;
        }));
        hub_->kill();
        hub_->start();
        awaitImport(job, "done");
        CPPUNIT_ASSERT_EQUAL(std::size_t{kRows}, hub_->ask({"stock", "list"}).size());
    }
};

HUB_TEST_SUITE_REGISTRATION(NeighborsTest, "neighbors");

} // namespace

} // namespace hub::test
