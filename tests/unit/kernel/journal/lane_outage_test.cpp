// Goal: a store that is full, fails or goes away costs those who asked an honest refusal and nobody
// else anything; all resumes by itself. Method: the real lane on a real store whose file may not
// grow, or whose groups fail on demand.
#include "lane_fixture.hpp"

#include <future>
#include <string>
#include <thread>

namespace hub::journal::test {

class LaneOutageTest : public LaneFixture<store::Backend::SQLite> {
    CPPUNIT_TEST_SUITE(LaneOutageTest);
    CPPUNIT_TEST(aUnitThatBreaksTheTransactionIsLeftOut);
    CPPUNIT_TEST(anEventThatBreaksTheTransactionStopsNobodyElse);
    CPPUNIT_TEST(withoutAStoreNothingIsAcknowledgedAndAllResumes);
    CPPUNIT_TEST(aCommitThatFailsAnswersNobodyWithSuccess);
    CPPUNIT_TEST(anIdleLaneFindsItsStoreAgain);
    CPPUNIT_TEST(eventsOfACommitWhoseReplyWasLostAreDelivered);
    CPPUNIT_TEST(memoryOfOthersIsReadAgainWhenACommitIsInDoubt);
    CPPUNIT_TEST(aFailedRegistrationLeavesNoSubscriber);
    CPPUNIT_TEST_SUITE_END();

public:
    void aUnitThatBreaksTheTransactionIsLeftOut()
    {
        allowPages(200);
        std::promise<void> all_wait;
        std::shared_future<void> go = all_wait.get_future().share();
        class Gate final : public Work {
        public:
            explicit Gate(std::shared_future<void> open)
                : open_(std::move(open))
            {}
            void run(LaneContext&) override { open_.wait(); }
            void committed() noexcept override {}
            void failed(const UnitFailed&) noexcept override {}

        private:
            std::shared_future<void> open_;
        };
        lane_->submit(std::make_unique<Gate>(go));
        submit("good", "{}");
        submit("filler", "\"fill\"");
        submit("fine", "{}");
        all_wait.set_value();

        notes_.await(ended("good", HUB_OK));
        notes_.await(ended("filler", HUB_UNAVAILABLE));
        notes_.await(ended("fine", HUB_OK));
        lane_->stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes_.count(ended("good", HUB_OK)));
        CPPUNIT_ASSERT(lane_->counters().groups_broken >= 1);
        await("SELECT count(*) FROM demo_item", 2);
    }

    void anEventThatBreaksTheTransactionStopsNobodyElse()
    {
        allowPages(200);
        publish("filler", "\"fill\"");
        publish("other", "{}");

        notes_.await("unit other");
        await("SELECT count(*) FROM hub_dead_letter WHERE state = 'open' AND key = 'filler'", 1);
        submit("good", "{}");
        notes_.await(ended("good", HUB_OK));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count("unit filler"));
    }

    void withoutAStoreNothingIsAcknowledgedAndAllResumes()
    {
        failAndResume(FailingDatabase::Fails::AtBegin);
    }

    void aCommitThatFailsAnswersNobodyWithSuccess()
    {
        failAndResume(FailingDatabase::Fails::AtCommit);
    }

    void anIdleLaneFindsItsStoreAgain()
    {
        store_->fail(FailingDatabase::Fails::AtBegin);
        submit("asked", "{}");
        notes_.await(ended("asked", HUB_UNAVAILABLE));
        CPPUNIT_ASSERT(!lane_->counters().healthy);

        store_->fail(FailingDatabase::Fails::Nowhere);

        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!lane_->counters().healthy) {
            CPPUNIT_ASSERT(std::chrono::steady_clock::now() < until);
            std::this_thread::yield();
        }
    }

    void eventsOfACommitWhoseReplyWasLostAreDelivered()
    {
        publish("first", "{}");
        notes_.await("unit first");
        await("SELECT cursor FROM hub_subscriber WHERE name = 'demo'", 1);
        // The store shows the cursor before the lane has come back from that commit.
        lane_->runNow([](LaneContext&) {});
        store_->fail(FailingDatabase::Fails::AfterCommit);
        CPPUNIT_ASSERT_THROW(publish("second", "{}"), base::Failure);
        publishOnceTheStoreIsBack("third");

        notes_.await("unit third");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes_.count("unit second"));
    }

    void memoryOfOthersIsReadAgainWhenACommitIsInDoubt()
    {
        bool heard = false;
        const auto change = [&](LaneContext& context) {
            context.group.connection()
                .prepare("INSERT INTO demo_item (id, name) VALUES (77, NULL)")
                .run();
            context.group.effects().before_answers.push_back([&heard] { heard = true; });
        };
        store_->fail(FailingDatabase::Fails::AfterCommit);
        CPPUNIT_ASSERT_THROW(lane_->runNow(change), base::Failure);
        publishOnceTheStoreIsBack("later");

        notes_.await("reread");
        CPPUNIT_ASSERT(!heard);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes_.count("reread"));
    }

    void aFailedRegistrationLeavesNoSubscriber()
    {
        SubscriptionSpec spec;
        spec.library = "late";
        spec.types["thing.happened"] = {1, 1};
        spec.in_process = true;
        ScriptedPlugin gone(notes_);
        CPPUNIT_ASSERT_THROW(lane_->runNow([&](LaneContext& context) {
            context.deliveries.add(context.group, spec, &gone);
            throw GroupBroken(store::Trouble::Full, "on purpose");
        }),
                             base::Failure);

        bool there = true;
        lane_->runNow([&](LaneContext& context) { there = context.deliveries.has("late"); });
        CPPUNIT_ASSERT(!there);
    }

private:
    void allowPages(std::int64_t more)
    {
        lane_->runNow([&](LaneContext& context) {
            store::Statement& pages = context.group.connection().prepare("PRAGMA page_count");
            const std::int64_t count = pages.step() ? pages.integer(0) : 0;
            pages.run();
            context.group.connection().execute("PRAGMA max_page_count=" +
                                               std::to_string(count + more));
        });
    }

    /// Who asks while the lane takes the store back is refused, too, and asks again.
    void publishOnceTheStoreIsBack(const std::string& key)
    {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        for (;;) {
            try {
                publish(key, "{}");
                return;
            } catch (const base::Failure& refusal) {
                CPPUNIT_ASSERT_MESSAGE(refusal.what(), refusal.status() == HUB_UNAVAILABLE);
                CPPUNIT_ASSERT_MESSAGE(refusal.what(), std::chrono::steady_clock::now() < until);
            }
        }
    }

    void failAndResume(FailingDatabase::Fails where)
    {
        store_->fail(where);
        submit("asked", "{}");
        submit("kept", "{}", true);
        submit("again", "{}");
        notes_.await(ended("asked", HUB_UNAVAILABLE));
        notes_.await(ended("again", HUB_UNAVAILABLE));
        CPPUNIT_ASSERT(!lane_->counters().healthy);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count(ended("kept", HUB_OK)));

        store_->fail(FailingDatabase::Fails::Nowhere);

        notes_.await(ended("kept", HUB_OK));
        submit("after", "{}");
        notes_.await(ended("after", HUB_OK));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count(ended("kept", HUB_UNAVAILABLE)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, notes_.count(ended("asked", HUB_OK)));
        await("SELECT count(*) FROM demo_item", 2);
    }
};

HUB_TEST_SUITE_REGISTRATION(LaneOutageTest, "lane_outage");

} // namespace hub::journal::test
