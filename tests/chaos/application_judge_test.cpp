// Goal: an application that nobody was told of is seen, though no page, person or order of it is
// asked for. Method: what is listed beside what was acknowledged.

#include "application_judge.hpp"
#include "support/suite.hpp"

namespace {

using namespace chaos;

std::deque<Application> acknowledged(const std::vector<std::string>& ids)
{
    std::deque<Application> applications;
    for (const std::string& id : ids) {
        applications.emplace_back().organization_id = id;
    }
    return applications;
}

Enrolment listed(const std::vector<std::string>& ids)
{
    Enrolment enrolment;
    for (const std::string& id : ids) {
        enrolment.organizations[id] = {"east", ""};
    }
    return enrolment;
}

class ApplicationJudgeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ApplicationJudgeTest);
    CPPUNIT_TEST(whoWasToldOfIsNoStranger);
    CPPUNIT_TEST(theOrphanOfALostAnswerIsOne);
    CPPUNIT_TEST_SUITE_END();

public:
    void whoWasToldOfIsNoStranger()
    {
        CPPUNIT_ASSERT(findStrangers(listed({"a", "b"}), acknowledged({"a", "b", ""})).empty());
    }

    void theOrphanOfALostAnswerIsOne()
    {
        const auto strangers = findStrangers(listed({"a", "a-again"}), acknowledged({"a"}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, strangers.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string("organization a-again is there, and nobody was told of it"),
            strangers.front());
    }
};

HUB_TEST_SUITE_REGISTRATION(ApplicationJudgeTest, "application_judge");

} // namespace
