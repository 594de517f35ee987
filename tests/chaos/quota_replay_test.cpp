// Goal: the history of quotas, told from the journal, shows whatever was exceeded at any moment,
// also when it is made good later, and follows organizations that move. Method: short journals.

#include "quota_replay.hpp"
#include "support/suite.hpp"

namespace {

using namespace chaos;
using Json = nlohmann::json;

const std::vector<Group> kGroups = {{"east", ""}, {"east", "east-tea"}, {"west", ""}};

/// Journals are written here; seq counts by itself.
class Story {
public:
    explicit Story(std::map<std::string, std::string> chosen = {})
        : replay("fair", kGroups, {"staff"}, std::move(chosen))
    {}

    void tell(const std::string& type, Json payload)
    {
        replay.apply({++seq_, type, std::move(payload)});
    }

    void give(const std::string& kind, const std::string& id, int total)
    {
        tell("quota.changed",
             {{"node_kind", kind}, {"node_id", id}, {"category", "staff"}, {"total", total}});
    }

    void place(const std::string& organization, const Group& group, bool moved = false)
    {
        tell(moved ? "organization.moved" : "organization.submitted",
             {{"organization_id", organization},
              {"delegation_id", group.delegation_id},
              {"sub_delegation_id", group.sub_delegation_id}});
    }

    void submit(const std::string& person, const std::string& organization)
    {
        tell("person.submitted", {{"person_id", person}, {"organization_id", organization}});
    }

    void categorize(const std::string& person, const std::string& category)
    {
        tell("person.categorized", {{"person_id", person}, {"category", category}});
    }

    void cancel(const std::string& person) { tell("person.canceled", {{"person_id", person}}); }

    std::int64_t reserved(const std::string& kind, const std::string& id) const
    {
        return replay.countOf({kind, id}, "staff").reserved;
    }

    std::int64_t allocated(const std::string& kind, const std::string& id) const
    {
        return replay.countOf({kind, id}, "staff").allocated;
    }

    QuotaReplay replay;

private:
    std::int64_t seq_ = 0;
};

class QuotaReplayTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(QuotaReplayTest);
    CPPUNIT_TEST(whatFitsIsNoFinding);
    CPPUNIT_TEST(onePlaceGivenTwiceIsAFindingForEver);
    CPPUNIT_TEST(moreGivenBelowThanThereIsIsAFinding);
    CPPUNIT_TEST(aQuotaBelowItsUseIsAFinding);
    CPPUNIT_TEST(placesMoveWithTheirOrganization);
    CPPUNIT_TEST(aMoveIntoAFullGroupIsAFinding);
    CPPUNIT_TEST(whereOrganizationsChooseTheirQuotaMoves);
    CPPUNIT_TEST(whoIsCanceledTwiceIsAFinding);
    CPPUNIT_TEST_SUITE_END();

    /// Two persons of one organization in the group, which has one place.
    static Story begun()
    {
        Story story;
        story.give("edition", "fair", 3);
        story.give("delegation", "east", 2);
        story.give("sub_delegation", "east-tea", 1);
        story.place("org", {"east", "east-tea"});
        story.submit("a", "org");
        story.submit("b", "org");
        return story;
    }

public:
    void whatFitsIsNoFinding()
    {
        Story story = begun();
        story.categorize("a", "staff");
        story.categorize("a", "");
        story.categorize("b", "staff");
        story.cancel("b");
        story.categorize("a", "staff");
        CPPUNIT_ASSERT(story.replay.exceeded().empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, story.reserved("sub_delegation", "east-tea"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, story.allocated("delegation", "east"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, story.allocated("edition", "fair"));
        CPPUNIT_ASSERT_EQUAL(std::string("staff"), story.replay.categoryOf("a"));
    }

    void onePlaceGivenTwiceIsAFindingForEver()
    {
        Story story = begun();
        story.categorize("a", "staff");
        story.categorize("b", "staff");
        story.cancel("a");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, story.replay.exceeded().size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, story.reserved("sub_delegation", "east-tea"));
    }

    void moreGivenBelowThanThereIsIsAFinding()
    {
        Story story = begun();
        story.give("sub_delegation", "east-tea", 3);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, story.replay.exceeded().size());
    }

    void aQuotaBelowItsUseIsAFinding()
    {
        Story story = begun();
        story.categorize("a", "staff");
        story.give("sub_delegation", "east-tea", 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, story.replay.exceeded().size());
    }

    void placesMoveWithTheirOrganization()
    {
        Story story = begun();
        story.give("delegation", "west", 1);
        story.categorize("a", "staff");
        story.place("org", {"west", ""}, true);
        CPPUNIT_ASSERT(story.replay.exceeded().empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, story.reserved("sub_delegation", "east-tea"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, story.reserved("delegation", "west"));
    }

    void aMoveIntoAFullGroupIsAFinding()
    {
        Story story = begun();
        story.categorize("a", "staff");
        story.place("org", {"west", ""}, true);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, story.replay.exceeded().size());
    }

    void whereOrganizationsChooseTheirQuotaMoves()
    {
        Story story(std::map<std::string, std::string>{{"a", "staff"}});
        story.give("edition", "fair", 2);
        story.give("delegation", "east", 1);
        story.give("delegation", "west", 1);
        story.place("org", {"east", ""});
        story.give("organization", "org", 1);
        story.submit("a", "org");
        story.place("org", {"west", ""}, true);
        CPPUNIT_ASSERT(story.replay.exceeded().empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, story.reserved("organization", "org"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, story.allocated("delegation", "east"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, story.allocated("delegation", "west"));
    }

    void whoIsCanceledTwiceIsAFinding()
    {
        Story story = begun();
        story.cancel("a");
        story.cancel("a");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, story.replay.doubled().size());
    }
};

HUB_TEST_SUITE_REGISTRATION(QuotaReplayTest, "quota_replay");

} // namespace
