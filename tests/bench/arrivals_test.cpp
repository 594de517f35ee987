// Goal: an open load comes when it is due, whatever the hub does. Method: the first arrivals of a
// few streams, counted and compared.

#include "arrivals.hpp"
#include "support/suite.hpp"

#include <stdexcept>
#include <vector>

namespace {

using namespace bench;

class ArrivalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ArrivalsTest);
    CPPUNIT_TEST(eachStreamKeepsItsRate);
    CPPUNIT_TEST(arrivalsAreInTheOrderOfTime);
    CPPUNIT_TEST(streamsDoNotComeInStep);
    CPPUNIT_TEST(aStreamWithoutARateIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void eachStreamKeepsItsRate()
    {
        Arrivals arrivals({150, 20});
        std::vector<std::uint64_t> sent(2, 0);
        for (Arrival one = arrivals.next(); one.due_s < 10; one = arrivals.next()) {
            CPPUNIT_ASSERT_EQUAL(sent.at(one.stream), one.number);
            ++sent.at(one.stream);
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1500}, sent[0]);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{200}, sent[1]);
    }

    void arrivalsAreInTheOrderOfTime()
    {
        Arrivals arrivals({7, 3, 5});
        double last = 0;
        for (int i = 0; i < 100; ++i) {
            const double due = arrivals.next().due_s;
            CPPUNIT_ASSERT(due >= last);
            last = due;
        }
    }

    void streamsDoNotComeInStep()
    {
        Arrivals arrivals({10, 10});
        const double first = arrivals.next().due_s;
        const Arrival second = arrivals.next();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, second.stream);
        CPPUNIT_ASSERT_DOUBLES_EQUAL(0.05, second.due_s - first, 1e-9);
    }

    void aStreamWithoutARateIsRefused()
    {
        CPPUNIT_ASSERT_THROW(Arrivals({10, 0}), std::invalid_argument);
    }
};

HUB_TEST_SUITE_REGISTRATION(ArrivalsTest, "arrivals");

} // namespace
