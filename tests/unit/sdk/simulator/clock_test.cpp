// Goal: Beijing times are read strictly and written exactly; the test clock only goes forward.

#include "core/clock.hpp"
#include "support/suite.hpp"

namespace hub::simulator {

class ClockTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClockTest);
    CPPUNIT_TEST(writesBeijingTime);
    CPPUNIT_TEST(readsBackWhatItWrites);
    CPPUNIT_TEST(refusesOtherTexts);
    CPPUNIT_TEST(dayEndsAtMidnightInBeijing);
    CPPUNIT_TEST(testClockRunsAtItsSpeed);
    CPPUNIT_TEST(testClockAdvances);
    CPPUNIT_TEST(waitingTimeIsRealTime);
    CPPUNIT_TEST_SUITE_END();

public:
    // 2026-11-21T02:40:00.123Z
    static constexpr std::int64_t kMoment = 1'795'228'800'123;

    void writesBeijingTime()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-21 10:40:00"), toBeijingText(kMoment));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-21 10:40:00.123"), toBeijingTextMs(kMoment));
        CPPUNIT_ASSERT_EQUAL(std::string("20261122"), toBeijingDay(kMoment + 14 * 3600 * 1000));
    }

    void readsBackWhatItWrites()
    {
        for (const std::int64_t moment :
             {kMoment, std::int64_t{0}, std::int64_t{951'782'400'000}}) {
            const auto read = parseBeijingText(toBeijingText(moment));
            CPPUNIT_ASSERT(read);
            CPPUNIT_ASSERT_EQUAL(moment / 1000 * 1000, *read);
        }
    }

    void refusesOtherTexts()
    {
        for (const char* text : {"",
                                 "2026-11-21",
                                 "2026-11-21T10:40:00",
                                 "2026-11-21 10:40:00 ",
                                 "2026-11-21 10:40:60",
                                 "2026-11-21 24:00:00",
                                 "2026-13-01 10:40:00",
                                 "2026-02-29 10:40:00",
                                 "2026-1a-21 10:40:00",
                                 "+026-11-21 10:40:00"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !parseBeijingText(text));
        }
        CPPUNIT_ASSERT(parseBeijingText("2028-02-29 10:40:00"));
    }

    void dayEndsAtMidnightInBeijing()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-21 23:59:59.999"),
                             toBeijingTextMs(endOfBeijingDay(kMoment)));
    }

    void testClockRunsAtItsSpeed()
    {
        const ClockAnchor anchor{1000, 50'000, 2500};
        CPPUNIT_ASSERT_EQUAL(std::int64_t{50'000}, anchor.at(1000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{52'500}, anchor.at(2000));
    }

    void testClockAdvances()
    {
        const std::int64_t now_ms = realNowMs();
        TestClock clock({now_ms, now_ms, 1000});
        const ClockAnchor anchor = clock.advance(3'600'000);
        CPPUNIT_ASSERT(anchor.test_ms >= now_ms + 3'600'000);
        CPPUNIT_ASSERT(clock.nowMs() >= anchor.test_ms);
    }

    void waitingTimeIsRealTime()
    {
        const std::int64_t now_ms = realNowMs();
        const TestClock clock({now_ms, now_ms, 1'000'000});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, clock.realUntilMs(now_ms - 1));
        const std::int64_t wait_ms = clock.realUntilMs(now_ms + 100'000'000);
        CPPUNIT_ASSERT(wait_ms > 50'000 && wait_ms <= 100'000);
    }
};

HUB_TEST_SUITE_REGISTRATION(ClockTest, "clock");

} // namespace hub::simulator
