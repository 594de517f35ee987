// Goal: an account that fails in a row is left alone, and asked again by one probe. Method: the
// steps of its life under a clock of the test.

#include "egress/breaker.hpp"
#include "support/suite.hpp"

namespace {

using hub::egress::Breaker;
using hub::egress::BreakerState;
using Pass = Breaker::Pass;

void expectPass(Pass expected, Pass seen)
{
    CPPUNIT_ASSERT_EQUAL(static_cast<int>(expected), static_cast<int>(seen));
}

class BreakerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BreakerTest);
    CPPUNIT_TEST(opensAfterFailuresInARowOnly);
    CPPUNIT_TEST(oneProbeAtATimeDecides);
    CPPUNIT_TEST(lateAnswersOfEarlierExchangesDoNotDecide);
    CPPUNIT_TEST(anAbandonedProbeMakesRoomForTheNext);
    CPPUNIT_TEST_SUITE_END();

public:
    void opensAfterFailuresInARowOnly()
    {
        Breaker breaker(3, 100);
        for (int i = 0; i < 2; ++i) {
            breaker.failed(breaker.admit(0), 0);
        }
        breaker.answered(breaker.admit(0));
        for (int i = 0; i < 3; ++i) {
            expectPass(Pass::Normal, breaker.admit(0));
            breaker.failed(Pass::Normal, 0);
        }
        expectPass(Pass::Refused, breaker.admit(99));
        CPPUNIT_ASSERT(breaker.state() == BreakerState::Open);
    }

    void oneProbeAtATimeDecides()
    {
        Breaker breaker(1, 100);
        breaker.failed(breaker.admit(0), 0);
        expectPass(Pass::Probe, breaker.admit(100));
        expectPass(Pass::Refused, breaker.admit(100));
        breaker.failed(Pass::Probe, 150);
        expectPass(Pass::Refused, breaker.admit(249));
        expectPass(Pass::Probe, breaker.admit(250));
        breaker.answered(Pass::Probe);
        expectPass(Pass::Normal, breaker.admit(250));
        CPPUNIT_ASSERT(breaker.state() == BreakerState::Closed);
    }

    void lateAnswersOfEarlierExchangesDoNotDecide()
    {
        Breaker breaker(1, 100);
        const Pass slow = breaker.admit(0);
        const Pass slower = breaker.admit(0);
        breaker.failed(breaker.admit(0), 0);
        breaker.answered(slow);
        expectPass(Pass::Refused, breaker.admit(50));
        breaker.failed(slower, 90); // does not prolong it
        expectPass(Pass::Probe, breaker.admit(100));
    }

    void anAbandonedProbeMakesRoomForTheNext()
    {
        Breaker breaker(1, 100);
        breaker.failed(breaker.admit(0), 0);
        breaker.abandoned(breaker.admit(100));
        expectPass(Pass::Probe, breaker.admit(100));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(BreakerTest, "breaker");
