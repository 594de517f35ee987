// Goal: the small tables of the journal do what their headers say. Method: each on a real store of
// both back ends, in groups that are committed.
#include "journal/dead_letters.hpp"
#include "journal/idempotency.hpp"
#include "journal/timers.hpp"
#include "journal_fixture.hpp"

#include <string>

namespace hub::journal::test {

template <store::Backend kBackend>
class TablesTest : public JournalFixture<kBackend> {
    CPPUNIT_TEST_SUITE(TablesTest);
    CPPUNIT_TEST(anEventIsAppendedOnceUnderItsId);
    CPPUNIT_TEST(aRefusedEventLeavesNoGapInTheOrder);
    CPPUNIT_TEST(aUnitThatIsRolledBackLeavesNoEvent);
    CPPUNIT_TEST(eventsAreReadFromMemoryAndFromTheTableAlike);
    CPPUNIT_TEST(whatIsForgottenIsReadFromTheTable);
    CPPUNIT_TEST(aTimerIsReplacedAndCancelledByItsName);
    CPPUNIT_TEST(aDueTimerBecomesAnEventForItsOwnerAlone);
    CPPUNIT_TEST(theFirstAnswerToAKeyIsKeptSevenDays);
    CPPUNIT_TEST(aDeadLetterIsDecidedOnce);
    CPPUNIT_TEST_SUITE_END();

    using JournalFixture<kBackend>::inGroup;
    using JournalFixture<kBackend>::clock_;
    using JournalFixture<kBackend>::log_;
    using JournalFixture<kBackend>::sequences_;

    static Publication publication(const std::string& id, const std::string& payload)
    {
        Publication wanted;
        wanted.id = id;
        wanted.type = "thing.happened";
        wanted.key = "a";
        wanted.publisher = "post";
        wanted.payload = payload;
        return wanted;
    }

    Published append(const Publication& wanted)
    {
        Published published;
        const Effects effects =
            inGroup([&](Group& group) { published = log_.append(group, wanted); });
        log_.remember(effects.events);
        return published;
    }

public:
    void anEventIsAppendedOnceUnderItsId()
    {
        struct Row {
            const char* name;
            std::function<void(Publication&)> change;
            hub_status status;
        };
        const Publication first = publication("id-1", "{}");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, append(first).seq);
        for (const Row& row : std::vector<Row>{
                 {"again", [](Publication&) {}, HUB_ALREADY_DONE},
                 {"another trace is no content",
                  [](Publication& p) { p.trace = "t"; },
                  HUB_ALREADY_DONE},
                 {"another payload", [](Publication& p) { p.payload = "[]"; }, HUB_REJECTED},
                 {"another key", [](Publication& p) { p.key = "b"; }, HUB_REJECTED},
                 {"another type", [](Publication& p) { p.type = "x"; }, HUB_REJECTED},
                 {"another version", [](Publication& p) { p.version = 2; }, HUB_REJECTED},
                 {"another publisher", [](Publication& p) { p.publisher = "x"; }, HUB_REJECTED},
             }) {
            Publication wanted = first;
            row.change(wanted);
            const Published published = append(wanted);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.status, published.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::int64_t{1}, published.seq);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("{}"),
                             EventLog::findById(this->writer(), "id-1")->payload);
    }

    void aRefusedEventLeavesNoGapInTheOrder()
    {
        append(publication("id-1", "{}"));
        append(publication("id-1", "[]"));

        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, append(publication("id-2", "{}")).seq);
    }

    void aUnitThatIsRolledBackLeavesNoEvent()
    {
        Effects effects = inGroup([&](Group& group) {
            const auto failed = group.attempt([&] {
                log_.append(group, publication("lost", "{}"));
                throw std::runtime_error("on purpose");
            });
            CPPUNIT_ASSERT_EQUAL(std::int32_t{HUB_INTERNAL},
                                 static_cast<std::int32_t>(failed->status));
            CPPUNIT_ASSERT(!group.attempt([&] { log_.append(group, publication("kept", "{}")); }));
        });

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, effects.events.size());
        CPPUNIT_ASSERT(!EventLog::findById(this->writer(), "lost"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, EventLog::findById(this->writer(), "kept")->seq);
    }

    void eventsAreReadFromMemoryAndFromTheTableAlike()
    {
        for (int i = 0; i < 10; ++i) {
            append(publication("id-" + std::to_string(i), "{\"n\":" + std::to_string(i) + "}"));
        }
        EventLog empty(1);
        for (const std::int64_t after : {0, 3, 9, 10}) {
            const auto remembered = log_.after(this->writer(), after, 4);
            const auto read = empty.after(this->writer(), after, 4);
            CPPUNIT_ASSERT_EQUAL(read.size(), remembered.size());
            for (std::size_t i = 0; i < read.size(); ++i) {
                CPPUNIT_ASSERT_EQUAL(after + static_cast<std::int64_t>(i) + 1, read[i]->seq);
                CPPUNIT_ASSERT_EQUAL(read[i]->seq, remembered[i]->seq);
                CPPUNIT_ASSERT_EQUAL(read[i]->id, remembered[i]->id);
                CPPUNIT_ASSERT_EQUAL(read[i]->payload, remembered[i]->payload);
                CPPUNIT_ASSERT_EQUAL(read[i]->time_ms, remembered[i]->time_ms);
            }
        }
    }

    void whatIsForgottenIsReadFromTheTable()
    {
        append(publication("id-1", "{}"));
        // A commit whose answer was lost: the row is there, nobody remembered it.
        inGroup([&](Group& group) { log_.append(group, publication("id-2", "{}")); });
        log_.forget();
        append(publication("id-3", "{}"));

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, log_.after(this->writer(), 0, 10).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, log_.after(this->writer(), 1, 10).size());
    }

    void aTimerIsReplacedAndCancelledByItsName()
    {
        const std::int64_t now_ms = clock_.nowMs();
        inGroup([&](Group& group) {
            Timers::set(group, {"post", "expire", "a", now_ms + 50, "", "", "{}"});
            Timers::set(group, {"post", "expire", "b", now_ms + 70, "", "", "{}"});
            Timers::set(group, {"post", "expire", "a", now_ms + 90, "", "", "{}"});
        });
        CPPUNIT_ASSERT_EQUAL(now_ms + 70, Timers::nextDue(this->writer()).value());
        inGroup([&](Group& group) {
            CPPUNIT_ASSERT(Timers::cancel(group, "post", "expire", "b"));
            CPPUNIT_ASSERT(!Timers::cancel(group, "post", "expire", "b"));
            CPPUNIT_ASSERT(!Timers::cancel(group, "stranger", "expire", "a"));
        });

        CPPUNIT_ASSERT_EQUAL(now_ms + 90, Timers::nextDue(this->writer()).value());
    }

    void aDueTimerBecomesAnEventForItsOwnerAlone()
    {
        const std::int64_t now_ms = clock_.nowMs();
        inGroup([&](Group& group) {
            Timers::set(group, {"post", "expire", "a", now_ms + 50, "2026", "t", "{\"n\":1}"});
            Timers::set(group, {"post", "expire", "b", now_ms + 51, "2026", "t", "{}"});
        });
        std::size_t fired = 0;
        const auto fire = [&] {
            return inGroup([&](Group& group) { fired = Timers::fire(group, log_, 10); });
        };
        fire();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, fired);
        clock_.advance(50);
        const Effects effects = fire();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, effects.events.size());
        const Event& event = *effects.events.front();
        CPPUNIT_ASSERT_EQUAL(std::string("hub.timer"), event.type);
        CPPUNIT_ASSERT_EQUAL(std::string("post"), event.recipient);
        CPPUNIT_ASSERT_EQUAL(std::string("a"), event.key);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"kind":"expire","payload":"{\"n\":1}"})"),
                             event.payload);
        fire();
        CPPUNIT_ASSERT_EQUAL_MESSAGE("it fires once", std::size_t{0}, fired);
    }

    void theFirstAnswerToAKeyIsKeptSevenDays()
    {
        const IdempotencyKey key{"portal", "payment.create", "k1"};
        inGroup([&](Group& group) {
            Idempotency::store(group, key, {"digest", 201, "/p/1", "\"1\"", "{\"id\":1}"});
        });
        const auto stored = Idempotency::find(this->writer(), key).value();
        CPPUNIT_ASSERT_EQUAL(std::string("digest"), stored.body_digest);
        CPPUNIT_ASSERT_EQUAL(201, stored.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/p/1"), stored.location);
        CPPUNIT_ASSERT_EQUAL(std::string("\"1\""), stored.etag);
        CPPUNIT_ASSERT_EQUAL(std::string("{\"id\":1}"), stored.body);
        for (const IdempotencyKey& other : {IdempotencyKey{"other", key.route, key.key},
                                            IdempotencyKey{key.principal, "other", key.key},
                                            IdempotencyKey{key.principal, key.route, "other"}}) {
            CPPUNIT_ASSERT(!Idempotency::find(this->writer(), other));
        }
        std::int64_t pruned = -1;
        const auto prune = [&] {
            inGroup([&](Group& group) { pruned = Idempotency::prune(group, 10); });
        };
        clock_.advance(std::int64_t{7} * 24 * 3600 * 1000);
        prune();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, pruned);
        clock_.advance(1);
        prune();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, pruned);
        CPPUNIT_ASSERT(!Idempotency::find(this->writer(), key));
    }

    void aDeadLetterIsDecidedOnce()
    {
        append(publication("id-1", "{}"));
        const EventPtr event = EventLog::find(this->writer(), 1);
        inGroup([&](Group& group) {
            DeadLetters::add(group, "partner", *event, 3, "crashed");
            DeadLetters::add(group, "partner", *event, 5, "refused");
        });
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, DeadLetters::list(this->writer(), "open", 10).size());
        inGroup([&](Group& group) {
            CPPUNIT_ASSERT(DeadLetters::decide(group, 1, "replayed", "operator"));
            CPPUNIT_ASSERT(!DeadLetters::decide(group, 1, "dismissed", "operator"));
            CPPUNIT_ASSERT(!DeadLetters::decide(group, 99, "dismissed", "operator"));
        });

        const DeadLetter letter = DeadLetters::find(this->writer(), 1).value();
        CPPUNIT_ASSERT_EQUAL(std::string("replayed"), letter.state);
        CPPUNIT_ASSERT_EQUAL(std::string("operator"), letter.decided_by);
        CPPUNIT_ASSERT_EQUAL(std::string("crashed"), letter.reason);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{3}, letter.attempt);
        CPPUNIT_ASSERT_EQUAL(std::string("id-1"), letter.event_id);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, DeadLetters::list(this->writer(), "open", 10).size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, DeadLetters::list(this->writer(), "", 10).front().id);
    }
};

HUB_JOURNAL_SUITE(TablesTest, "tables");

} // namespace hub::journal::test
