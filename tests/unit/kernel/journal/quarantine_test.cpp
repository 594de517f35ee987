// Goal: a restored store sends nothing before its release, and what its units wished for meanwhile
// is decided again, not sent. Method: the real lane on a real store of both back ends.
#include "journal/quarantine.hpp"
#include "lane_fixture.hpp"

#include <string>

namespace hub::journal::test {

template <store::Backend kBackend>
class QuarantineTest : public LaneFixture<kBackend> {
    CPPUNIT_TEST_SUITE(QuarantineTest);
    CPPUNIT_TEST(whatIsWishedForInQuarantineIsNeverSent);
    CPPUNIT_TEST(whatWasQueuedInTheBackupIsUnknownAndNotSent);
    CPPUNIT_TEST(aPluginTakesEventsInQuarantineAProcessAfterIt);
    CPPUNIT_TEST_SUITE_END();

    using LaneFixture<kBackend>::await;
    using LaneFixture<kBackend>::lane_;
    using LaneFixture<kBackend>::notes_;
    using LaneFixture<kBackend>::publish;
    using LaneFixture<kBackend>::restartLane;
    using LaneFixture<kBackend>::submit;
    using LaneFixture<kBackend>::upCourier;

    /// As a restore leaves the store.
    void restore()
    {
        lane_->runNow([](LaneContext& context) {
            QuarantineState state;
            state.epoch = 2;
            state.last_call = 1000;
            Quarantine::write(context.group.connection(), state);
        });
        restartLane();
        CPPUNIT_ASSERT(lane_->isQuarantined());
    }

    void release()
    {
        lane_->runNow(
            [](LaneContext& context) { context.calls.release(context.group, context.quarantine); });
        CPPUNIT_ASSERT(!lane_->isQuarantined());
    }

    /// The group after everything that was there.
    void takeATurn()
    {
        lane_->runNow([](LaneContext&) {});
    }

public:
    void whatIsWishedForInQuarantineIsNeverSent()
    {
        restore();
        upCourier();
        submit("early", "\"call\"");
        notes_.await(ended("early", HUB_OK));
        restartLane(); // still in quarantine
        upCourier();
        takeATurn();
        await("SELECT count(*) FROM hub_call WHERE state = 'queued'", 1);

        release();
        notes_.await("outcome not sent");
        submit("late", "\"call\"");
        notes_.await("call 2 delivery 1");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count("call 1 delivery 1"));
    }

    void whatWasQueuedInTheBackupIsUnknownAndNotSent()
    {
        submit("before", "\"call\""); // no process takes it
        notes_.await(ended("before", HUB_OK));
        restore();
        notes_.await("outcome unknown");
        upCourier();
        notes_.await("call 2 delivery 1"); // the query about it
        release();
        takeATurn();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count("call 1 delivery 1"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count("outcome not sent"));
    }

    void aPluginTakesEventsInQuarantineAProcessAfterIt()
    {
        restore();
        SubscriptionSpec spec;
        spec.library = "partner";
        spec.types["thing.happened"] = {1, 1};
        lane_->runNow([&](LaneContext& context) {
            context.deliveries.add(context.group, spec, nullptr);
            context.hosts.up("partner", 1);
            context.hosts.credit("partner", 1, 8);
        });
        publish("a", "{}");
        notes_.await("unit a");
        takeATurn();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count("event 1"));

        release();
        notes_.await("event 1");
    }
};

HUB_JOURNAL_SUITE(QuarantineTest, "quarantine");

} // namespace hub::journal::test
