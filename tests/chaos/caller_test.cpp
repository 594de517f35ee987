// Goal: who repeats a request lets no alarm of the hub pass by, and takes no kill for one. Method:
// scripted answers instead of a hub.

#include "caller.hpp"
#include "support/suite.hpp"

#include <vector>

namespace {

using namespace chaos;

/// Answers by the script, one after the other.
HttpAnswer persistAt(Effort& effort, const std::vector<int>& script)
{
    std::size_t next = 0;
    return persist(effort, "POST /somewhere", [&] {
        return HttpAnswer{script.at(next++), {{"code", "sample"}}};
    });
}

class CallerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CallerTest);
    CPPUNIT_TEST(aServerErrorIsAFindingThoughARepeatSucceeds);
    CPPUNIT_TEST(oneRequestTellsItsServerErrorOnce);
    CPPUNIT_TEST(whatAKillCausesIsRepeatedInSilence);
    CPPUNIT_TEST(aRefusalDecidesAtOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    void aServerErrorIsAFindingThoughARepeatSucceeds()
    {
        Effort effort;
        CPPUNIT_ASSERT_EQUAL(200, persistAt(effort, {500, 200}).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, effort.surprises().size());
        CPPUNIT_ASSERT_EQUAL(std::string("POST /somewhere was answered 500 {\"code\":\"sample\"}"),
                             effort.surprises().front());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, effort.repeats.load());
    }

    void oneRequestTellsItsServerErrorOnce()
    {
        Effort effort;
        CPPUNIT_ASSERT_EQUAL(200, persistAt(effort, {500, 500, 200}).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, effort.surprises().size());
    }

    void whatAKillCausesIsRepeatedInSilence()
    {
        Effort effort;
        CPPUNIT_ASSERT_EQUAL(200, persistAt(effort, {0, 503, 429, 200}).status);
        CPPUNIT_ASSERT(effort.surprises().empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, effort.repeats.load());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, effort.given_up.load());
    }

    void aRefusalDecidesAtOnce()
    {
        Effort effort;
        CPPUNIT_ASSERT_EQUAL(409, persistAt(effort, {409}).status);
        CPPUNIT_ASSERT(effort.surprises().empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, effort.repeats.load());
    }
};

HUB_TEST_SUITE_REGISTRATION(CallerTest, "caller");

} // namespace
