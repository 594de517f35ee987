// Goal: a connector that crashes on one call before it sends anything costs that call alone: after
// three deliveries it ends not sent, with the reason where people look. Method: the real hub with a
// library that crashes by the payment's subject, while other payments go on.
#include "support/hub_process.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hub::test {

namespace {

class CrashingConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CrashingConnectorTest);
    CPPUNIT_TEST(oneCallEndsNotSentAndAllOthersAreServed);
    CPPUNIT_TEST(oneCallEndsNotSentAndAllOthersAreServedOnPostgres);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<HubProcess> hub_;

    void prepare(const HubOptions& options)
    {
        hub_ = std::make_unique<HubProcess>(options);
        const std::string simulator = hub_->simulatorAddress();
        hub_->configure("hub_test_crasher",
                        {{"library", "hub_test_crasher"},
                         {"enabled", true},
                         {"accounts",
                          {{"crasher-demo",
                            {{"config", {{"url", simulator + "/gateway.do"}}},
                             {"http_exact", {simulator.substr(8)}}}}}}});
        hub_->configure(
            "payments",
            {{"library", "payments"},
             {"enabled", true},
             {"config",
              {{"methods", {{"scan", {{"product", "qr"}, {"accounts", {"crasher-demo"}}}}}},
               {"amount_max_minor", 5000000}}}});
        hub_->startSimulator();
        hub_->start();
    }

    std::string stateOf(const std::string& payment) const
    {
        return hub_->get("/api/v1/payments/" + payment).body.dump();
    }

    bool hasCode(const std::string& payment) const
    {
        return stateOf(payment).find("qr.example.com") != std::string::npos;
    }

    void serveOthers(const HubOptions& options)
    {
        prepare(options);
        const std::string before = hub_->pay("before");
        const std::string crashing = hub_->pay("please crash");
        std::vector<std::string> others = {before};
        for (int i = 0; i < 10; ++i) {
            others.push_back(hub_->pay("other"));
        }
        const auto timeline = [&] {
            return hub_->get("/api/v1/payments/" + crashing + "/timeline").body.dump();
        };

        for (const std::string& other : others) {
            CPPUNIT_ASSERT_MESSAGE(stateOf(other) + hub_->log(),
                                   becomesTrue([&] { return hasCode(other); }));
        }
        CPPUNIT_ASSERT_MESSAGE(timeline() + hub_->log(), becomesTrue([&] {
                                   return timeline().find("the connector's process ended") !=
                                          std::string::npos;
                               }));
        CPPUNIT_ASSERT(!hasCode(crashing));
        const std::string after = hub_->pay("after");
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] { return hasCode(after); }));
    }

public:
    void tearDown() override
    {
        hub_.reset();
        schema_.reset();
    }

    void oneCallEndsNotSentAndAllOthersAreServed() { serveOthers({}); }

    void oneCallEndsNotSentAndAllOthersAreServedOnPostgres()
    {
        schema_ = std::make_unique<PostgresSchema>();
        HubOptions options;
        options.settings = {"store.backend = postgresql",
                            "store.postgres = " + schema_->connection(),
                            "store.postgres_schema = " + schema_->name()};
        serveOthers(options);
    }
};

HUB_TEST_SUITE_REGISTRATION(CrashingConnectorTest, "crashing_connector");

} // namespace

} // namespace hub::test
