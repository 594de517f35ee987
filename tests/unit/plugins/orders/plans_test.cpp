// Goal: what is asked for by its index is found by it, however many orders there are. Method:
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
        orders::test::Desk desk;
        hub::test::assertWalksNothing(
            hub::test::planOf(desk.fake.store(), orders::linesOfPersonStatement()));
    }
};

HUB_TEST_SUITE_REGISTRATION(PlansTest, "plans");

} // namespace
