// Goal: the organizer's catalogs are checked before they are used: a tree of three levels, codes
// that can be typed, owners that exist. Method: the plugin on the fake hub, and the matching alone.
#include "applicant.hpp"
#include "domain/industries.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

Json node(const std::string& id, const std::string& parent)
{
    return {{"node_id", id}, {"parent_id", parent}, {"name", {{"en", "Sample"}, {"zh", "样本"}}}};
}

Json code(const char* text, const char* kind, const char* owner)
{
    return {{"code", text}, {"owner_kind", kind}, {"owner_id", owner}};
}

class CatalogsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CatalogsTest);
    CPPUNIT_TEST(industriesFormATreeOfThreeLevels);
    CPPUNIT_TEST(parentsComeBeforeTheirChildren);
    CPPUNIT_TEST(referralCodesHaveAnOwner);
    CPPUNIT_TEST(theBestMatchComesFirst);
    CPPUNIT_TEST_SUITE_END();

    static void assertRefused(const Json& nodes, const char* pointer)
    {
        Applicant applicant;
        const Heard heard = applicant.putOfEdition("industries.put", {{"nodes", nodes}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(pointer, 422, heard.status);
        CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), heard.body["pointer"] == pointer);
    }

public:
    void industriesFormATreeOfThreeLevels()
    {
        assertRefused(Json::array({node("b", "a")}), "/nodes/0");
        assertRefused(Json::array({node("a", ""), node("a", "")}), "/nodes/1");
        assertRefused(Json::array({node("a", ""), node("b", "a"), node("c", "b"), node("d", "c")}),
                      "/nodes/3");
    }

    void parentsComeBeforeTheirChildren()
    {
        Applicant applicant;
        // By name alone the children would come first.
        const Json nodes = {node("z", ""), node("y", "z"), node("x", "y"), node("a", "z")};
        CPPUNIT_ASSERT_EQUAL(200,
                             applicant.putOfEdition("industries.put", {{"nodes", nodes}}).status);
        const Heard heard = applicant.seeOfEdition("industries.list");
        std::string order;
        for (const Json& one : heard.body["nodes"]) {
            order += one["node_id"].get_ref<const std::string&>();
        }
        CPPUNIT_ASSERT_EQUAL(std::string("zayx"), order);
    }

    void referralCodesHaveAnOwner()
    {
        Applicant applicant;
        const Heard heard = applicant.putOfEdition("referral_codes.put",
                                                   {{"codes",
                                                     {code("Q-2021 089", "partner", "one"),
                                                      code("no code!", "partner", "two"),
                                                      code("Q2021090", "delegation", "nowhere")}}});
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, heard.body["violations"].size());
        CPPUNIT_ASSERT(heard.body["violations"][0]["pointer"] == "/codes/1/code");
        CPPUNIT_ASSERT(heard.body["violations"][1]["pointer"] == "/codes/2/owner_id");
        CPPUNIT_ASSERT(applicant.seeOfEdition("referral_codes.list").body["codes"].empty());
    }

    void theBestMatchComesFirst()
    {
        const std::vector<IndustryNode> nodes = {{"part", "", {"Medical", "医疗器械展区"}, false},
                                                 {"whole", "", {"Devices", "医疗器械"}, true},
                                                 {"short", "", {"X", "药"}, false}};
        const auto found = matchIndustries(nodes, " 医疗器械 ", 5);
        CPPUNIT_ASSERT(found == (std::vector<std::string>{"whole", "part"}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, matchIndustries(nodes, "医疗器械", 1).size());
        CPPUNIT_ASSERT(matchIndustries(nodes, "药", 5).empty());
        CPPUNIT_ASSERT(matchIndustries(nodes, "中药", 5).empty());
        CPPUNIT_ASSERT(matchIndustries(nodes, "\xFF\xFE", 5).empty());
        CPPUNIT_ASSERT(matchIndustries(nodes, "", 5).empty());
    }
};

HUB_TEST_SUITE_REGISTRATION(CatalogsTest, "catalogs");

} // namespace

} // namespace registration::test
