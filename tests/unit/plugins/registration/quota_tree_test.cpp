// Goal: no node ever gives away more than it has, what is given below counts as used above, and a
// place goes back to where it was taken from. Method: the functions of flow/quotas inside units,
// and a recount of every node from reservations and totals after each.
#include "floor.hpp"
#include "flow/quotas.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

const QuotaNode kShanghai = {"delegation", "shanghai"};
const QuotaNode kGuangdong = {"delegation", "guangdong"};
const QuotaNode kTrade = {"sub_delegation", "shanghai-trade"};

QuotaNode ofEdition(const std::string& edition)
{
    return {"edition", edition};
}

class QuotaTreeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(QuotaTreeTest);
    CPPUNIT_TEST(whatIsGivenBelowCountsAsUsedAbove);
    CPPUNIT_TEST(aQuotaIsNotLoweredBelowWhatIsUsed);
    CPPUNIT_TEST(aDelegationCategorizesWithinItsQuota);
    CPPUNIT_TEST(anOrganizationChoosesFreeCategoriesWithinItsQuota);
    CPPUNIT_TEST(aFreeBadgeIsReusedWithinTheOrganizationsQuota);
    CPPUNIT_TEST(aVisitorNeedsNoPlace);
    CPPUNIT_TEST(anotherCategoryGivesTheFirstPlaceBack);
    CPPUNIT_TEST(aRefusedCategoryLeavesThePlaceThatWas);
    CPPUNIT_TEST(placesMoveWithTheirOrganization);
    CPPUNIT_TEST(anOrganizationDoesNotMoveWithoutPlacesThere);
    CPPUNIT_TEST(whatAnOrganizationHasNotGivenAwayStaysBehind);
    CPPUNIT_TEST(aSubDelegationStaysInItsDelegation);
    CPPUNIT_TEST_SUITE_END();

    static std::int64_t used(Floor& floor, const QuotaNode& node, const std::string& category)
    {
        std::int64_t used = 0;
        floor.run([&](const Work& work) {
            used = findQuota(work.unit(), floor.desk.edition(), node, category).used();
        });
        return used;
    }

    /// The code and rule of the refusal; '' when it was given.
    static std::string give(Floor& floor, const QuotaNode& node, std::int64_t total)
    {
        std::string said;
        floor.run([&](const Work& work) {
            const Edition edition = work.edition(floor.desk.edition()).value();
            const auto refusal =
                giveQuota(work, node, *edition.findCategory("vip"), total, edition);
            said = refusal ? refusal->code : "";
        });
        floor.recount();
        return said;
    }

    static std::string take(Floor& floor, const std::string& person_id, const std::string& category)
    {
        std::string said;
        floor.run([&](const Work& work) {
            const Edition edition = work.edition(floor.desk.edition()).value();
            Person person = work.rows().person(person_id).value();
            const auto refusal = takePlace(work, person, *edition.findCategory(category), edition);
            work.rows().update(person);
            said =
                refusal ? refusal->code + " " + requests::textOf(refusal->parameters, "rule") : "";
        });
        floor.recount();
        return said;
    }

    static std::string move(Floor& floor,
                            const std::string& organization_id,
                            const std::string& delegation_id,
                            const std::string& sub_delegation_id)
    {
        std::string said;
        floor.run([&](const Work& work) {
            const Edition edition = work.edition(floor.desk.edition()).value();
            Organization organization = work.rows().organization(organization_id).value();
            const auto refusal =
                relocateWithPlaces(work, organization, delegation_id, sub_delegation_id, edition);
            said = refusal ? refusal->code : "";
        });
        floor.recount();
        return said;
    }

public:
    void whatIsGivenBelowCountsAsUsedAbove()
    {
        Floor floor("ciie-4");
        CPPUNIT_ASSERT_EQUAL(std::string("quota_exceeds_parent"), give(floor, kShanghai, 1));
        CPPUNIT_ASSERT_EQUAL(std::string(), give(floor, ofEdition("ciie-4"), 10));
        CPPUNIT_ASSERT_EQUAL(std::string(), give(floor, kShanghai, 8));
        CPPUNIT_ASSERT_EQUAL(std::string("quota_exceeds_parent"), give(floor, kGuangdong, 3));
        CPPUNIT_ASSERT_EQUAL(std::string(), give(floor, kGuangdong, 2));
        CPPUNIT_ASSERT_EQUAL(std::string(), give(floor, kTrade, 5));

        CPPUNIT_ASSERT_EQUAL(std::int64_t{10}, used(floor, ofEdition("ciie-4"), "vip"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, used(floor, kShanghai, "vip"));
        CPPUNIT_ASSERT_EQUAL(5, floor.desk.fake.countPublished("quota.changed") + 1);
    }

    void aQuotaIsNotLoweredBelowWhatIsUsed()
    {
        Floor floor("ciie-4");
        give(floor, ofEdition("ciie-4"), 10);
        give(floor, kShanghai, 6);
        give(floor, kTrade, 4);

        CPPUNIT_ASSERT_EQUAL(std::string("quota_below_used"), give(floor, kShanghai, 3));
        CPPUNIT_ASSERT_EQUAL(std::string("quota_below_used"), give(floor, ofEdition("ciie-4"), 5));
        CPPUNIT_ASSERT_EQUAL(std::string(), give(floor, kShanghai, 4));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, used(floor, ofEdition("ciie-4"), "vip"));
    }

    void aDelegationCategorizesWithinItsQuota()
    {
        Floor floor("ciie-4");
        give(floor, ofEdition("ciie-4"), 2);
        give(floor, kShanghai, 1);
        give(floor, kGuangdong, 1);
        const Organization trade = floor.organization("org-1", "shanghai", "shanghai-trade");
        const Organization plain = floor.organization("org-2", "shanghai");
        floor.add(floor.person("in-trade", trade));
        floor.add(floor.person("first", plain));
        floor.add(floor.person("second", plain));

        // The sub-delegation was given none, whatever its delegation has.
        CPPUNIT_ASSERT_EQUAL(std::string("quota_exhausted R-162"), take(floor, "in-trade", "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string(), take(floor, "first", "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string("quota_exhausted R-162"), take(floor, "second", "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string(), take(floor, "first", "vip"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, used(floor, kShanghai, "vip"));
    }

    void anOrganizationChoosesFreeCategoriesWithinItsQuota()
    {
        Floor floor("ciie-7");
        const Organization organization = floor.organization("org-1", "shanghai");
        floor.add(floor.person("first", organization));
        floor.add(floor.person("second", organization));
        give(floor, ofEdition("ciie-7"), 9);
        give(floor, kShanghai, 9);

        // What its delegation has is not the organization's.
        CPPUNIT_ASSERT_EQUAL(std::string("quota_exhausted R-089"), take(floor, "first", "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string(), give(floor, {"organization", "org-1"}, 1));
        CPPUNIT_ASSERT_EQUAL(std::string(), take(floor, "first", "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string("quota_exhausted R-089"), take(floor, "second", "vip"));
    }

    void aFreeBadgeIsReusedWithinTheOrganizationsQuota()
    {
        Floor floor("ciie-7");
        Person reusing = floor.person("reusing", floor.organization("org-1", "shanghai"));
        reusing.reuse = true;
        floor.add(reusing);

        CPPUNIT_ASSERT_EQUAL(std::string("quota_exhausted R-154"), take(floor, "reusing", "staff"));
        CPPUNIT_ASSERT_EQUAL(std::string(), take(floor, "reusing", "visitor"));
    }

    void aVisitorNeedsNoPlace()
    {
        Floor floor("ciie-4");
        floor.add(floor.person("first", floor.organization("org-1", "shanghai")));

        CPPUNIT_ASSERT_EQUAL(std::string(), take(floor, "first", "visitor"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, used(floor, kShanghai, "visitor"));
    }

    void anotherCategoryGivesTheFirstPlaceBack()
    {
        Floor floor("ciie-4");
        floor.add(floor.person("first", floor.organization("org-1", "shanghai")));
        give(floor, ofEdition("ciie-4"), 1);
        give(floor, kShanghai, 1);
        take(floor, "first", "vip");

        CPPUNIT_ASSERT_EQUAL(std::string(), take(floor, "first", "visitor"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, used(floor, kShanghai, "vip"));
    }

    void aRefusedCategoryLeavesThePlaceThatWas()
    {
        Floor floor("ciie-4");
        floor.add(floor.person("first", floor.organization("org-1", "shanghai")));
        give(floor, ofEdition("ciie-4"), 1);
        give(floor, kShanghai, 1);
        take(floor, "first", "vip");

        CPPUNIT_ASSERT_EQUAL(std::string("quota_exhausted R-162"), take(floor, "first", "staff"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, used(floor, kShanghai, "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string("vip"), floor.stored("first").category);
    }

    void placesMoveWithTheirOrganization()
    {
        Floor floor("ciie-4");
        floor.add(floor.person("first", floor.organization("org-1", "shanghai")));
        give(floor, ofEdition("ciie-4"), 2);
        give(floor, kShanghai, 1);
        give(floor, kGuangdong, 1);
        take(floor, "first", "vip");

        CPPUNIT_ASSERT_EQUAL(std::string(), move(floor, "org-1", "guangdong", ""));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, used(floor, kShanghai, "vip"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, used(floor, kGuangdong, "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string("guangdong"), floor.stored("first").delegation_id);
        CPPUNIT_ASSERT_EQUAL(std::string(), take(floor, "first", "visitor"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, used(floor, kGuangdong, "vip"));
    }

    void anOrganizationDoesNotMoveWithoutPlacesThere()
    {
        Floor floor("ciie-4");
        floor.add(floor.person("first", floor.organization("org-1", "shanghai")));
        give(floor, ofEdition("ciie-4"), 2);
        give(floor, kShanghai, 2);
        take(floor, "first", "vip");

        CPPUNIT_ASSERT_EQUAL(std::string("quota_exhausted"),
                             move(floor, "org-1", "shanghai", "shanghai-trade"));
        CPPUNIT_ASSERT_EQUAL(std::string(), floor.stored("first").sub_delegation_id);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, used(floor, kShanghai, "vip"));
    }

    void whatAnOrganizationHasNotGivenAwayStaysBehind()
    {
        Floor floor("ciie-7");
        floor.add(floor.person("first", floor.organization("org-1", "shanghai")));
        give(floor, ofEdition("ciie-7"), 10);
        give(floor, kShanghai, 5);
        give(floor, kTrade, 1);
        give(floor, {"organization", "org-1"}, 3);
        take(floor, "first", "vip");

        CPPUNIT_ASSERT_EQUAL(std::string(), move(floor, "org-1", "shanghai", "shanghai-trade"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, used(floor, kTrade, "vip"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, used(floor, kShanghai, "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string("quota_below_used"),
                             give(floor, {"organization", "org-1"}, 0));
    }

    void aSubDelegationStaysInItsDelegation()
    {
        Floor floor("ciie-4");
        const Json guangdong = {{"delegation_id", "guangdong"},
                                {"name", {{"en", "Sample"}, {"zh", "样本"}}}};
        Json trade = guangdong;
        trade["delegation_id"] = "shanghai-trade";
        trade["parent_id"] = "guangdong";
        const Heard heard =
            floor.desk.write("delegations.put",
                             kOrganizer,
                             {{"path", {{"edition", "ciie-4"}}},
                              {"body", {{"delegations", Json::array({guangdong, trade})}}}});
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/delegations/1/parent_id");
    }
};

HUB_TEST_SUITE_REGISTRATION(QuotaTreeTest, "quota_tree");

} // namespace

} // namespace registration::test
