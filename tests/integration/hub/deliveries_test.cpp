// Goal: a partner's subscriber misses nothing and sees every key in order, whether it was off for
// long or one event kills it. Method: the real hub; libraries in processes of their own, a record
// that the subscriber keeps in the hub's log.
#include "support/hub_process.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"

#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace hub::test {

namespace {

constexpr int kBurst = 10000;

class DeliveriesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeliveriesTest);
    CPPUNIT_TEST(aDisabledSubscriberCatchesUpInOrder);
    CPPUNIT_TEST(aDisabledSubscriberCatchesUpInOrderOnPostgres);
    CPPUNIT_TEST(anEventThatCrashesItEndsAsADeadLetterAndIsReplayed);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<HubProcess> hub_;

    void prepare(int count, int crash_at, const HubOptions& options = {})
    {
        hub_ = std::make_unique<HubProcess>(options);
        hub_->configure(
            "hub_test_burst",
            {{"library", "hub_test_burst"}, {"enabled", true}, {"config", {{"count", count}}}});
        hub_->configure("hub_test_recorder",
                        {{"library", "hub_test_recorder"},
                         {"enabled", true},
                         {"config", {{"crash_at", crash_at}}}});
        hub_->startSimulator();
        hub_->start();
    }

    /// "seq number key" for each event that the subscriber handled.
    std::vector<std::string> record() const
    {
        static const std::string kMark = "\"recorded ";
        std::vector<std::string> lines;
        const std::string log = hub_->log();
        for (std::size_t at = log.find(kMark); at != std::string::npos; at = log.find(kMark, at)) {
            at += kMark.size();
            lines.push_back(log.substr(at, log.find('"', at) - at));
        }
        return lines;
    }

    std::size_t recorded() const { return record().size(); }

    /// How often each number was recorded; fails when one came before an earlier one of its key.
    std::map<int, int> assertOrdered() const
    {
        std::map<int, int> times;
        std::map<std::string, int> last;
        for (const std::string& line : record()) {
            long long seq = 0;
            int n = 0;
            std::string key;
            std::istringstream(line) >> seq >> n >> key;
            if (++times[n] == 1) {
                CPPUNIT_ASSERT_MESSAGE(key + ": " + std::to_string(n) + " after " +
                                           std::to_string(last[key]),
                                       n > last[key]);
                last[key] = n;
            }
        }
        return times;
    }

    void catchUp(const HubOptions& options)
    {
        prepare(kBurst, 0, options);
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"plugin", "disable", "hub_test_recorder"}).code);
        hub_->pay("burst");
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] { return burstIsPublished(); }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, recorded());

        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"plugin", "enable", "hub_test_recorder"}).code);

        CPPUNIT_ASSERT_MESSAGE(std::to_string(recorded()) + " came",
                               becomesTrue([&] { return recorded() >= kBurst; }));
        const auto times = assertOrdered();
        CPPUNIT_ASSERT_EQUAL(std::size_t{kBurst}, times.size());
        CPPUNIT_ASSERT_EQUAL_MESSAGE("each once", std::size_t{kBurst}, recorded());
    }

    /// The last number is in the journal: its event comes after payment.created and all others.
    bool burstIsPublished() const
    {
        return hub_->command({"event", "show", std::to_string(kBurst + 1)}).code == 0;
    }

public:
    void tearDown() override
    {
        hub_.reset();
        schema_.reset();
    }

    void aDisabledSubscriberCatchesUpInOrder() { catchUp({}); }

    void aDisabledSubscriberCatchesUpInOrderOnPostgres()
    {
        schema_ = std::make_unique<PostgresSchema>();
        HubOptions options;
        options.settings = {"store.backend = postgresql",
                            "store.postgres = " + schema_->connection(),
                            "store.postgres_schema = " + schema_->name()};
        catchUp(options);
    }

    void anEventThatCrashesItEndsAsADeadLetterAndIsReplayed()
    {
        constexpr int kCount = 70;
        prepare(kCount, 9);
        hub_->pay("burst");

        // Key 2 has 9, 16, 23 …: they wait; all others come.
        const auto openLetters = [&] {
            return hub_->ask({"dead-letter", "list"});
        };
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] { return !openLetters().empty(); }));
        CPPUNIT_ASSERT_MESSAGE(hub_->log(),
                               becomesTrue([&] { return assertOrdered().size() == kCount - 9; }));
        const Json letter = openLetters().at(0);
        CPPUNIT_ASSERT_EQUAL(std::string("hub_test_recorder"),
                             letter.at("subscriber").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("key-2"), letter.at("key").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(3, letter.at("attempt").get<int>());

        const std::string id = std::to_string(letter.at("id").get<int>());
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"dead-letter", "replay", id}).code);

        CPPUNIT_ASSERT_MESSAGE(hub_->log(),
                               becomesTrue([&] { return assertOrdered().size() == kCount; }));
        CPPUNIT_ASSERT(hub_->command({"dead-letter", "replay", id}).code != 0);
    }
};

HUB_TEST_SUITE_REGISTRATION(DeliveriesTest, "deliveries");

} // namespace

} // namespace hub::test
