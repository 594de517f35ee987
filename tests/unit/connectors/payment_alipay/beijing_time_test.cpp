// Goal: times are the provider's local times, exactly. Method: known pairs and refusals by table.

#include "payment_alipay/beijing_time.hpp"
#include "support/suite.hpp"

#include <cstdint>
#include <string>

namespace {

class BeijingTimeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BeijingTimeTest);
    CPPUNIT_TEST(writesAndReadsKnownPairs);
    CPPUNIT_TEST(cutsToTheSecondAndReadsFractions);
    CPPUNIT_TEST(refusesWhatIsNoTime);
    CPPUNIT_TEST_SUITE_END();

public:
    void writesAndReadsKnownPairs()
    {
        struct Row {
            std::int64_t unix_ms;
            const char* text;
        };
        const Row rows[] = {
            {1795228800000, "2026-11-21 10:40:00"},
            {1795276799000, "2026-11-21 23:59:59"},
            {1795276800000, "2026-11-22 00:00:00"},
            {1709136000000, "2024-02-29 00:00:00"},
            {1798732800000, "2027-01-01 00:00:00"},
            {694195200000, "1992-01-01 00:00:00"},
        };
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL(std::string(row.text), alipay::toBeijingTime(row.unix_ms).value());
            CPPUNIT_ASSERT_EQUAL(row.unix_ms, alipay::parseBeijingTime(row.text).value());
        }
    }

    void cutsToTheSecondAndReadsFractions()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-21 10:40:00"),
                             alipay::toBeijingTime(1795228800999).value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1795228800500},
                             alipay::parseBeijingTime("2026-11-21 10:40:00.5").value());
    }

    void refusesWhatIsNoTime()
    {
        for (const char* text : {"",
                                 "2026-11-21",
                                 "2026-02-30 00:00:00",
                                 "2026-13-01 00:00:00",
                                 "2026-11-21T10:40:00",
                                 "2026-11-21 24:00:00",
                                 "2026-11-21 10:60:00",
                                 "2026-11-21 10:40:0x",
                                 "2026-11-21 10:40:00Z",
                                 "2026-11-21 10:40:00.",
                                 "2026-11-21 10:40:00.1234",
                                 "1991-08-01 00:00:00",
                                 "-026-11-21 10:40:00"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !alipay::parseBeijingTime(text).ok());
        }
        CPPUNIT_ASSERT(!alipay::toBeijingTime(694195199999).ok());
        CPPUNIT_ASSERT(!alipay::toBeijingTime(0).ok());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(BeijingTimeTest, "beijing_time");
