// Goal: whoever reads the last lines of a failed run learns what failed it, a floor by its name.
// Method: floors and findings as runs have them.

#include "report.hpp"
#include "support/suite.hpp"

namespace {

using namespace chaos;

class ReportTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReportTest);
    CPPUNIT_TEST(aFloorThatIsReachedIsNoReason);
    CPPUNIT_TEST(aMissedFloorIsNamed);
    CPPUNIT_TEST(findingsAreCounted);
    CPPUNIT_TEST(ofManySentencesTheFirstAreNamed);
    CPPUNIT_TEST_SUITE_END();

public:
    void aFloorThatIsReachedIsNoReason()
    {
        Reasons reasons;
        reasons.add(missedFloors({{"kills", 2, 2}, {"persons", 9, 8}}));
        reasons.add("lost", 0);
        reasons.addIf(false, "books NOT equal");
        CPPUNIT_ASSERT(reasons.empty());
    }

    void aMissedFloorIsNamed()
    {
        Reasons reasons;
        reasons.add(missedFloors({{"kills", 2, 2}, {"persons", 7, 8}}));
        CPPUNIT_ASSERT_EQUAL(std::string("FAILED: the floor of persons, 7 of 8"), reasons.line());
    }

    void findingsAreCounted()
    {
        Reasons reasons;
        reasons.add("lost", 3);
        reasons.addIf(true, "books NOT equal");
        CPPUNIT_ASSERT_EQUAL(std::string("FAILED: lost 3; books NOT equal"), reasons.line());
    }

    void ofManySentencesTheFirstAreNamed()
    {
        Reasons reasons;
        reasons.add(std::vector<std::string>(10, "late"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("FAILED: late; late; late; late; late; late; late; late; and others 2"),
            reasons.line());
    }
};

HUB_TEST_SUITE_REGISTRATION(ReportTest, "report");

} // namespace
