// Goal: what is answered is stored and what is stored is told once, whatever throws, breaks or goes
// away. Method: the real lane on a real SQLite store; plugins, outlet and works are scripts; the
// disk is full when the file may not grow. Waits are on conditions, with a deadline.
#include "journal/lane.hpp"
#include "journal/timers.hpp"
#include "journal_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hub::journal::test {

namespace {

/// What happened, from any thread, to wait for.
class Notes {
public:
    void add(const std::string& note)
    {
        {
            const std::lock_guard lock(mutex_);
            notes_.push_back(note);
        }
        changed_.notify_all();
    }
    std::vector<std::string> all() const
    {
        const std::lock_guard lock(mutex_);
        return notes_;
    }
    std::size_t count(const std::string& note) const
    {
        const auto notes = all();
        return static_cast<std::size_t>(std::count(notes.begin(), notes.end(), note));
    }
    void await(const std::string& note, std::size_t times = 1) const
    {
        std::unique_lock lock(mutex_);
        const bool came = changed_.wait_for(lock, std::chrono::seconds(20), [&] {
            return static_cast<std::size_t>(std::count(notes_.begin(), notes_.end(), note)) >=
                   times;
        });
        std::string seen;
        for (const std::string& one : notes_) {
            seen += one + "; ";
        }
        CPPUNIT_ASSERT_MESSAGE("\"" + note + "\" did not come, only: " + seen, came);
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<std::string> notes_;
};

/// A plugin that does what the payload says and keeps a row per event it took.
class ScriptedPlugin final : public UnitRunner {
public:
    explicit ScriptedPlugin(Notes& notes)
        : notes_(notes)
    {}

    Answer runUnit(Unit& unit, const Envelope& envelope) override
    {
        const std::string what = envelope.source == HUB_SOURCE_OUTCOME
                                     ? "outcome " + outcomeName(envelope.outcome)
                                 : envelope.source == HUB_SOURCE_TIMER ? "timer " + envelope.type
                                                                       : "unit " + envelope.key;
        if (refuses_.load() > 0) {
            --refuses_;
            notes_.add("refused " + what);
            throw std::runtime_error("refused on purpose");
        }
        if (envelope.payload.find("throw") != std::string::npos) {
            throw std::runtime_error("thrown on purpose");
        }
        if (envelope.payload.find("\"fill\"") != std::string::npos) {
            fill(unit.connection());
        }
        insert(unit.connection());
        if (envelope.payload.find("\"call\"") != std::string::npos) {
            CallWanted wanted;
            wanted.contract = "parcel";
            wanted.operation = "send";
            wanted.key = envelope.key;
            wanted.payload = R"({"number":"N1"})";
            if (const auto called = unit.call(wanted); !called.ok()) {
                return {called.error().code, called.error().message, {}, 0};
            }
        }
        notes_.add(what);
        return {HUB_OK, {}, {}, 0};
    }

    void refuse(int times) { refuses_ = times; }

private:
    static void insert(store::Connection& connection)
    {
        connection
            .prepare("INSERT INTO demo_item (id, name) VALUES "
                     "((SELECT coalesce(max(id), 0) + 1 FROM demo_item), NULL)")
            .run();
    }

    /// More than the file may grow.
    static void fill(store::Connection& connection)
    {
        connection.prepare("INSERT INTO demo_item (id, name, body) VALUES (4711, NULL, ?)")
            .bindBlob(1, std::string(std::size_t{8} * 1024 * 1024, 'x'))
            .run();
    }

    Notes& notes_;
    std::atomic<int> refuses_{0};
};

class NotedOutlet final : public Outlet {
public:
    explicit NotedOutlet(Notes& notes)
        : notes_(notes)
    {}
    bool sendCall(const std::string&, CallDelivery call) override
    {
        {
            const std::lock_guard lock(mutex_);
            last_call_ = call;
        }
        notes_.add("call " + std::to_string(call.id) + " delivery " +
                   std::to_string(call.delivery));
        return true;
    }
    bool sendEvent(const std::string&, EventDelivery event) override
    {
        notes_.add("event " + std::to_string(event.event->seq));
        return true;
    }
    CallDelivery lastCall() const
    {
        const std::lock_guard lock(mutex_);
        return last_call_;
    }

private:
    Notes& notes_;
    mutable std::mutex mutex_;
    CallDelivery last_call_;
};

class Quiet final : public CommitListener {
public:
    void committed(const Effects&) noexcept override {}
};

/// The real store, whose groups fail as long as the test wants.
class FailingDatabase final : public store::Database {
public:
    enum class Fails { Nowhere, AtBegin, AtCommit, AfterCommit };

    explicit FailingDatabase(store::Database& real)
        : real_(real)
    {}
    void fail(Fails where) { fails_ = where; }

    void beginGroup(std::int64_t group_no) override
    {
        if (fails_ == Fails::AtBegin) {
            throw store::StoreFailure(store::Trouble::Full, "no space on purpose");
        }
        real_.beginGroup(group_no);
    }
    bool commitGroup(std::int64_t group_no) override
    {
        if (fails_ == Fails::AtCommit) {
            throw store::StoreFailure(store::Trouble::Full, "no space on purpose");
        }
        const bool committed = real_.commitGroup(group_no);
        Fails once = Fails::AfterCommit;
        if (fails_.compare_exchange_strong(once, Fails::Nowhere)) {
            throw store::StoreFailure(store::Trouble::Lost, "the reply was lost on purpose");
        }
        return committed;
    }
    store::Backend backend() const override { return real_.backend(); }
    std::int64_t epoch() const override { return real_.epoch(); }
    void migrate(const std::string& library, const std::vector<store::Migration>& steps) override
    {
        real_.migrate(library, steps);
    }
    store::Connection& writer() override { return real_.writer(); }
    void recover() override { real_.recover(); }
    store::Lease snapshot() override { return real_.snapshot(); }
    std::int64_t snapshotsOverdue() const override { return real_.snapshotsOverdue(); }
    void checkpointIfLarge() override { real_.checkpointIfLarge(); }
    std::int64_t walBytes() const override { return real_.walBytes(); }

private:
    store::Database& real_;
    std::atomic<Fails> fails_{Fails::Nowhere};
};

/// One unit of the plugin, whose end is noted as "<name> <status>".
class UnitWork final : public Work {
public:
    UnitWork(Notes& notes, std::string name, std::string payload, bool must_happen = false)
        : notes_(notes)
        , name_(std::move(name))
        , payload_(std::move(payload))
        , must_happen_(must_happen)
    {}
    void run(LaneContext& context) override
    {
        Envelope envelope;
        envelope.source = HUB_SOURCE_REQUEST;
        envelope.id = name_;
        envelope.key = name_;
        envelope.payload = payload_;
        failure_ = context.deliveries.runUnit(context.group, "demo", envelope, "request:" + name_);
    }
    void committed() noexcept override { end(failure_ ? failure_->status : HUB_OK); }
    void failed(const UnitFailed& why) noexcept override { end(why.status); }
    bool mustHappen() const noexcept override { return must_happen_; }

private:
    void end(hub_status status) { notes_.add(name_ + " " + std::to_string(status)); }

    Notes& notes_;
    std::string name_;
    std::string payload_;
    bool must_happen_;
    std::optional<UnitFailed> failure_;
};

std::string ended(const std::string& name, hub_status status)
{
    return name + " " + std::to_string(status);
}

} // namespace

class LaneTest : public store::test::StoreFixture<store::Backend::SQLite> {
    CPPUNIT_TEST_SUITE(LaneTest);
    CPPUNIT_TEST(eventsAreTakenOnceAcrossARestart);
    CPPUNIT_TEST(aThrowingUnitIsRolledBackAlone);
    CPPUNIT_TEST(aUnitThatBreaksTheTransactionIsLeftOut);
    CPPUNIT_TEST(anEventThatBreaksTheTransactionStopsNobodyElse);
    CPPUNIT_TEST(withoutAStoreNothingIsAcknowledgedAndAllResumes);
    CPPUNIT_TEST(aCommitThatFailsAnswersNobodyWithSuccess);
    CPPUNIT_TEST(eventsOfACommitWhoseReplyWasLostAreDelivered);
    CPPUNIT_TEST(stopFinishesWhatWaits);
    CPPUNIT_TEST(anOutcomeWhoseOwnerThrowsIsKeptAndDeliveredLater);
    CPPUNIT_TEST(aTimerReachesItsOwner);
    CPPUNIT_TEST(aRestartTakesCallsBack);
    CPPUNIT_TEST(eventsOfAProcessFollowItsCredit);
    CPPUNIT_TEST(aFailedRegistrationLeavesNoSubscriber);
    CPPUNIT_TEST(manyThreadsSubmitAndEachIsAnsweredOnce);
    CPPUNIT_TEST_SUITE_END();

    Notes notes_;
    FixedDirectory directory_;
    NotedOutlet outlet_{notes_};
    Quiet listener_;
    ScriptedPlugin plugin_{notes_};
    std::unique_ptr<FailingDatabase> store_;
    std::unique_ptr<Lane> lane_;

public:
    void setUp() override
    {
        StoreFixture::setUp();
        store_ = std::make_unique<FailingDatabase>(openWithDemo());
        startLane();
    }

    void tearDown() override
    {
        lane_.reset();
        store_.reset();
        StoreFixture::tearDown();
    }

private:
    void startLane()
    {
        LaneSettings settings;
        settings.retry.first_ms = 20;
        settings.retry.longest_ms = 40;
        lane_ = std::make_unique<Lane>(
            *store_, clock_, directory_, outlet_, listener_, settings, [this](const auto& why) {
                notes_.add("fatal " + why);
            });
        lane_->start();
        SubscriptionSpec spec;
        spec.library = "demo";
        spec.types["thing.happened"] = {1, 1};
        spec.in_process = true;
        lane_->runNow(
            [&](LaneContext& context) { context.deliveries.add(context.group, spec, &plugin_); });
    }

    void restartLane()
    {
        lane_.reset();
        startLane();
    }

    void submit(const std::string& name, const std::string& payload, bool must_happen = false)
    {
        lane_->submit(std::make_unique<UnitWork>(notes_, name, payload, must_happen));
    }

    void publish(const std::string& key, const std::string& payload)
    {
        lane_->runNow([&](LaneContext& context) {
            Publication event;
            event.type = "thing.happened";
            event.key = key;
            event.publisher = "test";
            event.payload = payload;
            context.log.append(context.group, event);
        });
    }

    /// Waits until this holds in the store, as the lane sees it.
    void await(const std::string& sql, std::int64_t expected)
    {
        std::int64_t seen = 0;
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        do {
            store::Lease snapshot = database().snapshot();
            store::Statement& rows = snapshot->prepare(sql);
            seen = rows.step() ? rows.integer(0) : -1;
            rows.run();
        } while (seen != expected && std::chrono::steady_clock::now() < until);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(sql, expected, seen);
    }

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

    void eventsOfACommitWhoseReplyWasLostAreDelivered()
    {
        publish("first", "{}");
        notes_.await("unit first");
        await("SELECT cursor FROM hub_subscriber WHERE name = 'demo'", 1);
        // The store shows the cursor before the lane has come back from that commit.
        lane_->runNow([](LaneContext&) {});
        store_->fail(FailingDatabase::Fails::AfterCommit);
        CPPUNIT_ASSERT_THROW(publish("second", "{}"), base::Failure);
        publish("third", "{}");

        notes_.await("unit third");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes_.count("unit second"));
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
            context.hosts.up("partner");
            context.hosts.credit("partner", 2);
        });
        for (const char* key : {"a", "b", "c"}) {
            publish(key, "{}");
        }
        notes_.await("event 2");
        notes_.await("unit c");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "no credit, no delivery", std::size_t{0}, notes_.count("event 3"));
        lane_->runNow([&](LaneContext& context) {
            context.deliveries.acknowledge(context.group, "partner", {1, HUB_OK, ""});
            context.deliveries.acknowledge(context.group, "partner", {2, HUB_INTERNAL, "no"});
            context.hosts.credit("partner", 2);
        });
        notes_.await("event 3");
        notes_.await("event 2", 2);
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

private:
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

    void upCourier()
    {
        lane_->runNow([&](LaneContext& context) {
            context.hosts.up("courier");
            context.hosts.credit("courier", 8);
            context.calls.wake({"courier"});
        });
    }

    void callThroughACourier()
    {
        upCourier();
        submit("caller", "\"call\"");
        notes_.await(ended("caller", HUB_OK));
        notes_.await("call 1 delivery 1");
    }

    bool mark()
    {
        const CallDelivery call = outlet_.lastCall();
        bool marked = false;
        lane_->runNow([&](LaneContext& context) {
            marked = Calls::markSending(context.group, call.id, call.delivery, "digest");
        });
        return marked;
    }

    void answer(hub_status status)
    {
        CPPUNIT_ASSERT(mark());
        const CallDelivery call = outlet_.lastCall();
        lane_->runNow([&](LaneContext& context) {
            CallAnswer answer;
            answer.id = call.id;
            answer.delivery = call.delivery;
            answer.status = status;
            answer.payload = "{}";
            context.calls.answer(context.group, "courier", answer);
        });
    }
};

HUB_TEST_SUITE_REGISTRATION(LaneTest, "lane");

} // namespace hub::journal::test
