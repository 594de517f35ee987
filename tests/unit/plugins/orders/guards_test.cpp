// Goal: nothing is ordered that the rules don't allow, and a refusal says for every person why and
// tells nothing about others. Method: the plugin on the fake hub, one rule after the other.
#include "desk.hpp"
#include "domain/json.hpp"
#include "support/suite.hpp"

namespace orders::test {

namespace {

class GuardsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GuardsTest);
    CPPUNIT_TEST(everyPersonIsRefusedWithTheReason);
    CPPUNIT_TEST(onlyWhoIsToPayIsOrderedFor);
    CPPUNIT_TEST(whoWaitsForTheReviewPaysNothing);
    CPPUNIT_TEST(freeCategoriesPayNothing);
    CPPUNIT_TEST(aCategoryThatTheEditionAddsIsOrderedFor);
    CPPUNIT_TEST(aPersonOfAnotherOrganizationLooksLikeNone);
    CPPUNIT_TEST(aPersonIsInOneLiveOrder);
    CPPUNIT_TEST(theNumberOfPersonsIsLimited);
    CPPUNIT_TEST(onlyWhoActsForOneOrganizationOrders);
    CPPUNIT_TEST(anArchivedEditionTakesNoOrders);
    CPPUNIT_TEST(nothingIsOrderedWithoutAnAnswerOfRegistration);
    CPPUNIT_TEST(nothingIsOrderedAfterTheDeadline);
    CPPUNIT_TEST(aDeadlineThatCannotBeReadIsNoneAtAll);
    CPPUNIT_TEST(anEditionWithoutDeadlineTakesOrdersAtAnyTime);
    CPPUNIT_TEST(theOrganizerMayGrantLonger);
    CPPUNIT_TEST(anExceptionNeedsATimeToComeAndAReason);
    CPPUNIT_TEST(aRefusalChangesNothing);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    /// "person-2: fee_missing" and so on.
    static std::vector<std::string> reasonsOf(const Heard& heard)
    {
        std::vector<std::string> reasons;
        for (const Json& person : heard.body.at("parameters").at("persons")) {
            reasons.push_back(textOf(person, "person_id") + ": " + textOf(person, "reason"));
        }
        return reasons;
    }

public:
    void tearDown() override { CPPUNIT_ASSERT_EQUAL(std::string(), desk_.fault()); }

    void everyPersonIsRefusedWithTheReason()
    {
        desk_.addPersons(2);
        desk_.addPerson("person-3", {{"state", "to_be_reviewed"}});
        desk_.addPerson("person-4", {{"category", "staff"}});
        desk_.addPerson("person-5", {{"category", ""}});
        desk_.addPerson("person-6", {{"admission_period", "one_day"}});
        desk_.addPerson("person-7", {{"admission_period", "last_days"}, {"reuse", true}});
        desk_.addPerson("person-8", {{"state", "canceled"}});
        desk_.ordered({"person-2"});
        const Heard heard = desk_.create({"person-1",
                                          "person-2",
                                          "person-3",
                                          "person-4",
                                          "person-5",
                                          "person-6",
                                          "person-7",
                                          "person-8",
                                          "person-9"});
        assertRefused(422, "persons_not_orderable", heard);
        const std::vector<std::string> expected = {"person-2: person_in_another_order",
                                                   "person-3: person_waits_for_review",
                                                   "person-4: category_free",
                                                   "person-5: category_missing",
                                                   "person-6: fee_missing",
                                                   "person-7: reuse_not_allowed",
                                                   "person-8: person_not_to_be_paid",
                                                   "person-9: person_not_found"};
        CPPUNIT_ASSERT(expected == reasonsOf(heard));
        const Json& violations = heard.body.at("violations");
        CPPUNIT_ASSERT(violations.at(0).at("pointer") == "/person_ids/1");
        CPPUNIT_ASSERT(violations.at(7).at("pointer") == "/person_ids/8");
    }

    void onlyWhoIsToPayIsOrderedFor()
    {
        desk_.addPerson("person-1", {{"state", "to_be_locked"}});
        const std::vector<std::string> expected = {"person-1: person_not_to_be_paid"};
        CPPUNIT_ASSERT(expected == reasonsOf(desk_.create({"person-1"})));
    }

    void whoWaitsForTheReviewPaysNothing()
    {
        desk_.addPerson("person-1", {{"state", "to_be_reviewed"}});
        const std::vector<std::string> expected = {"person-1: person_waits_for_review"};
        CPPUNIT_ASSERT(expected == reasonsOf(desk_.create({"person-1"})));
    }

    void freeCategoriesPayNothing()
    {
        desk_.addPerson("person-1", {{"category", "vip"}});
        desk_.addPerson("person-2", {{"category", "staff"}});
        const std::vector<std::string> expected = {"person-1: category_free",
                                                   "person-2: category_free"};
        CPPUNIT_ASSERT(expected == reasonsOf(desk_.create({"person-1", "person-2"})));
    }

    void aCategoryThatTheEditionAddsIsOrderedFor()
    {
        desk_.addPerson("person-1", {{"category", "press"}});
        const std::vector<std::string> expected = {"person-1: category_missing"};
        CPPUNIT_ASSERT(expected == reasonsOf(desk_.create({"person-1"})));
        desk_.pack["categories"].push_back({{"id", "press"}, {"free", false}});
        desk_.pack["fees"].push_back(
            {{"category", "press"}, {"admission_period", "all_days"}, {"amount_minor", 5000}});
        const Heard heard = desk_.create({"person-1"});
        assertStatus(201, heard);
        CPPUNIT_ASSERT(heard.body.at("amount_minor") == 5000);
    }

    void aPersonOfAnotherOrganizationLooksLikeNone()
    {
        desk_.addPerson("person-1", {{"organization_id", kOther}});
        const Heard foreign = desk_.create({"person-1"});
        CPPUNIT_ASSERT_EQUAL(201, desk_.create({"person-1"}, kOther).status);
        const Heard held = desk_.create({"person-1"});
        const Heard unknown = desk_.create({"person-2"});
        assertRefused(422, "persons_not_orderable", foreign);
        CPPUNIT_ASSERT(foreign.body == held.body);
        CPPUNIT_ASSERT(foreign.body.at("violations") == unknown.body.at("violations"));
    }

    void aPersonIsInOneLiveOrder()
    {
        desk_.addPersons(3);
        const std::string number = desk_.ordered({"person-1", "person-2"});
        const Heard heard = desk_.create({"person-2", "person-3"});
        assertRefused(422, "persons_not_orderable", heard);
        CPPUNIT_ASSERT(heard.body.dump().find(number) != std::string::npos);
        // A paid one holds its persons, too.
        desk_.tell("payment.paid", "payment-1", number, {{"amount_minor", 2 * kFee}});
        assertRefused(422, "persons_not_orderable", desk_.create({"person-1"}));
        CPPUNIT_ASSERT_EQUAL(201, desk_.create({"person-3"}).status);
        // Should the person have gone over to somebody else, the order's number stays untold.
        desk_.addPerson("person-1", {{"organization_id", kOther}});
        const Heard elsewhere = desk_.create({"person-1"}, kOther);
        assertRefused(422, "persons_not_orderable", elsewhere);
        CPPUNIT_ASSERT(elsewhere.body.dump().find(number) == std::string::npos);
    }

    void theNumberOfPersonsIsLimited()
    {
        auto ids = desk_.addPersons(501);
        assertRefused(422, "persons_missing", desk_.create(Json::array()));
        assertRefused(422, "persons_too_many", desk_.create(ids));
        assertRefused(422, "person_twice", desk_.create({"person-1", "person-2", "person-1"}));
        ids.pop_back();
        const Heard heard = desk_.create(ids);
        assertStatus(201, heard);
        CPPUNIT_ASSERT(heard.body.at("amount_minor") == 500 * kFee);
        CPPUNIT_ASSERT(heard.body.at("lines").size() == 500);
    }

    void onlyWhoActsForOneOrganizationOrders()
    {
        const Json parts = {{"path", {{"number", "V20261008104000123000001"}}},
                            {"body", {{"person_ids", {"person-1"}}}}};
        using Scopes = std::vector<std::string>;
        for (const Scopes& scopes : {Scopes{},
                                     Scopes{"orders:write"},
                                     Scopes{"organization:"},
                                     Scopes{"organization:a", "organization:b"},
                                     Scopes{"organizations:review", "sub_delegation:a"}}) {
            for (const char* operation : {"order.create", "order.quote", "order.cancel"}) {
                assertRefused(403,
                              "organization_missing",
                              desk_.send(HUB_KIND_UNIT, operation, parts, scopes));
            }
            for (const char* operation : {"order.get", "order.list"}) {
                assertRefused(403,
                              "organization_missing",
                              desk_.send(HUB_KIND_READ, operation, parts, scopes));
            }
        }
    }

    void anArchivedEditionTakesNoOrders()
    {
        desk_.addPersons(1);
        desk_.pack = nullptr;
        assertRefused(409, "edition_archived", desk_.create({"person-1"}));
    }

    void nothingIsOrderedWithoutAnAnswerOfRegistration()
    {
        assertRefused(503,
                      "registration_unavailable",
                      desk_.send(HUB_KIND_UNIT,
                                 "order.create",
                                 {{"body", {{"person_ids", {"person-1"}}}}},
                                 {"organization:organization-1"}));
        desk_.addPersons(1);
        desk_.registration_answers = false;
        assertRefused(503, "registration_unavailable", desk_.create({"person-1"}));
    }

    void nothingIsOrderedAfterTheDeadline()
    {
        desk_.addPersons(2);
        desk_.fake.clock().set(kDeadlineMs - 1);
        CPPUNIT_ASSERT_EQUAL(201, desk_.create({"person-1"}).status);
        desk_.fake.clock().set(kDeadlineMs);
        const Heard heard = desk_.create({"person-2"});
        assertRefused(409, "payment_deadline_over", heard);
        CPPUNIT_ASSERT(heard.body.dump().find("2026-10-21 00:00") != std::string::npos);
    }

    void aDeadlineThatCannotBeReadIsNoneAtAll()
    {
        desk_.addPersons(1);
        for (const Json& broken : {Json("20 October"), Json(20), Json(nullptr)}) {
            desk_.pack["deadlines"]["payment"] = broken;
            assertRefused(409, "payment_deadline_unreadable", desk_.create({"person-1"}));
        }
    }

    void anEditionWithoutDeadlineTakesOrdersAtAnyTime()
    {
        desk_.addPersons(1);
        desk_.pack["deadlines"] = Json::object();
        desk_.fake.clock().set(kDeadlineMs + 30 * kDay);
        const Heard heard = desk_.create({"person-1"});
        assertStatus(201, heard);
        CPPUNIT_ASSERT(!heard.body.contains("deadline_at"));
    }

    void theOrganizerMayGrantLonger()
    {
        desk_.addPersons(2);
        desk_.addPerson("person-3", {{"organization_id", kOther}});
        desk_.fake.clock().set(kDeadlineMs - kDay);
        const std::string number = desk_.ordered({"person-1"});
        const Heard granted = desk_.grantException(
            kOrganization,
            {{"until", "2026-10-25T24:00:00+08:00"}, {"reason", "its bank was closed"}});
        assertStatus(201, granted);
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.deadline_extended"));
        CPPUNIT_ASSERT(!desk_.lastPublished("order.deadline_extended").contains("granted_by"));

        desk_.passTime(2 * kDay);
        CPPUNIT_ASSERT_EQUAL(std::string("unpaid"), desk_.stateOf(number)); // it lives as long
        CPPUNIT_ASSERT_EQUAL(201, desk_.create({"person-2"}).status);
        assertRefused(409, "payment_deadline_over", desk_.create({"person-3"}, kOther));
        desk_.passTime(10 * kDay);
        CPPUNIT_ASSERT_EQUAL(std::string("canceled"), desk_.stateOf(number));
        assertRefused(409, "payment_deadline_over", desk_.create({"person-2"}));
        // Who has granted it stays to be seen.
        const std::string shown = desk_.command("order.show", {number}).dump();
        CPPUNIT_ASSERT(shown.find("its bank was closed") != std::string::npos);
        CPPUNIT_ASSERT(shown.find("person:login-1") != std::string::npos);
    }

    void anExceptionNeedsATimeToComeAndAReason()
    {
        const std::string until = "2026-10-25T24:00:00+08:00";
        assertRefused(422,
                      "until_not_in_future",
                      desk_.grantException(kOrganization,
                                           {{"until", "2026-10-01T00:00:00Z"}, {"reason", "a"}}));
        assertRefused(422,
                      "until_not_in_future",
                      desk_.grantException(kOrganization, {{"until", "soon"}, {"reason", "a"}}));
        assertRefused(422,
                      "reason_missing",
                      desk_.grantException(kOrganization, {{"until", until}, {"reason", ""}}));
        // By the command it is the same.
        const auto command = [&](const Json& arguments) {
            return desk_.fake.commandUnit("order.allow_late", arguments.dump()).status;
        };
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST}, command({"", until, "a"}));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST}, command({kOrganization, until}));
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.deadline_extended"));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, command({kOrganization, until, "a"}));
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.deadline_extended"));
    }

    void aRefusalChangesNothing()
    {
        desk_.addPersons(1);
        desk_.create({"person-1", "person-2"});
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, desk_.fake.publications().size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, desk_.fake.timers().size());
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{0},
            desk_.fake.store().integer("SELECT (SELECT COUNT(*) FROM orders_order)"
                                       " + (SELECT COUNT(*) FROM orders_line) +"
                                       " (SELECT COUNT(*) FROM orders_live_line)"));
    }
};

HUB_TEST_SUITE_REGISTRATION(GuardsTest, "guards");

} // namespace

} // namespace orders::test
