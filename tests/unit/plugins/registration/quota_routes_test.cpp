// Goal: whoever holds a quota gives it to the nodes below and to none else, all of a request or
// none; the line of a node says what is used of what there is. Method: requests of organizer,
// delegations and organizations against the plugin on the fake hub.
#include "floor.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

const Visitor kShanghai = clerkOf("shanghai");

Json wish(const std::string& kind, const std::string& id, int total, const char* category = "vip")
{
    return {{"node_kind", kind}, {"node_id", id}, {"category", category}, {"total", total}};
}

class QuotaRoutesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(QuotaRoutesTest);
    CPPUNIT_TEST(eachGivesToTheNodesBelow);
    CPPUNIT_TEST(nobodyRaisesTheOwnQuota);
    CPPUNIT_TEST(theOrganizerGivesBelowDelegationsOnlyWhereThereIsNone);
    CPPUNIT_TEST(somebodyElsesNodesDoNotExist);
    CPPUNIT_TEST(delegationsGiveToOrganizationsWhereTheseChoose);
    CPPUNIT_TEST(onlyLimitedCategoriesHaveAQuota);
    CPPUNIT_TEST(allIsGivenOrNothing);
    CPPUNIT_TEST(aChangeIsTold);
    CPPUNIT_TEST(aLineSaysWhatIsUsedOfWhatThereIs);
    CPPUNIT_TEST(aNodeShowsWhatItGaveBelow);
    CPPUNIT_TEST(anOrganizationSeesItsOwnLine);
    CPPUNIT_TEST_SUITE_END();

    static Heard put(Floor& floor, const Visitor& who, const std::vector<Json>& wishes)
    {
        const Heard heard = floor.desk.write(
            "quotas.put",
            who,
            {{"path", {{"edition", floor.desk.edition()}}}, {"body", {{"quotas", wishes}}}});
        floor.recount();
        return heard;
    }

    static Heard
    show(Floor& floor, const Visitor& who, const std::string& kind = "", const std::string& id = "")
    {
        return floor.desk.read("quotas.show",
                               who,
                               {{"path", {{"edition", floor.desk.edition()}}},
                                {"query", {{"node_kind", kind}, {"node_id", id}}}});
    }

    static Json lineOf(const Heard& heard, const std::string& category)
    {
        for (const Json& line : heard.body.at("lines")) {
            if (line.at("category") == category) {
                return line;
            }
        }
        return {};
    }

    static void assertOk(const Heard& heard)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
    }

    static void assertRefused(const Heard& heard, int status, const char* code)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), status, heard.status);
        CPPUNIT_ASSERT_EQUAL(Json(code).dump(), heard.body["code"].dump());
    }

    static void giveShanghai(Floor& floor)
    {
        assertOk(
            put(floor,
                kOrganizer,
                {wish("edition", floor.desk.edition(), 100), wish("delegation", "shanghai", 20)}));
    }

public:
    void eachGivesToTheNodesBelow()
    {
        Floor floor("ciie-7");
        giveShanghai(floor);
        floor.organization("org-1", "shanghai");
        floor.organization("org-2", "shanghai", "shanghai-trade");

        assertOk(
            put(floor,
                kShanghai,
                {wish("sub_delegation", "shanghai-trade", 5), wish("organization", "org-1", 2)}));
        assertOk(put(floor, subClerkOf("shanghai-trade"), {wish("organization", "org-2", 3)}));
        assertOk(put(floor, kShanghai, {wish("organization", "org-2", 4)}));
    }

    void nobodyRaisesTheOwnQuota()
    {
        Floor floor("ciie-7");
        giveShanghai(floor);
        assertRefused(put(floor, kShanghai, {wish("delegation", "shanghai", 30)}),
                      403,
                      "quota_given_by_others");
        assertRefused(
            put(floor, subClerkOf("shanghai-trade"), {wish("sub_delegation", "shanghai-trade", 1)}),
            403,
            "quota_given_by_others");
        assertRefused(put(floor, kShanghai, {wish("edition", "ciie-7", 200)}), 404, "not_found");
    }

    void theOrganizerGivesBelowDelegationsOnlyWhereThereIsNone()
    {
        Floor floor("ciie-7");
        giveShanghai(floor);
        floor.organization("org-1", "none");
        assertRefused(put(floor, kOrganizer, {wish("sub_delegation", "shanghai-trade", 1)}),
                      403,
                      "quota_given_by_others");
        assertOk(put(
            floor, kOrganizer, {wish("delegation", "none", 3), wish("organization", "org-1", 3)}));
    }

    void somebodyElsesNodesDoNotExist()
    {
        Floor floor("ciie-7");
        giveShanghai(floor);
        floor.organization("org-1", "guangdong");
        floor.organization("org-2", "shanghai");
        const Heard others = put(floor, kShanghai, {wish("organization", "org-1", 1)});
        const Heard nobodys = put(floor, kShanghai, {wish("organization", "nobody", 1)});
        assertRefused(others, 404, "not_found");
        CPPUNIT_ASSERT_EQUAL(nobodys.body.dump(), others.body.dump());
        assertRefused(put(floor, subClerkOf("shanghai-trade"), {wish("organization", "org-2", 1)}),
                      404,
                      "not_found");
        assertRefused(show(floor, kShanghai, "delegation", "guangdong"), 404, "not_found");
        assertRefused(show(floor, kShanghai, "delegation", "shanghai-trade"), 404, "not_found");
        assertRefused(
            show(floor, subClerkOf("shanghai-trade"), "delegation", "shanghai"), 404, "not_found");
    }

    void delegationsGiveToOrganizationsWhereTheseChoose()
    {
        for (const char* edition : {"ciie-4", "ciie-7"}) {
            Floor floor(edition);
            giveShanghai(floor);
            floor.organization("org-1", "shanghai");
            const Heard heard = put(floor, kShanghai, {wish("organization", "org-1", 1)});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                heard.body.dump(), std::string(edition) == "ciie-7" ? 200 : 422, heard.status);
        }
    }

    void onlyLimitedCategoriesHaveAQuota()
    {
        Floor floor("ciie-7");
        const Heard heard =
            put(floor,
                kOrganizer,
                {wish("edition", "ciie-7", 1), wish("edition", "ciie-7", 1, "visitor")});
        assertRefused(heard, 422, "category_without_quota");
        CPPUNIT_ASSERT(heard.body["pointer"] == "/quotas/1/category");
    }

    void allIsGivenOrNothing()
    {
        Floor floor("ciie-7");
        giveShanghai(floor);
        const Heard heard = put(floor,
                                kShanghai,
                                {wish("sub_delegation", "shanghai-trade", 15),
                                 wish("sub_delegation", "shanghai-health", 6)});
        assertRefused(heard, 409, "quota_exceeds_parent");
        CPPUNIT_ASSERT(heard.body["pointer"] == "/quotas/1/total");
        CPPUNIT_ASSERT(heard.body["parameters"]["available"] == 5);
        CPPUNIT_ASSERT(lineOf(show(floor, kShanghai), "vip")["used"] == 0);
    }

    void aChangeIsTold()
    {
        Floor floor("ciie-7");
        giveShanghai(floor);
        giveShanghai(floor);
        const Json expected = {{"node_kind", "delegation"},
                               {"node_id", "shanghai"},
                               {"category", "vip"},
                               {"total", 20}};
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, floor.told("quota.changed").size());
        CPPUNIT_ASSERT_EQUAL(expected.dump(), floor.told("quota.changed")[1].dump());
    }

    void aLineSaysWhatIsUsedOfWhatThereIs()
    {
        Floor floor("ciie-4");
        giveShanghai(floor);
        const Organization home = floor.organization("org-1", "shanghai");
        for (const char* id : {"first", "second", "third"}) {
            floor.add(floor.person(id, home));
        }
        floor.one("categorize", kShanghai, "first", {{"category", "vip"}});
        floor.many("categorize", kShanghai, {"second", "third"}, {{"category", "visitor"}});
        floor.one("cancel", kShanghai, "third", {{"reason", "sample"}});

        const Heard heard = show(floor, kShanghai);
        assertOk(heard);
        CPPUNIT_ASSERT(lineOf(heard, "vip")["used"] == 1);
        CPPUNIT_ASSERT(lineOf(heard, "vip")["total"] == 20);
        CPPUNIT_ASSERT(lineOf(heard, "staff")["total"] == 0);
        CPPUNIT_ASSERT(lineOf(heard, "visitor")["used"] == 1);
        CPPUNIT_ASSERT(!lineOf(heard, "visitor").contains("total"));
        CPPUNIT_ASSERT(lineOf(heard, "vip")["title"]["zh"] == "VIP");
        CPPUNIT_ASSERT(lineOf(show(floor, kOrganizer), "visitor")["used"] == 1);
        CPPUNIT_ASSERT(lineOf(show(floor, kShanghai, "sub_delegation", "shanghai-trade"),
                              "visitor")["used"] == 0);
    }

    void aNodeShowsWhatItGaveBelow()
    {
        Floor floor("ciie-7");
        giveShanghai(floor);
        floor.organization("org-1", "shanghai");
        floor.organization("org-2", "shanghai", "shanghai-trade");
        put(floor,
            kShanghai,
            {wish("sub_delegation", "shanghai-trade", 5),
             wish("organization", "org-1", 2),
             wish("organization", "org-2", 1)});

        const auto nodes = [&](const Visitor& who, const std::string& kind, const std::string& id) {
            std::string names;
            const Heard heard = show(floor, who, kind, id);
            for (const Json& one : heard.body["below"]) {
                names += one["node_id"].get_ref<const std::string&>() + " ";
            }
            return names;
        };
        CPPUNIT_ASSERT_EQUAL(std::string("shanghai "), nodes(kOrganizer, "", ""));
        CPPUNIT_ASSERT_EQUAL(std::string("shanghai-trade org-1 "), nodes(kShanghai, "", ""));
        CPPUNIT_ASSERT_EQUAL(std::string("org-2 "),
                             nodes(kShanghai, "sub_delegation", "shanghai-trade"));
    }

    void anOrganizationSeesItsOwnLine()
    {
        Floor floor("ciie-7");
        giveShanghai(floor);
        floor.organization("org-1", "shanghai");
        floor.organization("org-2", "shanghai");
        put(floor, kShanghai, {wish("organization", "org-1", 2)});

        CPPUNIT_ASSERT(lineOf(show(floor, contactOf("org-1")), "vip")["total"] == 2);
        assertRefused(show(floor, contactOf("org-1"), "organization", "org-2"), 404, "not_found");
        assertRefused(show(floor, contactOf("org-1"), "delegation", "shanghai"), 404, "not_found");
    }
};

HUB_TEST_SUITE_REGISTRATION(QuotaRoutesTest, "quota_routes");

} // namespace

} // namespace registration::test
