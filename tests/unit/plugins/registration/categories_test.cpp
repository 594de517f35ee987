// Goal: delegations categorize within their quota and lock; a reused badge brings its category and
// only gets better; what is locked stays; of many, each is done or told why not. Method: requests
// of delegations against the plugin on the fake hub, and a recount of all quotas.
#include "floor.hpp"
#include "flow/admission.hpp"
#include "store/person_rows.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

const Visitor kShanghai = clerkOf("shanghai");
const Json kConfirmed = {{"confirmed", true}};

/// A floor with an approved organization and quotas to spare.
class Hall : public Floor {
public:
    explicit Hall(const std::string& edition = "ciie-4")
        : Floor(edition)
        , home(organization("org-1", "shanghai"))
    {
        for (const char* category : {"vip", "staff"}) {
            give({"edition", edition}, category, 10);
            give({"delegation", "shanghai"}, category, 5);
        }
    }

    void newcomer(const std::string& person_id) { add(person(person_id, home)); }

    /// Waits for the lock with the category of its past badge.
    void reusing(const std::string& person_id, const std::string& category)
    {
        Person past = person("past-" + person_id, home);
        past.state = PersonState::Archived;
        past.edition = "ciie-3";
        past.category = category;
        add(past);
        Person one = person(person_id, home);
        one.state = PersonState::ToBeLocked;
        one.reuse = true;
        one.past_person_id = past.person_id;
        one.category = category;
        add(one);
    }

    Heard categorize(const std::string& person_id,
                     const std::string& category,
                     const std::string& reason = "")
    {
        return one(
            "categorize", kShanghai, person_id, {{"category", category}, {"reason", reason}});
    }

    std::string state(const std::string& person_id)
    {
        return std::string(toText(stored(person_id).state));
    }

    Organization home;
};

void assertDone(const Heard& heard, const char* state, const char* category)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
    CPPUNIT_ASSERT_EQUAL(Json(state).dump(), heard.body["state"].dump());
    CPPUNIT_ASSERT_EQUAL(Json(category).dump(), heard.body["category"].dump());
}

void assertRefused(const Heard& heard, const char* code, const char* rule)
{
    CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), heard.status >= 400);
    CPPUNIT_ASSERT_EQUAL(Json(code).dump(), heard.body["code"].dump());
    CPPUNIT_ASSERT_EQUAL(Json(rule).dump(), heard.body["parameters"]["rule"].dump());
    for (const char* language : {"en", "zh"}) {
        CPPUNIT_ASSERT(heard.body["detail"][language].is_string());
        CPPUNIT_ASSERT(heard.body["detail"][language] != "");
    }
}

class CategoriesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CategoriesTest);
    CPPUNIT_TEST(aCategoryIsSetWithinTheQuota);
    CPPUNIT_TEST(aCategoryIsTakenBackBeforeTheLock);
    CPPUNIT_TEST(theSameAgainTakesNoSecondPlace);
    CPPUNIT_TEST(anUnknownCategoryIsRefused);
    CPPUNIT_TEST(aLockIsConfirmedAndFinal);
    CPPUNIT_TEST(aLockTellsTheOrganization);
    CPPUNIT_TEST(whoeverPaysNothingGoesOnToTheReview);
    CPPUNIT_TEST(onlyCategorizedPersonsAreLocked);
    CPPUNIT_TEST(theOrganizationIsApprovedBeforeTheLock);
    CPPUNIT_TEST(aReusedBadgeBringsItsCategory);
    CPPUNIT_TEST(aBroughtCategoryTakesItsPlaceAtTheLock);
    CPPUNIT_TEST(aReusedVisitorBecomesStaff);
    CPPUNIT_TEST(aReusedVisitorBecomesVip);
    CPPUNIT_TEST(aReusedStaffBecomesVip);
    CPPUNIT_TEST(noReusedBadgeGetsWorse);
    CPPUNIT_TEST(aReusedVipIsNotChanged);
    CPPUNIT_TEST(anUpgradeNeedsItsReason);
    CPPUNIT_TEST(anUpgradeTakesAPlaceOfItsCategory);
    CPPUNIT_TEST(anUpgradeIsTakenBackBeforeTheLock);
    CPPUNIT_TEST(aLockedUpgradeIsTold);
    CPPUNIT_TEST(anEditionMayOfferNoUpgrades);
    CPPUNIT_TEST(whereOrganizationsChooseNobodyElseDoes);
    CPPUNIT_TEST(ofManyEachIsDoneOrToldWhyNot);
    CPPUNIT_TEST(onlyFailuresAreTriedAgain);
    CPPUNIT_TEST(somebodyElsesPersonsDoNotExist);
    CPPUNIT_TEST(aSubDelegationCategorizesItsOwn);
    CPPUNIT_TEST(theOrganizerCategorizesWhereThereIsNoDelegation);
    CPPUNIT_TEST(aPastEditionIsLeftAlone);
    CPPUNIT_TEST_SUITE_END();

public:
    void aCategoryIsSetWithinTheQuota()
    {
        Hall hall;
        hall.give({"delegation", "shanghai"}, "vip", 1);
        hall.newcomer("first");
        hall.newcomer("second");

        assertDone(hall.categorize("first", "vip"), "to_be_locked", "vip");
        assertRefused(hall.categorize("second", "vip"), "quota_exhausted", "R-162");
        assertDone(hall.categorize("second", "visitor"), "to_be_locked", "visitor");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, hall.told("person.categorized").size());
        hall.recount();
    }

    void aCategoryIsTakenBackBeforeTheLock()
    {
        Hall hall;
        hall.give({"delegation", "shanghai"}, "vip", 1);
        hall.newcomer("first");
        hall.newcomer("second");
        hall.categorize("first", "vip");

        assertDone(hall.one("uncategorize", kShanghai, "first"), "to_be_categorized", "");
        CPPUNIT_ASSERT(hall.told("person.categorized").back()["category"] == "");
        assertDone(hall.categorize("second", "vip"), "to_be_locked", "vip");
        assertDone(hall.one("uncategorize", kShanghai, "first"), "to_be_categorized", "");
        hall.recount();
    }

    void theSameAgainTakesNoSecondPlace()
    {
        Hall hall;
        hall.give({"delegation", "shanghai"}, "vip", 1);
        hall.newcomer("first");
        hall.categorize("first", "vip");

        assertDone(hall.categorize("first", "vip"), "to_be_locked", "vip");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hall.told("person.categorized").size());
        hall.recount();
    }

    void anUnknownCategoryIsRefused()
    {
        Hall hall;
        hall.newcomer("first");
        const Heard heard = hall.categorize("first", "nobility");
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/category");
    }

    void aLockIsConfirmedAndFinal()
    {
        Hall hall;
        hall.newcomer("first");
        hall.categorize("first", "visitor");

        const Heard heard = hall.one("lock", kShanghai, "first");
        assertRefused(heard, "lock_not_confirmed", "R-170");
        CPPUNIT_ASSERT(heard.body["pointer"] == "/confirmed");
        assertDone(hall.one("lock", kShanghai, "first", kConfirmed), "to_be_paid", "visitor");
        assertRefused(hall.categorize("first", "vip"), "category_is_final", "R-170");
        assertRefused(hall.one("uncategorize", kShanghai, "first"), "category_is_final", "R-170");
        assertDone(hall.one("lock", kShanghai, "first", kConfirmed), "to_be_paid", "visitor");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hall.told("person.locked").size());
    }

    void aLockTellsTheOrganization()
    {
        Hall hall;
        hall.newcomer("first");
        hall.categorize("first", "visitor");
        hall.one("lock", kShanghai, "first", kConfirmed);

        const Json expected = {{"organization_id", "org-1"},
                               {"person_id", "first"},
                               {"category", "visitor"},
                               {"state", "to_be_paid"}};
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hall.told("person.locked").size());
        CPPUNIT_ASSERT_EQUAL(expected.dump(), hall.told("person.locked")[0].dump());
    }

    void whoeverPaysNothingGoesOnToTheReview()
    {
        for (const char* category : {"vip", "staff"}) {
            Hall hall;
            hall.newcomer("first");
            hall.categorize("first", category);
            assertDone(
                hall.one("lock", kShanghai, "first", kConfirmed), "to_be_reviewed", category);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hall.told("person.to_be_reviewed").size());
        }
    }

    void onlyCategorizedPersonsAreLocked()
    {
        Hall hall;
        hall.newcomer("first");
        const Heard heard = hall.one("lock", kShanghai, "first", kConfirmed);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "person_state_refuses");
    }

    void theOrganizationIsApprovedBeforeTheLock()
    {
        Hall hall;
        Person early = hall.person(
            "early", hall.organization("org-2", "shanghai", "", OrganizationState::Submitted));
        early.state = PersonState::ToBeLocked;
        early.category = "visitor";
        hall.add(early);
        assertRefused(
            hall.one("lock", kShanghai, "early", kConfirmed), "organization_not_approved", "C-03");
    }

    void aReusedBadgeBringsItsCategory()
    {
        Hall hall;
        const Organization submitted =
            hall.organization("org-2", "shanghai", "", OrganizationState::Submitted);
        Person past = hall.person("past", submitted);
        past.edition = "ciie-3";
        past.state = PersonState::Archived;
        past.category = "staff";
        hall.add(past);
        Person one = hall.person("one", submitted);
        one.state = PersonState::Submitted;
        one.reuse = true;
        one.past_person_id = "past";
        hall.add(one);

        hall.run([&](const Work& work) {
            Person person = work.rows().person("one").value();
            follow(work, submitted, person, work.edition("ciie-4").value());
        });

        CPPUNIT_ASSERT_EQUAL(std::string("to_be_locked"), hall.state("one"));
        CPPUNIT_ASSERT_EQUAL(std::string("staff"), hall.stored("one").category);
    }

    void aBroughtCategoryTakesItsPlaceAtTheLock()
    {
        Hall hall;
        hall.give({"delegation", "shanghai"}, "vip", 1);
        hall.reusing("first", "vip");
        hall.reusing("second", "vip");

        assertDone(hall.one("lock", kShanghai, "first", kConfirmed), "to_be_reviewed", "vip");
        assertRefused(
            hall.one("lock", kShanghai, "second", kConfirmed), "quota_exhausted", "R-162");
        hall.recount();
    }

    void aReusedVisitorBecomesStaff() { assertUpgrade("visitor", "staff"); }
    void aReusedVisitorBecomesVip() { assertUpgrade("visitor", "vip"); }
    void aReusedStaffBecomesVip() { assertUpgrade("staff", "vip"); }

    static void assertUpgrade(const char* from, const char* to)
    {
        Hall hall;
        hall.reusing("first", from);
        assertDone(hall.categorize("first", to, "sample reason"), "to_be_locked", to);
        CPPUNIT_ASSERT(hall.stored("first").upgraded);
        hall.recount();
    }

    void noReusedBadgeGetsWorse()
    {
        Hall hall;
        hall.reusing("first", "staff");
        assertRefused(
            hall.categorize("first", "visitor", "sample"), "reused_category_only_rises", "R-176");
    }

    void aReusedVipIsNotChanged()
    {
        for (const char* to : {"visitor", "staff"}) {
            Hall hall;
            hall.reusing("first", "vip");
            assertRefused(
                hall.categorize("first", to, "sample"), "reused_category_is_fixed", "R-177");
        }
    }

    void anUpgradeNeedsItsReason()
    {
        Hall hall;
        hall.reusing("first", "visitor");
        const Heard heard = hall.categorize("first", "vip");
        assertRefused(heard, "upgrade_reason_missing", "R-179");
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/reason");

        hall.categorize("first", "vip", "sample reason");
        hall.run([](const Work& work) {
            CPPUNIT_ASSERT_EQUAL(Json("sample reason"),
                                 historyAsJson(work.unit(), "first").back().at("reason"));
        });
    }

    void anUpgradeTakesAPlaceOfItsCategory()
    {
        Hall hall;
        hall.give({"delegation", "shanghai"}, "vip", 1);
        hall.reusing("first", "visitor");
        hall.reusing("second", "visitor");

        assertDone(hall.categorize("first", "vip", "sample"), "to_be_locked", "vip");
        assertRefused(hall.categorize("second", "vip", "sample"), "quota_exhausted", "R-180");
        CPPUNIT_ASSERT(!hall.stored("second").upgraded);
        hall.recount();
    }

    void anUpgradeIsTakenBackBeforeTheLock()
    {
        Hall hall;
        hall.reusing("first", "visitor");
        assertRefused(
            hall.one("uncategorize", kShanghai, "first"), "reused_category_stays", "R-169");
        hall.categorize("first", "vip", "sample");

        assertDone(hall.one("uncategorize", kShanghai, "first"), "to_be_locked", "visitor");
        CPPUNIT_ASSERT(!hall.stored("first").upgraded);
        hall.recount();
        assertDone(hall.one("lock", kShanghai, "first", kConfirmed), "to_be_paid", "visitor");
        CPPUNIT_ASSERT(hall.told("badge_reuse.upgraded").empty());
    }

    void aLockedUpgradeIsTold()
    {
        Hall hall;
        hall.reusing("first", "visitor");
        hall.categorize("first", "staff", "sample");
        CPPUNIT_ASSERT(hall.told("badge_reuse.upgraded").empty());
        assertDone(hall.one("lock", kShanghai, "first", kConfirmed), "to_be_reviewed", "staff");

        const Json expected = {
            {"organization_id", "org-1"}, {"person_id", "first"}, {"category", "staff"}};
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hall.told("badge_reuse.upgraded").size());
        CPPUNIT_ASSERT_EQUAL(expected.dump(), hall.told("badge_reuse.upgraded")[0].dump());
    }

    void anEditionMayOfferNoUpgrades()
    {
        Hall hall;
        hall.desk.changeRules(
            Json::parse(R"([{"op":"replace","path":"/reuse/upgrade","value":false}])"));
        hall.reusing("first", "visitor");
        assertRefused(hall.categorize("first", "vip", "sample"), "upgrade_not_offered", "E-10");
    }

    void whereOrganizationsChooseNobodyElseDoes()
    {
        Hall hall("ciie-7");
        hall.newcomer("first");
        assertRefused(hall.categorize("first", "visitor"), "organization_chooses", "R-185");
    }

    void ofManyEachIsDoneOrToldWhyNot()
    {
        Hall hall;
        hall.give({"delegation", "shanghai"}, "vip", 1);
        hall.newcomer("first");
        hall.newcomer("second");

        const Heard heard = hall.many(
            "categorize", kShanghai, {"first", "second", "nobody"}, {{"category", "vip"}});

        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["done"] == 1);
        CPPUNIT_ASSERT(heard.body["failed"] == Json::array({"second", "nobody"}));
        const Json& results = heard.body["results"];
        CPPUNIT_ASSERT(results[0]["person"]["category"] == "vip");
        CPPUNIT_ASSERT(results[1]["problem"]["code"] == "quota_exhausted");
        CPPUNIT_ASSERT(results[1]["problem"]["detail"]["zh"].is_string());
        CPPUNIT_ASSERT(results[2]["problem"]["code"] == "not_found");
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_categorized"), hall.state("second"));
        hall.recount();
    }

    void onlyFailuresAreTriedAgain()
    {
        Hall hall;
        hall.give({"delegation", "shanghai"}, "vip", 1);
        hall.newcomer("first");
        hall.newcomer("second");
        const Heard before =
            hall.many("categorize", kShanghai, {"first", "second"}, {{"category", "vip"}});
        hall.give({"delegation", "shanghai"}, "vip", 2);

        const Heard again =
            hall.many("categorize", kShanghai, before.body["failed"], {{"category", "vip"}});
        CPPUNIT_ASSERT(again.body["done"] == 1);
        CPPUNIT_ASSERT(again.body["failed"].empty());

        const Heard locked = hall.many("lock", kShanghai, {"first", "second"}, kConfirmed);
        CPPUNIT_ASSERT(locked.body["done"] == 2);
        hall.recount();
    }

    void somebodyElsesPersonsDoNotExist()
    {
        Hall hall;
        hall.newcomer("first");
        const Heard others =
            hall.one("categorize", clerkOf("guangdong"), "first", {{"category", "visitor"}});
        const Heard nobodys =
            hall.one("categorize", kShanghai, "nobody", {{"category", "visitor"}});
        CPPUNIT_ASSERT_EQUAL(404, others.status);
        CPPUNIT_ASSERT_EQUAL(nobodys.body.dump(), others.body.dump());
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_categorized"), hall.state("first"));
    }

    void aSubDelegationCategorizesItsOwn()
    {
        Hall hall;
        hall.add(hall.person("own", hall.organization("org-2", "shanghai", "shanghai-trade")));
        hall.newcomer("other");
        const Visitor trade = subClerkOf("shanghai-trade");

        assertDone(hall.one("categorize", trade, "own", {{"category", "visitor"}}),
                   "to_be_locked",
                   "visitor");
        CPPUNIT_ASSERT_EQUAL(
            404, hall.one("categorize", trade, "other", {{"category", "visitor"}}).status);
    }

    void theOrganizerCategorizesWhereThereIsNoDelegation()
    {
        Hall hall;
        hall.give({"delegation", "none"}, "vip", 1);
        hall.add(hall.person("abroad", hall.organization("org-2", "none")));

        assertDone(hall.one("categorize", kOrganizer, "abroad", {{"category", "vip"}}),
                   "to_be_locked",
                   "vip");
        CPPUNIT_ASSERT_EQUAL(
            404, hall.one("categorize", kShanghai, "abroad", {{"category", "visitor"}}).status);
        hall.recount();
    }

    void aPastEditionIsLeftAlone()
    {
        Hall hall;
        hall.reusing("first", "visitor");
        const Heard heard = hall.categorize("past-first", "vip");
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "edition_archived");
    }
};

HUB_TEST_SUITE_REGISTRATION(CategoriesTest, "categories");

} // namespace

} // namespace registration::test
