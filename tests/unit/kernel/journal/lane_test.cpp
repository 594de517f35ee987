// Goal: what is answered is stored and what is stored is told once, whatever throws or restarts.
// Method: the real lane on a real store of both back ends.
#include "journal/timers.hpp"
#include "lane_fixture.hpp"

#include <string>
#include <thread>
#include <vector>

namespace hub::journal::test {

template <store::Backend kBackend>
class LaneTest : public LaneFixture<kBackend> {
    CPPUNIT_TEST_SUITE(LaneTest);
    CPPUNIT_TEST(eventsAreTakenOnceAcrossARestart);
    CPPUNIT_TEST(aThrowingUnitIsRolledBackAlone);
    CPPUNIT_TEST(memoryIsRightBeforeTheAnswerAndOnlyIfCommitted);
    CPPUNIT_TEST(stopFinishesWhatWaits);
    CPPUNIT_TEST(anOutcomeWhoseOwnerThrowsIsKeptAndDeliveredLater);
    CPPUNIT_TEST(anOutcomeThatWaitedIsNotToldAfterALaterOne);
    CPPUNIT_TEST(aTimerReachesItsOwner);
    CPPUNIT_TEST(aRestartTakesCallsBack);
    CPPUNIT_TEST(eventsOfAProcessFollowItsCredit);
    CPPUNIT_TEST(cursorsAreWrittenAfterAWhileAndAtTheStop);
    CPPUNIT_TEST(manyThreadsSubmitAndEachIsAnsweredOnce);
    CPPUNIT_TEST_SUITE_END();

    using LaneFixture<kBackend>::await;
    using LaneFixture<kBackend>::clock_;
    using LaneFixture<kBackend>::lane_;
    using LaneFixture<kBackend>::mark;
    using LaneFixture<kBackend>::notes_;
    using LaneFixture<kBackend>::outlet_;
    using LaneFixture<kBackend>::plugin_;
    using LaneFixture<kBackend>::publish;
    using LaneFixture<kBackend>::restartLane;
    using LaneFixture<kBackend>::submit;
    using LaneFixture<kBackend>::upCourier;
    using LaneFixture<kBackend>::callThroughACourier;
    using LaneFixture<kBackend>::answer;

public:
    void eventsAreTakenOnceAcrossARestart()
    {
        for (int i = 0; i < 50; ++i) {
            publish(std::to_string(i % 5), "{}");
        }
        restartLane();
        publish("last", "{}");
        notes_.await("unit last");

        for (int key = 0; key < 5; ++key) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{10}, notes_.count("unit " + std::to_string(key)));
        }
        await("SELECT count(*) FROM demo_item", 51);
        await("SELECT cursor FROM hub_subscriber WHERE name = 'demo'", 51);
    }

    void aThrowingUnitIsRolledBackAlone()
    {
        submit("good", "{}");
        submit("bad", "throw");
        submit("fine", "{}");

        notes_.await(ended("good", HUB_OK));
        notes_.await(ended("bad", HUB_INTERNAL));
        notes_.await(ended("fine", HUB_OK));
        await("SELECT count(*) FROM demo_item", 2);
    }

    void memoryIsRightBeforeTheAnswerAndOnlyIfCommitted()
    {
        bool seen = false;
        bool undone = false;
        this->lane_->runNow([&](LaneContext& context) {
            context.group.effects().before_answers.push_back([&seen] { seen = true; });
            CPPUNIT_ASSERT(context.group
                               .attempt([&] {
                                   context.group.effects().before_answers.push_back(
                                       [&undone] { undone = true; });
                                   throw std::runtime_error("on purpose");
                               })
                               .has_value());
        });
        CPPUNIT_ASSERT(seen); // this thread was answered: no waiting
        CPPUNIT_ASSERT(!undone);
    }

    void stopFinishesWhatWaits()
    {
        for (int i = 0; i < 2000; ++i) {
            submit("w" + std::to_string(i), "{}");
        }
        lane_->stop();

        await("SELECT count(*) FROM demo_item", 2000);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes_.count(ended("w1999", HUB_OK)));
    }

    void anOutcomeThatWaitedIsNotToldAfterALaterOne()
    {
        callThroughACourier();
        CPPUNIT_ASSERT(mark());
        plugin_.refuse(1);
        const CallDelivery call = outlet_.lastCall();
        lane_->runNow([&](LaneContext& context) {
            for (const hub_status status : {HUB_OUTCOME_UNKNOWN, HUB_OK}) {
                const CallAnswer one{call.id, call.delivery, status, 0, {}, "{}"};
                context.calls.answer(context.group, "courier", one);
            }
        });

        notes_.await("outcome succeeded");
        await("SELECT count(*) FROM hub_subscriber_mark WHERE subscriber = 'demo'", 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count("outcome unknown"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes_.count("outcome succeeded"));
    }

    void anOutcomeWhoseOwnerThrowsIsKeptAndDeliveredLater()
    {
        callThroughACourier();
        plugin_.refuse(2);
        answer(HUB_OK);

        notes_.await("refused outcome succeeded", 2);
        notes_.await("outcome succeeded");
        await("SELECT count(*) FROM hub_event WHERE type = 'hub.outcome'", 1);
        await("SELECT count(*) FROM hub_subscriber_mark WHERE subscriber = 'demo'", 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes_.count("outcome succeeded"));
    }

    void aTimerReachesItsOwner()
    {
        lane_->runNow([&](LaneContext& context) {
            Timers::set(context.group, {"demo", "expire", "k", clock_.nowMs() + 30, "", "", "{}"});
        });

        notes_.await("timer expire");
        await("SELECT count(*) FROM hub_timer", 0);
    }

    void aRestartTakesCallsBack()
    {
        callThroughACourier();
        restartLane();
        upCourier();
        notes_.await("call 1 delivery 2");
        CPPUNIT_ASSERT(mark());
        restartLane();

        notes_.await("outcome unknown");
        await("SELECT count(*) FROM hub_call WHERE id = 1 AND state = 'answered' AND resolving = 1",
              1);
    }

    void eventsOfAProcessFollowItsCredit()
    {
        SubscriptionSpec spec;
        spec.library = "partner";
        spec.types["thing.happened"] = {1, 1};
        lane_->runNow([&](LaneContext& context) {
            context.deliveries.add(context.group, spec, nullptr);
            context.hosts.up("partner", 1);
            context.hosts.credit("partner", 1, 2);
        });
        for (const char* key : {"a", "b", "c"}) {
            publish(key, "{}");
        }
        notes_.await("event 2");
        notes_.await("unit c");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "no credit, no delivery", std::size_t{0}, notes_.count("event 3"));
        lane_->runNow([&](LaneContext& context) {
            context.deliveries.acknowledge(context.group, "partner", {1, HUB_OK, "", 1});
            context.deliveries.acknowledge(context.group, "partner", {2, HUB_INTERNAL, "no", 2});
            context.hosts.credit("partner", 1, 2);
        });
        notes_.await("event 3");
        notes_.await("event 2", 2);
        // The first delivery of event 2 answers once more, now that a second one is under way.
        std::size_t in_flight = 0;
        lane_->runNow([&](LaneContext& context) {
            const std::size_t before = context.deliveries.view(3).at("partner").in_flight;
            context.deliveries.acknowledge(context.group, "partner", {2, HUB_OK, "", 2});
            in_flight = context.deliveries.view(3).at("partner").in_flight;
            CPPUNIT_ASSERT_EQUAL(before, in_flight);
        });
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "an answer of an earlier delivery settles nothing", std::size_t{2}, in_flight);
    }

    void cursorsAreWrittenAfterAWhileAndAtTheStop()
    {
        SubscriptionSpec spec;
        spec.library = "partner";
        spec.types["thing.happened"] = {1, 1};
        lane_->runNow([&](LaneContext& context) {
            context.deliveries.add(context.group, spec, nullptr);
            context.hosts.up("partner", 1);
            context.hosts.credit("partner", 1, 8);
        });
        const auto acknowledge = [&](std::int64_t seq) {
            lane_->runNow([seq](LaneContext& context) {
                context.deliveries.acknowledge(
                    context.group, "partner", {seq, HUB_OK, "", static_cast<std::uint32_t>(seq)});
            });
        };
        publish("a", "{}");
        publish("b", "{}");
        notes_.await("event 2");
        acknowledge(1);
        await("SELECT cursor FROM hub_subscriber WHERE name = 'partner'", 1);
        acknowledge(2);
        lane_->stop();
        await("SELECT cursor FROM hub_subscriber WHERE name = 'partner'", 2);
    }

    void manyThreadsSubmitAndEachIsAnsweredOnce()
    {
        constexpr int kThreads = 4;
        constexpr int kEach = 250;
        std::vector<std::thread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([this, t] {
                for (int i = 0; i < kEach; ++i) {
                    submit(std::to_string(t) + "-" + std::to_string(i),
                           i % 10 == 0 ? "throw" : "{}");
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        lane_->stop();

        for (int t = 0; t < kThreads; ++t) {
            for (int i = 0; i < kEach; ++i) {
                const std::string name = std::to_string(t) + "-" + std::to_string(i);
                const hub_status status = i % 10 == 0 ? HUB_INTERNAL : HUB_OK;
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    name, std::size_t{1}, notes_.count(ended(name, status)));
            }
        }
        await("SELECT count(*) FROM demo_item", kThreads * kEach * 9 / 10);
    }
};

HUB_JOURNAL_SUITE(LaneTest, "lane");

} // namespace hub::journal::test
