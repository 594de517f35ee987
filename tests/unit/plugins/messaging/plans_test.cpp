// Goal: what is asked for by its index is found by it, however many messages there are. Method:
// SQLite's own plans, on tables without statistics, as in a hub.

#include "desk.hpp"
#include "store/statements.hpp"
#include "support/suite.hpp"
#include "unit/plugins/plans.hpp"

namespace {

class PlansTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PlansTest);
    CPPUNIT_TEST(noStatementWalksATable);
    CPPUNIT_TEST_SUITE_END();

public:
    void noStatementWalksATable()
    {
        messaging::test::Desk desk;
        for (const std::string& sql : messaging::listStatements()) {
            hub::test::assertWalksNothing(hub::test::planOf(desk.hub().store(), sql));
        }
        // Every row of this index is one to be emptied, so the first one will do.
        for (const std::string& sql : messaging::retentionStatements()) {
            const auto plan = hub::test::planOf(desk.hub().store(), sql);
            CPPUNIT_ASSERT_MESSAGE(plan.steps + sql,
                                   plan.steps.find("messaging_message_held") != std::string::npos);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(PlansTest, "plans");

} // namespace
