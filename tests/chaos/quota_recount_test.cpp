// Goal: a counter that says something else than the persons who are there is seen at every level of
// the tree, in both kinds of editions. Method: a small enrolment, and a hub that shows what a row
// wants.

#include "quota_recount.hpp"
#include "support/suite.hpp"

#include <stdexcept>

namespace {

using namespace chaos;

const Group kGroup = {"east", "east-tea"};

/// One organization of a sub-delegation; one of its two living persons has a place.
Enrolment enrolment()
{
    Enrolment enrolment;
    enrolment.organizations["org"] = kGroup;
    enrolment.persons["a"] = {"org", "to_be_reviewed", "staff"};
    enrolment.persons["b"] = {"org", "to_be_paid", "visitor"};
    enrolment.persons["c"] = {"org", "canceled", "staff"};
    return enrolment;
}

/// Told by the journal: each node was given one place.
QuotaReplay replay(Mode mode)
{
    using Chosen = std::map<std::string, std::string>;
    const bool chooses = mode == Mode::ByOrganization;
    QuotaReplay replay("fair", {kGroup}, {"staff"}, chooses ? Chosen{{"a", "staff"}} : Chosen{});
    std::int64_t seq = 0;
    const auto give = [&](const char* kind, const char* id) {
        replay.apply({++seq,
                      "quota.changed",
                      {{"node_kind", kind}, {"node_id", id}, {"category", "staff"}, {"total", 1}}});
    };
    give("edition", "fair");
    give("delegation", "east");
    give("sub_delegation", "east-tea");
    replay.apply({++seq,
                  "organization.submitted",
                  {{"organization_id", "org"},
                   {"delegation_id", kGroup.delegation_id},
                   {"sub_delegation_id", kGroup.sub_delegation_id}}});
    if (chooses) {
        give("organization", "org");
    }
    replay.apply({++seq, "person.submitted", {{"person_id", "a"}, {"organization_id", "org"}}});
    if (!chooses) {
        replay.apply({++seq, "person.categorized", {{"person_id", "a"}, {"category", "staff"}}});
    }
    return replay;
}

/// A sound hub, but for one counter of one level.
class Hub {
public:
    Hub(Mode mode, std::string wrong_kind = "")
        : mode_(mode)
        , wrong_kind_(std::move(wrong_kind))
    {}

    Json operator()(const std::string& path) const
    {
        if (path.find("/person-counts?") != std::string::npos) {
            return {{"counts",
                     {{{"state", "to_be_reviewed"}, {"n", 1}},
                      {{"state", "to_be_paid"}, {"n", 1}},
                      {{"state", "canceled"}, {"n", 1}}}}};
        }
        const auto at = path.find("node_kind=") + std::string("node_kind=").size();
        const std::string kind = path.substr(at, path.find('&') - at);
        const std::string lowest =
            mode_ == Mode::ByOrganization ? "organization" : "sub_delegation";
        if (kind == "organization" && mode_ == Mode::ByDelegation) {
            return {{"below", Json::array()}, {"lines", {line(0, 0, 0)}}};
        }
        const int wrong = kind == wrong_kind_ ? 1 : 0;
        if (kind == lowest) {
            return {{"below", Json::array()}, {"lines", {line(1, 0, 1 - wrong)}}};
        }
        return {{"below", {{{"category", "staff"}, {"total", 1}}}},
                {"lines", {line(1, 1 - wrong, 0)}}};
    }

private:
    static Json line(int total, int allocated, int reserved)
    {
        return {{"category", "staff"},
                {"limited", true},
                {"total", total},
                {"used", allocated + reserved},
                {"allocated", allocated},
                {"reserved", reserved}};
    }

    Mode mode_;
    std::string wrong_kind_;
};

Recount recounted(Mode mode, const std::string& wrong_kind = "")
{
    const std::vector<Group> groups = {{"east", ""}, kGroup};
    return recount(Hub(mode, wrong_kind), {"fair", groups, mode}, enrolment(), replay(mode));
}

class QuotaRecountTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(QuotaRecountTest);
    CPPUNIT_TEST(soundCountersAreNoFinding);
    CPPUNIT_TEST(aWrongCounterIsAFindingAtEachLevel);
    CPPUNIT_TEST(whatIsHeldIsCountedByLevel);
    CPPUNIT_TEST(anApprovalTakesAlongWhoWasSubmitted);
    CPPUNIT_TEST(whoCameBackOrHasAnotherCategoryIsLost);
    CPPUNIT_TEST_SUITE_END();

    static std::size_t lostAs(const char* state, const char* category)
    {
        QuotaRoll roll(Mode::ByOrganization);
        roll.addOrganization("org", kGroup);
        roll.addPerson("a", {"org", state, category, false, 0, 0});
        return findLost(roll, enrolment()).size();
    }

public:
    void soundCountersAreNoFinding()
    {
        for (const Mode mode : {Mode::ByDelegation, Mode::ByOrganization}) {
            const Recount found = recounted(mode);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                found.unequal.empty() ? "" : found.unequal.front(), true, found.unequal.empty());
            CPPUNIT_ASSERT(found.exceeded.empty());
        }
    }

    void aWrongCounterIsAFindingAtEachLevel()
    {
        for (const char* kind : {"edition", "delegation", "sub_delegation", "organization"}) {
            CPPUNIT_ASSERT_MESSAGE(kind, !recounted(Mode::ByOrganization, kind).unequal.empty());
        }
        for (const char* kind : {"edition", "delegation", "sub_delegation"}) {
            CPPUNIT_ASSERT_MESSAGE(kind, !recounted(Mode::ByDelegation, kind).unequal.empty());
        }
    }

    void whatIsHeldIsCountedByLevel()
    {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, recounted(Mode::ByOrganization).held["organization"]);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, recounted(Mode::ByDelegation).held["organization"]);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, recounted(Mode::ByDelegation).held["edition"]);
    }

    void anApprovalTakesAlongWhoWasSubmitted()
    {
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, lostAs("submitted", "staff"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, lostAs("to_be_reviewed", "staff"));
    }

    void whoCameBackOrHasAnotherCategoryIsLost()
    {
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lostAs("canceled", "staff"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lostAs("submitted", "vip"));
    }
};

HUB_TEST_SUITE_REGISTRATION(QuotaRecountTest, "quota_recount");

} // namespace
