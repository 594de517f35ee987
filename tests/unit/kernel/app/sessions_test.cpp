// Goal: an account that lost its connection comes back soon, and one that can't connect does not
// hammer its provider. Method: a table of pauses.

#include "app/sessions.hpp"
#include "support/suite.hpp"

#include <cstdint>

namespace {

class SessionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionsTest);
    CPPUNIT_TEST(pausesDoubleUpToAMinute);
    CPPUNIT_TEST_SUITE_END();

public:
    void pausesDoubleUpToAMinute()
    {
        struct Row {
            hub_status status;
            std::uint32_t failures;
            std::int64_t pause_ms;
        };
        const Row rows[] = {{HUB_OK, 0, 100},
                            {HUB_OK, 9, 100},
                            {HUB_UNAVAILABLE, 0, 1000},
                            {HUB_UNAVAILABLE, 1, 2000},
                            {HUB_OUTCOME_UNKNOWN, 2, 4000},
                            {HUB_UNSUPPORTED, 5, 32000},
                            {HUB_UNAVAILABLE, 6, 60000},
                            {HUB_UNAVAILABLE, 4000000000U, 60000}};
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL(row.pause_ms,
                                 hub::app::Sessions::pauseMs(row.status, row.failures));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(SessionsTest, "sessions");

} // namespace
