// Goal: numbers have the form of R-210, and times are read as deadlines are written. Method: the
// samples of the requirements, and tables of what is no number and no time.

#include "desk.hpp"
#include "domain/number.hpp"
#include "support/suite.hpp"

#include <regex>

#include <requests/instant.hpp>

namespace {

using namespace orders; // NOLINT(google-build-using-namespace): the words of the table

class NumbersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NumbersTest);
    CPPUNIT_TEST(aNumberIsTheMomentInShanghaiWithDrawnDigits);
    CPPUNIT_TEST(noNumberIsLikelierThanAnother);
    CPPUNIT_TEST(onlyTheFormOfANumberIsOurs);
    CPPUNIT_TEST(deadlinesAreReadAsTheyAreWritten);
    CPPUNIT_TEST(whatIsNoTimeIsNotRead);
    CPPUNIT_TEST_SUITE_END();

public:
    void aNumberIsTheMomentInShanghaiWithDrawnDigits()
    {
        // 2021-04-21 15:32:57.548 in Shanghai is 07:32:57.548 UTC (the first sample of R-210).
        const std::int64_t at = *requests::parseInstant("2021-04-21T15:32:57+08:00") + 548;
        const std::string drawn{"\0\0\x03\x41", 4}; // 833
        CPPUNIT_ASSERT_EQUAL(std::string("V20210421153257548833001"), *makeNumber(at, drawn));
        // 10.12, and the turn of a year that is later in Shanghai than in UTC.
        static const std::regex kForm("^V20\\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])"
                                      "([01]\\d|2[0-3])[0-5]\\d[0-5]\\d\\d{9}$");
        const std::string number =
            *makeNumber(*requests::parseInstant("2026-12-31T16:00:00Z"), std::string(4, '\0'));
        CPPUNIT_ASSERT_EQUAL(std::string("V20270101000000000000001"), number);
        CPPUNIT_ASSERT(std::regex_match(number, kForm));
    }

    void noNumberIsLikelierThanAnother()
    {
        // 2^32 is no multiple of 1000: its rest is drawn again.
        CPPUNIT_ASSERT(!makeNumber(0, std::string(4, '\xFF')));
        CPPUNIT_ASSERT(makeNumber(0, std::string{"\xFF\xFF\xFE\x00", 4}));
        CPPUNIT_ASSERT_THROW(makeNumber(0, "abc"), std::invalid_argument);
    }

    void onlyTheFormOfANumberIsOurs()
    {
        CPPUNIT_ASSERT(isOrderNumber("V20210421153257548833001"));
        for (const char* other : {"",
                                  "V2021042115325754883300",
                                  "V202104211532575488330011",
                                  "v20210421153257548833001",
                                  "V2021042115325754883300x",
                                  "sample-order-1"}) {
            CPPUNIT_ASSERT_MESSAGE(other, !isOrderNumber(other));
        }
    }

    void deadlinesAreReadAsTheyAreWritten()
    {
        CPPUNIT_ASSERT_EQUAL(test::kDeadlineMs,
                             *requests::parseInstant("2026-10-20T24:00:00+08:00"));
        CPPUNIT_ASSERT_EQUAL(test::kDeadlineMs,
                             *requests::parseInstant("2026-10-21T00:00:00+08:00"));
        CPPUNIT_ASSERT_EQUAL(test::kDeadlineMs, *requests::parseInstant("2026-10-20T16:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(test::kDeadlineMs,
                             *requests::parseInstant("2026-10-20T12:30:00-03:30"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-20T16:00:00.000Z"),
                             requests::toRfc3339(test::kDeadlineMs));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-21 00:00"),
                             requests::toShanghai(test::kDeadlineMs));
        CPPUNIT_ASSERT_EQUAL(std::string(), requests::toRfc3339(0));
    }

    void whatIsNoTimeIsNotRead()
    {
        for (const char* text : {"",
                                 "2026-10-20",
                                 "2026-10-20T24:00:00",
                                 "2026-10-20T24:00:01Z",
                                 "2026-10-20T25:00:00Z",
                                 "2026-10-20T23:60:00Z",
                                 "2026-02-30T00:00:00Z",
                                 "2026-13-01T00:00:00Z",
                                 "2026-10-20 24:00:00Z",
                                 "2026-10-20T24:00:00+8:00",
                                 "2026-10-20T24:00:00+08:60",
                                 "2026-10-20T24:00:00z"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !requests::parseInstant(text));
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(NumbersTest, "numbers");
