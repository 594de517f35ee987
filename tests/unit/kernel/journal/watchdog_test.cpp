// Goal: a unit that does not come back is told of once, one that does never. Method: real threads
// and a short limit; waiting on conditions, not on time.
#include "journal/watchdog.hpp"
#include "support/suite.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace hub::journal {

namespace {

constexpr std::int64_t kLimitMs = 300;

class WatchdogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WatchdogTest);
    CPPUNIT_TEST(aUnitThatStaysIsToldOfOnce);
    CPPUNIT_TEST(unitsThatReturnAreNot);
    CPPUNIT_TEST(withoutALimitNothingIsWatched);
    CPPUNIT_TEST_SUITE_END();

public:
    void aUnitThatStaysIsToldOfOnce()
    {
        std::promise<std::string> told;
        std::atomic<int> times{0};
        Watchdog watchdog(kLimitMs, [&](const std::string& why) {
            if (++times == 1) {
                told.set_value(why);
            }
        });
        watchdog.entered("event:a:1");
        auto why = told.get_future();
        CPPUNIT_ASSERT(why.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
        CPPUNIT_ASSERT_EQUAL(std::string("the unit \"event:a:1\" has not returned after 300 ms"),
                             why.get());
        watchdog.left();
        CPPUNIT_ASSERT_EQUAL(1, times.load());
    }

    void unitsThatReturnAreNot()
    {
        std::atomic<int> times{0};
        Marker marker({});
        Watchdog watchdog(kLimitMs, [&](const std::string&) { ++times; });
        marker.watchedBy(watchdog);
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(3 * kLimitMs);
        while (std::chrono::steady_clock::now() < end) {
            const MarkerScope running(marker, "event:a:1");
        }
        CPPUNIT_ASSERT_EQUAL(0, times.load());
    }

    void withoutALimitNothingIsWatched()
    {
        std::atomic<int> times{0};
        {
            Watchdog watchdog(0, [&](const std::string&) { ++times; });
            watchdog.entered("event:a:1");
        }
        CPPUNIT_ASSERT_EQUAL(0, times.load());
    }
};

HUB_TEST_SUITE_REGISTRATION(WatchdogTest, "watchdog");

} // namespace

} // namespace hub::journal
