// Goal: what runs on the lane, or answers somebody who waits, walks no table that grows with
// persons or organizations. Method: SQLite's own plans; lists and search terms have theirs in
// person_list, erasures in person_data.
#include "desk.hpp"
#include "store/import_rows.hpp"
#include "store/list_rows.hpp"
#include "store/quota_rows.hpp"
#include "unit/plugins/plans.hpp"

namespace registration::test {

namespace {

class PlansTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PlansTest);
    CPPUNIT_TEST(noStatementWalksATable);
    CPPUNIT_TEST_SUITE_END();

public:
    void noStatementWalksATable()
    {
        Desk desk;
        for (const std::string_view sql :
             {bringPhotosStatement(), reservationsStatement(), pastOrganizationsStatement()}) {
            hub::test::assertWalksNothing(hub::test::planOf(desk.fake.store(), sql));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(PlansTest, "plans");

} // namespace

} // namespace registration::test
