// Goal: nothing overtakes an event of its key that is not settled, and every event ends settled
// or with a mark, whatever fails. Method: scripts of what happened, told by the resulting marks;
// what is written down is applied to a map that plays the store, and must load to the same state.
#include "journal/subscription.hpp"
#include "support/suite.hpp"

#include <map>
#include <string>
#include <vector>

namespace hub::journal {

namespace {

SubscriptionSpec specOf(bool blocks_key)
{
    SubscriptionSpec spec;
    spec.library = "partner";
    spec.types["thing.happened"] = {1, 2};
    spec.blocks_key = blocks_key;
    return spec;
}

Event eventOf(std::int64_t seq, const std::string& key)
{
    Event event;
    event.seq = seq;
    event.type = "thing.happened";
    event.key = key;
    return event;
}

std::string toString(const Mark& mark)
{
    static const std::vector<std::string> names = {"settled", "retry", "parked", "dead"};
    return names.at(static_cast<std::size_t>(mark.state)) + std::to_string(mark.attempt) +
           (mark.replay ? "r" : "");
}

/// "2:retry1 3:parked0"
std::string toString(const std::map<std::int64_t, Mark>& marks)
{
    std::string text;
    for (const auto& [seq, mark] : marks) {
        text += (text.empty() ? "" : " ") + std::to_string(seq) + ":" + toString(mark);
    }
    return text;
}

/// What the tables hold after each commit.
struct Table {
    std::int64_t cursor = 0;
    std::map<std::int64_t, Mark> marks;

    std::size_t write(const Subscription::Changes& changes)
    {
        for (const std::int64_t seq : changes.deletes) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                "a mark is deleted that the store has", std::size_t{1}, marks.erase(seq));
        }
        for (const auto& [seq, mark] : changes.upserts) {
            marks[seq] = mark;
        }
        cursor = changes.cursor.value_or(cursor);
        return changes.deletes.size() + changes.upserts.size() + (changes.cursor ? 1 : 0);
    }
};

class SubscriptionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SubscriptionTest);
    CPPUNIT_TEST(wantsItsTypesInItsVersionsAndWhatIsAddressedToIt);
    CPPUNIT_TEST(passesWhatIsNotForIt);
    CPPUNIT_TEST(cursorStopsBelowTheFirstOpenDelivery);
    CPPUNIT_TEST(laterEventsOfAFailedKeyQueueBehindIt);
    CPPUNIT_TEST(anEmptyKeyAsksForNoOrder);
    CPPUNIT_TEST(retriesWithGrowingPausesUpToTheLongest);
    CPPUNIT_TEST(whatTheReceiverDidNotTryIsParkedWithoutAnAttempt);
    CPPUNIT_TEST(diesAfterTheLastTryAndKeepsItsKeyBack);
    CPPUNIT_TEST(withoutTheBlockingRuleADeadEventLetsItsKeyGoOn);
    CPPUNIT_TEST(aReplayThatFailsIsDeadAtOnce);
    CPPUNIT_TEST(aDismissedEventFreesItsKey);
    CPPUNIT_TEST(afterALossEventsGoSinglyUntilTheGuiltyOneIsFound);
    CPPUNIT_TEST(aDeadSuspectDoesNotKeepOtherKeysWaiting);
    CPPUNIT_TEST(aFailedSuspectDoesNotKeepOtherKeysWaiting);
    CPPUNIT_TEST(aPrunedSuspectDoesNotKeepOtherKeysWaiting);
    CPPUNIT_TEST(writesOnlyWhatChanged);
    CPPUNIT_TEST(loadsToWhatItWas);
    CPPUNIT_TEST(afterARestartWhatIsSettledAboveTheCursorDoesNotComeAgain);
    CPPUNIT_TEST(afterARestartAParkedEventDoesNotOvertake);
    CPPUNIT_TEST(whatAnOlderAnswerParkedDoesNotOvertake);
    CPPUNIT_TEST_SUITE_END();

    Subscription subscription_{specOf(true), RetryPolicy{}};

    /// Examines events 1… with these keys and sends those that may go.
    void journal(Subscription& subscription, const std::vector<std::string>& keys)
    {
        for (const std::string& key : keys) {
            const Event event = eventOf(subscription.position() + 1, key);
            if (subscription.examine(event)) {
                subscription.sent(event);
            }
        }
    }

    void assertMarks(const std::string& expected) const
    {
        CPPUNIT_ASSERT_EQUAL(expected, toString(subscription_.marks()));
    }

public:
    void wantsItsTypesInItsVersionsAndWhatIsAddressedToIt()
    {
        struct Row {
            const char* name;
            const char* type;
            std::uint32_t version;
            const char* recipient;
            bool wanted;
        };
        for (const Row& row : std::vector<Row>{
                 {"lowest version", "thing.happened", 1, "", true},
                 {"highest version", "thing.happened", 2, "", true},
                 {"newer version", "thing.happened", 3, "", false},
                 {"version zero", "thing.happened", 0, "", false},
                 {"other type", "thing.ended", 1, "", false},
                 {"for it alone", "hub.timer", 1, "partner", true},
                 {"for another alone", "thing.happened", 1, "stranger", false},
             }) {
            Event event = eventOf(1, "a");
            event.type = row.type;
            event.version = row.version;
            event.recipient = row.recipient;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.wanted, subscription_.wants(event));
        }
    }

    void passesWhatIsNotForIt()
    {
        Event event = eventOf(1, "a");
        event.type = "thing.ended";

        CPPUNIT_ASSERT(!subscription_.examine(event));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, subscription_.cursor());
    }

    void cursorStopsBelowTheFirstOpenDelivery()
    {
        journal(subscription_, {"a", "b", "c"});

        subscription_.settled(3);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, subscription_.cursor());
        subscription_.settled(1);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, subscription_.cursor());
        subscription_.settled(2);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, subscription_.cursor());
        assertMarks("");
    }

    /// Both were sent again after a lost group; the answer to the older delivery of 2 comes first.
    void whatAnOlderAnswerParkedDoesNotOvertake()
    {
        journal(subscription_, {"a", "a"});

        subscription_.blocked(2, "a");
        CPPUNIT_ASSERT(!subscription_.due(0));
        subscription_.settled(1);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, subscription_.due(0).value());
    }

    void laterEventsOfAFailedKeyQueueBehindIt()
    {
        journal(subscription_, {"a"});
        subscription_.failed(1, "a", "no", 1000);
        journal(subscription_, {"a", "b", "a"});

        assertMarks("1:retry1 2:parked0 4:parked0");
        CPPUNIT_ASSERT(subscription_.inFlight(3));
        CPPUNIT_ASSERT(!subscription_.due(1999));
        const std::int64_t due_ms = subscription_.nextDue().value();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, subscription_.due(due_ms).value());
        subscription_.sent(eventOf(1, "a"));
        CPPUNIT_ASSERT_MESSAGE("none of its key goes with it", !subscription_.due(due_ms));
        subscription_.settled(1);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, subscription_.due(due_ms).value());
    }

    void anEmptyKeyAsksForNoOrder()
    {
        journal(subscription_, {""});
        subscription_.failed(1, "", "no", 1000);
        journal(subscription_, {""});

        CPPUNIT_ASSERT(subscription_.inFlight(2));
        subscription_.failed(2, "", "no", 1000);
        subscription_.sent(eventOf(1, ""));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, subscription_.due(9000).value());
    }

    void retriesWithGrowingPausesUpToTheLongest()
    {
        RetryPolicy policy;
        policy.attempts_max = 100;
        Subscription patient(specOf(true), policy);
        journal(patient, {"a"});
        std::vector<std::int64_t> pauses;
        for (int i = 0; i < 40; ++i) {
            patient.failed(1, "a", "no", 0);
            pauses.push_back(patient.nextDue().value());
            patient.sent(eventOf(1, "a"));
        }

        for (std::size_t i = 0; i < pauses.size(); ++i) {
            const std::int64_t wait_ms = i < 6 ? std::int64_t{1000} << i : 60000;
            CPPUNIT_ASSERT_MESSAGE(std::to_string(pauses[i]),
                                   pauses[i] >= wait_ms && pauses[i] <= wait_ms + wait_ms / 4);
        }
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{41}, patient.attempt(1));
    }

    void whatTheReceiverDidNotTryIsParkedWithoutAnAttempt()
    {
        journal(subscription_, {"a", "a"});
        subscription_.failed(1, "a", "no", 0);
        subscription_.blocked(2, "a");

        assertMarks("1:retry1 2:parked0");
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, subscription_.attempt(2));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, subscription_.cursor());
    }

    void diesAfterTheLastTryAndKeepsItsKeyBack()
    {
        journal(subscription_, {"a", "b"});
        for (std::uint32_t attempt = 1; attempt <= 5; ++attempt) {
            CPPUNIT_ASSERT_EQUAL(attempt, subscription_.attempt(1));
            const auto after = subscription_.failed(1, "a", "no", 0);
            CPPUNIT_ASSERT((after == Subscription::After::Dead) == (attempt == 5));
            if (attempt < 5) {
                subscription_.sent(eventOf(1, "a"));
            }
        }
        journal(subscription_, {"a"});

        assertMarks("1:dead5 3:parked0");
        CPPUNIT_ASSERT(!subscription_.due(1'000'000'000));
        CPPUNIT_ASSERT(!subscription_.nextDue());
    }

    void withoutTheBlockingRuleADeadEventLetsItsKeyGoOn()
    {
        Subscription lenient(specOf(false), RetryPolicy{});
        journal(lenient, {"a", "a"});
        lenient.blocked(2, "a");
        lenient.died(1, "a", "no");

        CPPUNIT_ASSERT_EQUAL(std::string("2:parked0"), toString(lenient.marks()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, lenient.due(0).value());
    }

    void aReplayThatFailsIsDeadAtOnce()
    {
        journal(subscription_, {"a"});
        subscription_.died(1, "a", "no");

        subscription_.replay(1, "a", 500);
        CPPUNIT_ASSERT(subscription_.isReplay(1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, subscription_.due(500).value());
        subscription_.sent(eventOf(1, "a"));
        CPPUNIT_ASSERT(subscription_.failed(1, "a", "again", 500) == Subscription::After::Dead);

        assertMarks("1:dead1");
    }

    void aDismissedEventFreesItsKey()
    {
        journal(subscription_, {"a"});
        subscription_.died(1, "a", "no");
        journal(subscription_, {"a"});

        subscription_.dismiss(1);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, subscription_.due(0).value());
    }

    void afterALossEventsGoSinglyUntilTheGuiltyOneIsFound()
    {
        journal(subscription_, {"a", "b", "c"});
        CPPUNIT_ASSERT(!subscription_.hostLost(10, "crashed"));
        CPPUNIT_ASSERT_MESSAGE("nobody is blamed when several were under way",
                               subscription_.singly());
        assertMarks("1:parked0 2:parked0 3:parked0");

        subscription_.sent(eventOf(1, "a"));
        subscription_.settled(1);
        for (int crash = 1; crash <= 3; ++crash) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, subscription_.due(10).value());
            subscription_.sent(eventOf(2, "b"));
            const auto dead = subscription_.hostLost(10, "crashed");
            CPPUNIT_ASSERT_EQUAL(crash == 3, dead.has_value());
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, subscription_.due(10).value());
        subscription_.sent(eventOf(3, "c"));
        subscription_.settled(3);

        assertMarks("2:dead3");
        CPPUNIT_ASSERT(!subscription_.singly());
    }

    void aDeadSuspectDoesNotKeepOtherKeysWaiting()
    {
        journal(subscription_, {"a", "a"});
        subscription_.hostLost(10, "crashed");
        for (int crash = 1; crash <= 3; ++crash) {
            subscription_.sent(eventOf(1, "a"));
            subscription_.hostLost(10, "crashed");
        }

        assertMarks("1:dead3 2:parked0");
        CPPUNIT_ASSERT(!subscription_.singly());
    }

    void aFailedSuspectDoesNotKeepOtherKeysWaiting()
    {
        journal(subscription_, {"a", "a"});
        subscription_.hostLost(10, "crashed");
        subscription_.sent(eventOf(1, "a"));
        subscription_.failed(1, "a", "no", 10);

        assertMarks("1:retry1 2:parked0");
        CPPUNIT_ASSERT(!subscription_.singly());
    }

    void aPrunedSuspectDoesNotKeepOtherKeysWaiting()
    {
        journal(subscription_, {"a", "b"});
        subscription_.hostLost(10, "crashed");

        subscription_.dismiss(1);
        subscription_.dismiss(2);

        CPPUNIT_ASSERT(!subscription_.singly());
    }

    void writesOnlyWhatChanged()
    {
        Table table;
        journal(subscription_, {"a", "b", "c"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "in flight is memory only", std::size_t{0}, table.write(subscription_.takeChanges()));
        subscription_.settled(2);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "settled above the cursor", std::size_t{1}, table.write(subscription_.takeChanges()));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "nothing twice", std::size_t{0}, table.write(subscription_.takeChanges()));
        subscription_.settled(1);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the cursor, and the mark below it goes",
                                     std::size_t{2},
                                     table.write(subscription_.takeChanges()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, table.cursor);
        CPPUNIT_ASSERT(table.marks.empty());
        subscription_.failed(3, "c", "no", 0);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("a mark and the cursor above it",
                                     std::size_t{2},
                                     table.write(subscription_.takeChanges()));
    }

    void loadsToWhatItWas()
    {
        Table table;
        journal(subscription_, {"a", "b", "c", "d"});
        subscription_.settled(3);
        subscription_.failed(2, "b", "no", 0);
        journal(subscription_, {"b"});
        table.write(subscription_.takeChanges());

        Subscription loaded(specOf(true), RetryPolicy{});
        loaded.load(table.cursor, table.marks);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, loaded.cursor());
        CPPUNIT_ASSERT_EQUAL(toString(subscription_.marks()), toString(loaded.marks()));
        std::string again;
        for (const auto& [seq, key] : std::map<std::int64_t, std::string>{
                 {1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}, {5, "b"}}) {
            again += loaded.examine(eventOf(seq, key)) ? std::to_string(seq) : "-";
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "only what was in flight goes again", std::string("1--4-"), again);
    }

    void afterARestartWhatIsSettledAboveTheCursorDoesNotComeAgain()
    {
        Table table;
        journal(subscription_, {"a", "b"});
        subscription_.failed(2, "b", "no", 0);
        subscription_.sent(eventOf(2, "b"));
        subscription_.settled(2);
        table.write(subscription_.takeChanges());

        subscription_.load(table.cursor, table.marks);

        CPPUNIT_ASSERT(subscription_.examine(eventOf(1, "a")));
        CPPUNIT_ASSERT(!subscription_.examine(eventOf(2, "b")));
    }

    void afterARestartAParkedEventDoesNotOvertake()
    {
        Table table;
        journal(subscription_, {"a", "a"});
        subscription_.failed(1, "a", "no", 0);
        journal(subscription_, {"a"});
        table.write(subscription_.takeChanges());

        subscription_.load(table.cursor, table.marks);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, subscription_.due(9000).value());
        subscription_.sent(eventOf(1, "a"));
        subscription_.settled(1);

        CPPUNIT_ASSERT_MESSAGE("event 3 must wait for event 2", !subscription_.due(9000));
        CPPUNIT_ASSERT(!subscription_.examine(eventOf(2, "a")));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, subscription_.due(9000).value());
    }
};

HUB_TEST_SUITE_REGISTRATION(SubscriptionTest, "subscription");

} // namespace

} // namespace hub::journal
