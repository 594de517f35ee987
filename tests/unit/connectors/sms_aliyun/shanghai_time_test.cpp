// Goal: a message is looked for under every day on which it may have been sent, and under no other.
// Method: tables around midnight in Shanghai, and of texts that are no times.

#include "sms_aliyun/shanghai_time.hpp"
#include "support/suite.hpp"

#include <limits>

namespace {

using Days = std::vector<std::string>;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;
constexpr std::int64_t kMidnightMs = 1795190400000; // 2026-11-21 00:00:00 in Shanghai

std::string toText(const Days& days)
{
    std::string text;
    for (const std::string& day : days) {
        text += day + " ";
    }
    return text;
}

class ShanghaiTimeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ShanghaiTimeTest);
    CPPUNIT_TEST(daysAroundMidnight);
    CPPUNIT_TEST(timesAreReadStrictly);
    CPPUNIT_TEST_SUITE_END();

public:
    void daysAroundMidnight()
    {
        struct Row {
            std::int64_t created_min; // after midnight
            std::int64_t now_min;
            Days days;
        };
        const Row rows[] = {
            {600, 600, {"20261121"}},
            {600, 5000, {"20261121"}},
            {0, 10, {"20261121", "20261120"}},
            {4, 10, {"20261121", "20261120"}},
            {6, 10, {"20261121"}},
            {-1, 0, {"20261120", "20261121"}},
            {-59, 600, {"20261120", "20261121"}},
            {-61, 600, {"20261120"}},
            {-30, -20, {"20261120"}},            // the next day has not begun
            {-30, -4, {"20261120", "20261121"}}, // by the provider's clock it may have
            {-400 * 1440, 600, {"20261023"}},    // older than what is kept
        };
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL(toText(row.days),
                                 toText(aliyun::sendDays(kMidnightMs + row.created_min * kMinuteMs,
                                                         kMidnightMs + row.now_min * kMinuteMs)));
        }
        CPPUNIT_ASSERT_EQUAL(
            std::string("20261121"),
            aliyun::sendDays(std::numeric_limits<std::int64_t>::max(), kMidnightMs + kDayMs / 2)
                .front());
        CPPUNIT_ASSERT(
            !aliyun::sendDays(std::numeric_limits<std::int64_t>::min(), kMidnightMs).empty());
    }

    void timesAreReadStrictly()
    {
        CPPUNIT_ASSERT(aliyun::parseShanghaiTime("2026-11-21 00:00:00") == kMidnightMs);
        CPPUNIT_ASSERT(aliyun::parseShanghaiTime("2026-11-21 23:59:59") ==
                       kMidnightMs + kDayMs - 1000);
        for (const char* text : {"",
                                 "2026-11-21",
                                 "2026-02-30 00:00:00",
                                 "2026-11-21T00:00:00",
                                 "2026-11-21 24:00:00",
                                 "2026-11-21 00:60:00",
                                 "2026-11-21 00:00:0x",
                                 "1969-12-31 00:00:00",
                                 "2026-11-21 00:00:00 "}) {
            CPPUNIT_ASSERT_MESSAGE(text, !aliyun::parseShanghaiTime(text));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("20261121"), aliyun::toShanghaiDay(kMidnightMs));
        CPPUNIT_ASSERT_EQUAL(std::string("20261120"), aliyun::toShanghaiDay(kMidnightMs - 1));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ShanghaiTimeTest, "shanghai_time");
