// Goal: what the bench says of its numbers is right. Method: small samples with known answers,
// marks on, above and below their bounds, and payloads read back.

#include "figure.hpp"
#include "libraries/sample.hpp"
#include "support/suite.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace bench;

class FigureTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FigureTest);
    CPPUNIT_TEST(percentilesAreOfWhatWasMeasured);
    CPPUNIT_TEST(marksAreKeptOnTheirBounds);
    CPPUNIT_TEST(payloadsTellNumberAndTime);
    CPPUNIT_TEST(otherPayloadsHaveNoNumber);
    CPPUNIT_TEST_SUITE_END();

    void percentilesAreOfWhatWasMeasured()
    {
        std::vector<double> hundred;
        for (int i = 100; i > 0; --i) {
            hundred.push_back(i);
        }
        CPPUNIT_ASSERT_EQUAL(50.0, percentile(hundred, 0.5));
        CPPUNIT_ASSERT_EQUAL(99.0, percentile(hundred, 0.99));
        CPPUNIT_ASSERT_EQUAL(3.0, median({5, 1, 3, 2, 4}));
        CPPUNIT_ASSERT_EQUAL(7.0, percentile({7}, 0.99));
        CPPUNIT_ASSERT_THROW(median({}), std::invalid_argument);
    }

    void marksAreKeptOnTheirBounds()
    {
        struct Row {
            Mark::Rule rule;
            double value;
            const char* verdict;
        };
        for (const Row& row : {Row{Mark::Rule::AtLeast, 80, "ok"},
                               Row{Mark::Rule::AtLeast, 79, "missed"},
                               Row{Mark::Rule::AtMost, 80, "ok"},
                               Row{Mark::Rule::AtMost, 81, "missed"},
                               Row{Mark::Rule::None, 1, "for information"}}) {
            nlohmann::json line;
            judge(line, row.value, 10, {row.rule, 8});
            CPPUNIT_ASSERT_EQUAL(std::string(row.verdict), line.at("verdict").get<std::string>());
            CPPUNIT_ASSERT_EQUAL(row.value / 10, line.at("ratio").get<double>());
        }
    }

    void payloadsTellNumberAndTime()
    {
        const Clock::time_point due{std::chrono::microseconds(123456789012)};
        const std::string payload = payloadOf(1'234'567, due, 10);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'234'567}, numberOf(payload));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{123456789012}, dueMicroseconds(payload));
        CPPUNIT_ASSERT_EQUAL(std::string("xxxxxxxxxx"),
                             nlohmann::json::parse(payload).at("x").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, dueMicroseconds(payloadOf(1, {}, 10)));
    }

    void otherPayloadsHaveNoNumber()
    {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, numberOf("{}"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, numberOf(R"({"n":"abcdefghijkl","t":"0"})"));
    }
};

HUB_TEST_SUITE_REGISTRATION(FigureTest, "figure");

} // namespace
