// Goal: a process is told to hang by the age of what it holds, whatever else it settles. Method: a
// clock in the test's hand.
#include "app/hang_watch.hpp"
#include "support/suite.hpp"

namespace hub::app {

namespace {

class HeldClock final : public base::Clock {
public:
    std::int64_t nowMs() const override { return now_ms; }
    std::int64_t monotonicMs() const override { return now_ms; }
    std::int64_t now_ms = 1'000'000;
};

class HangWatchTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HangWatchTest);
    CPPUNIT_TEST(oneDeliveryThatStaysIsEnough);
    CPPUNIT_TEST(aCallHasUntilItsDeadline);
    CPPUNIT_TEST(whatIsAnsweredOrLostIsForgotten);
    CPPUNIT_TEST_SUITE_END();

    HeldClock clock_;
    HangWatch watch_{clock_, 1000, [](const bus::HostId&, const std::string&) {
                     }};
    const bus::HostId host_{"partner", 3};

public:
    void oneDeliveryThatStaysIsEnough()
    {
        watch_.gave(host_, 1, 0);
        for (std::uint64_t id = 2; id < 12; ++id) {
            watch_.gave(host_, id, 0);
            clock_.now_ms += 100;
            watch_.answered(host_, id);
        }
        CPPUNIT_ASSERT(watch_.takeHung().empty());
        clock_.now_ms += 1;
        CPPUNIT_ASSERT(watch_.takeHung() == std::vector<bus::HostId>{host_});
        CPPUNIT_ASSERT_MESSAGE("named once", watch_.takeHung().empty());
    }

    void aCallHasUntilItsDeadline()
    {
        watch_.gave(host_, 1, 15'000);
        clock_.now_ms += 16'000;
        CPPUNIT_ASSERT(watch_.takeHung().empty());
        clock_.now_ms += 1;
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, watch_.takeHung().size());
    }

    void whatIsAnsweredOrLostIsForgotten()
    {
        const bus::HostId other{"partner", 4};
        watch_.gave(host_, 1, 0);
        watch_.gave(other, 2, 0);
        watch_.answered(host_, 1);
        watch_.answered(host_, 7);
        watch_.lost(other);
        clock_.now_ms += 5000;
        CPPUNIT_ASSERT(watch_.takeHung().empty());
    }
};

HUB_TEST_SUITE_REGISTRATION(HangWatchTest, "hang_watch");

} // namespace

} // namespace hub::app
