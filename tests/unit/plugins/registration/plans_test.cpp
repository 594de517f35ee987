// Goal: what runs on the lane, or answers somebody who waits, walks no table that grows with
// persons or organizations. Method: SQLite's own plans; erasures have theirs in person_data.
#include "desk.hpp"
#include "store/import_rows.hpp"
#include "store/list_rows.hpp"
#include "store/person_list_sql.hpp"
#include "store/quota_rows.hpp"
#include "store/search_rows.hpp"
#include "unit/plugins/plans.hpp"

namespace registration::test {

namespace {

using hub::test::Plan;

bool has(const Plan& plan, std::string_view words)
{
    return plan.steps.find(words) != std::string::npos;
}

/// Of a list: what is counted is not walked once more, and what has an order is not sorted.
void assertWalksInOrder(Plan plan)
{
    constexpr std::string_view kCounted = "SCAN counted\n";
    if (const auto at = plan.steps.find(kCounted); at != std::string::npos) {
        plan.steps.erase(at, kCounted.size());
    }
    hub::test::assertWalksNothing(plan);
    CPPUNIT_ASSERT_MESSAGE(plan.steps + plan.sql, !has(plan, "B-TREE FOR ORDER"));
}

PersonFilter withTerms(std::size_t n)
{
    PersonFilter filter;
    filter.terms.resize(n, "term");
    return filter;
}

PersonFilter of(std::string PersonFilter::*node, PersonFilter filter = {})
{
    filter.*node = "some-node";
    return filter;
}

PersonFilter everyFilter()
{
    PersonFilter filter = of(&PersonFilter::delegation_id);
    filter.categories = {"vip"};
    filter.kind = "mainland";
    filter.admission_period = "last_days";
    filter.delivery_method = "onsite_pickup";
    filter.organization = "sample";
    filter.reuse = true;
    filter.keeps_old_badge = true;
    filter.cancellation_asked = true;
    return filter;
}

class PlansTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PlansTest);
    CPPUNIT_TEST(noStatementWalksATable);
    CPPUNIT_TEST(listsWalkAnIndexInItsOrder);
    CPPUNIT_TEST(aGroupsSearchWalksItsOwnTerms);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Plan planOf(std::string_view sql) { return hub::test::planOf(desk_.fake.store(), sql); }

public:
    void noStatementWalksATable()
    {
        std::vector<std::string> statements = {std::string(bringPhotosStatement()),
                                               std::string(reservationsStatement()),
                                               std::string(pastOrganizationsStatement()),
                                               organizationsSql(everyFilter()),
                                               facetSql()};
        for (const char* kind : {"edition", "delegation", "sub_delegation", "organization"}) {
            statements.push_back(categorizedSql({kind, ""}));
        }
        for (const std::string_view sql : termStatements()) {
            statements.emplace_back(sql);
        }
        for (const std::string& sql : statements) {
            hub::test::assertWalksNothing(planOf(sql));
        }
        assertWalksInOrder(planOf(frequencySql()));
    }

    void listsWalkAnIndexInItsOrder()
    {
        PersonFilter of_name;
        of_name.organization = "sample";
        for (PersonFilter filter : {PersonFilter{},
                                    of(&PersonFilter::delegation_id),
                                    of(&PersonFilter::sub_delegation_id),
                                    of(&PersonFilter::organization_id),
                                    withTerms(1),
                                    of(&PersonFilter::delegation_id, withTerms(2)),
                                    of(&PersonFilter::sub_delegation_id, withTerms(1)),
                                    of(&PersonFilter::organization_id, withTerms(1)),
                                    of_name,
                                    everyFilter()}) {
            for (const bool has_state : {false, true}) {
                filter.states =
                    has_state ? std::vector{PersonState::ToBeLocked} : std::vector<PersonState>{};
                assertWalksInOrder(planOf(listSql(filter)));
                assertWalksInOrder(planOf(countSql(filter)));
                assertWalksInOrder(planOf(windowSql(filter)));
            }
        }
    }

    void aGroupsSearchWalksItsOwnTerms()
    {
        const PersonFilter delegation = of(&PersonFilter::delegation_id, withTerms(1));
        const PersonFilter below = of(&PersonFilter::sub_delegation_id, withTerms(1));
        for (const auto sql : {&listSql, &countSql, &windowSql}) {
            CPPUNIT_ASSERT(has(planOf(sql(delegation)), "registration_search_delegation"));
            CPPUNIT_ASSERT(has(planOf(sql(below)), "registration_search_sub_delegation"));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(PlansTest, "plans");

} // namespace

} // namespace registration::test
