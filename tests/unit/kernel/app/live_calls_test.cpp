// Goal: an answer counts against a library where the library is to blame, not where its provider is
// down. Method: a table of answers.

#include "app/live_calls.hpp"
#include "support/suite.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace {

struct Row {
    std::string name;
    hub_status status;
    bool inbound;
    bool unproven;
    bool well;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    return {
        // name                                   status             inbound unproven well
        {"done", HUB_OK, false, false, true},
        {"declined by the provider", HUB_REJECTED, false, false, true},
        {"the provider is down", HUB_OUTCOME_UNKNOWN, false, true, true},
        {"answered, yet not understood", HUB_OUTCOME_UNKNOWN, false, false, false},
        {"nothing left", HUB_UNAVAILABLE, false, true, true},
        {"failed inside", HUB_INTERNAL, false, true, false},
        {"a notice that it refuses", HUB_REJECTED, true, false, false},
    };
}

class LiveCallsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LiveCallsTest);
    CPPUNIT_TEST_PARAMETERIZED(anAnswerSpeaksForOrAgainstItsLibrary, rows());
    CPPUNIT_TEST(rememberWhatTheProviderLeftUnproven);
    CPPUNIT_TEST_SUITE_END();

public:
    void anAnswerSpeaksForOrAgainstItsLibrary(const Row& row)
    {
        hub::app::LiveCall live;
        live.inbound = row.inbound;
        live.unproven = row.unproven;

        CPPUNIT_ASSERT_EQUAL(row.well, hub::app::isWell(live, row.status));
    }

    void rememberWhatTheProviderLeftUnproven()
    {
        hub::app::LiveCalls calls;
        hub::app::LiveCall live;
        live.host = {"lib", 1};
        live.ticket.call_id = 7;
        calls.begin(live);

        calls.noteUnproven({"lib", 2}, 7); // another process of it

        CPPUNIT_ASSERT(!calls.find({"lib", 1}, 7, -1)->unproven);
        calls.noteUnproven({"lib", 1}, 7);
        CPPUNIT_ASSERT(calls.end({"lib", 1}, 7)->unproven);
    }
};

HUB_TEST_SUITE_REGISTRATION(LiveCallsTest, "live_calls");

} // namespace
