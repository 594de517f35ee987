// Goal: a library's state follows the one table, and everybody sees the same order of changes.
// Method: walks along the table, refusals off it, and two threads that race for one change.

#include "plugin/lifecycle.hpp"
#include "support/suite.hpp"

#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using hub::plugin::Actor;
using hub::plugin::Lifecycle;
using hub::plugin::State;
using hub::plugin::StateChange;
using std::chrono::milliseconds;

class LifecycleTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LifecycleTest);
    CPPUNIT_TEST(walksFromDiscoveryToStop);
    CPPUNIT_TEST(startsAgainAfterALostProcess);
    CPPUNIT_TEST(refusesWhatTheTableLacks);
    CPPUNIT_TEST(everyStateCanBeReachedAndLeft);
    CPPUNIT_TEST(noRowStandsTwice);
    CPPUNIT_TEST(oneOfTwoRacersWins);
    CPPUNIT_TEST(awaitsAState);
    CPPUNIT_TEST_SUITE_END();

public:
    void walksFromDiscoveryToStop()
    {
        Lifecycle life("x");
        std::vector<std::string> seen;
        life.observe([&seen](const StateChange& change) {
            seen.push_back(std::string(toText(change.from)) + ">" + toText(change.to));
        });

        started(life);
        CPPUNIT_ASSERT(life.move(State::Draining, Actor::Operator).ok());
        CPPUNIT_ASSERT(life.move(State::Stopped, Actor::Library).ok());

        const std::vector<std::string> expected = {"discovered>verified",
                                                   "verified>loaded",
                                                   "loaded>created",
                                                   "created>started",
                                                   "started>draining",
                                                   "draining>stopped"};
        CPPUNIT_ASSERT(expected == seen);
        CPPUNIT_ASSERT(life.state() == State::Stopped);
    }

    void startsAgainAfterALostProcess()
    {
        Lifecycle life("x");
        started(life);

        CPPUNIT_ASSERT(life.move(State::Verified, Actor::Supervisor, "signal 11").ok());
        CPPUNIT_ASSERT_EQUAL(std::string("signal 11"), life.reason());
        CPPUNIT_ASSERT(life.move(State::Faulted, Actor::Supervisor, "five crashes").ok());
        CPPUNIT_ASSERT(!life.move(State::Loaded, Actor::Loader).ok());
        CPPUNIT_ASSERT(life.move(State::Verified, Actor::Operator).ok());
    }

    void refusesWhatTheTableLacks()
    {
        Lifecycle life("x");

        const auto moved = life.move(State::Started, Actor::Library);

        CPPUNIT_ASSERT(!moved.ok());
        CPPUNIT_ASSERT_EQUAL(
            std::string("library x is discovered and can't become started by the library; look at "
                        "its state again"),
            moved.error().message);
        CPPUNIT_ASSERT(!life.move(State::Verified, Actor::Operator).ok());
        CPPUNIT_ASSERT(life.state() == State::Discovered);
    }

    void everyStateCanBeReachedAndLeft()
    {
        std::set<State> reached = {State::Discovered};
        std::set<State> left;
        for (const auto& row : hub::plugin::transitionTable()) {
            reached.insert(row.to);
            left.insert(row.from);
        }

        CPPUNIT_ASSERT_EQUAL(std::size_t{9}, reached.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{9}, left.size());
    }

    void noRowStandsTwice()
    {
        std::set<std::pair<std::pair<State, State>, Actor>> rows;
        for (const auto& row : hub::plugin::transitionTable()) {
            CPPUNIT_ASSERT_MESSAGE(row.why, rows.insert({{row.from, row.to}, row.actor}).second);
        }
    }

    void oneOfTwoRacersWins()
    {
        for (int round = 0; round < 100; ++round) {
            Lifecycle life("x");
            started(life);
            int wins[2] = {0, 0};
            std::thread other(
                [&] { wins[0] = life.move(State::Draining, Actor::Operator).ok() ? 1 : 0; });
            wins[1] = life.move(State::Faulted, Actor::Supervisor, "crash loop").ok() ? 1 : 0;
            other.join();

            CPPUNIT_ASSERT_EQUAL(1, wins[0] + wins[1]);
        }
    }

    void awaitsAState()
    {
        Lifecycle life("x");
        CPPUNIT_ASSERT(!life.await({State::Started}, milliseconds(1)));
        std::thread other([&life] { started(life); });

        CPPUNIT_ASSERT(life.await({State::Faulted, State::Started}, milliseconds(10000)));
        other.join();
    }

private:
    static void started(Lifecycle& life)
    {
        CPPUNIT_ASSERT(life.move(State::Verified, Actor::Catalogue).ok());
        CPPUNIT_ASSERT(life.move(State::Loaded, Actor::Loader).ok());
        CPPUNIT_ASSERT(life.move(State::Created, Actor::Library).ok());
        CPPUNIT_ASSERT(life.move(State::Started, Actor::Library).ok());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(LifecycleTest, "lifecycle");
