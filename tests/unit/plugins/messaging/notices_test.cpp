// Goal: an event becomes one message for each contact, in the contact's language, not at night,
// and once; whoever can't be reached is shown. Method: events on the fake hub, whose directory of
// contacts the test fills.

#include "desk.hpp"
#include "support/suite.hpp"

#include <fstream>
#include <set>

namespace {

using namespace messaging::test; // NOLINT(google-build-using-namespace): the words of the scenarios

const Json kOrder = {{"organization_id", "org-1"},
                     {"order_ref", "sample-order-1"},
                     {"amount_minor", 20000},
                     {"currency", "CNY"}};
const Json kTwo =
    Json::array({{{"person", "p1"}, {"phone", kPhone}, {"language", "zh"}},
                 {{"person", "p2"}, {"phone", "+8619900000002"}, {"language", "en"}}});
const Json kClaim = {{"organization_id", "org-1"},
                     {"claim_id", "claim-1"},
                     {"invitation_id", "invitation-1"},
                     {"delegation_id", "17"},
                     {"decision", "released"}};
const Json kInvitation = {{"open", true},
                          {"person", "staff-1"},
                          {"mail", "sample@example.org"},
                          {"phone", "+8619900000008"},
                          {"language", "en"},
                          {"link", "/console/invitation#sample-secret"},
                          {"expires_at_ms", 1795833600000}};

class NoticesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NoticesTest);
    CPPUNIT_TEST(everyContactIsToldInTheirLanguage);
    CPPUNIT_TEST(aRepeatedEventTellsNobodyAgain);
    CPPUNIT_TEST(whoeverCantBeReachedIsShown);
    CPPUNIT_TEST(theEventIsRepeatedWhileTheDirectoryIsAway);
    CPPUNIT_TEST(quietHoursHoldNoticesAndNoCodes);
    CPPUNIT_TEST(variablesComeFromTheEventAlone);
    CPPUNIT_TEST(aFailedAccountLeadsToTheNextWithTheSameWords);
    CPPUNIT_TEST(configurationAndTemplatesSwitchNoticesOff);
    CPPUNIT_TEST(aDecisionTellsWhoClaimedInWordsOfItsOwn);
    CPPUNIT_TEST(anInvitationIsToldWithoutItsLink);
    CPPUNIT_TEST(whoeverIsNamedByNoAnswerIsShown);
    CPPUNIT_TEST(theManifestSubscribesToTheTable);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyContactIsToldInTheirLanguage()
    {
        Desk desk;
        desk.hub().rehearse(true);
        desk.setContacts(kTwo);
        assertStatus(HUB_OK, desk.tell("order.paid", "e1", kOrder));

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("send"));
        const auto& calls = desk.hub().calls();
        for (const auto& [index, language] : {std::pair{0, "zh"}, std::pair{1, "en"}}) {
            const Json sent = desk.payloadOf(calls.at(static_cast<std::size_t>(index)));
            CPPUNIT_ASSERT_EQUAL(std::string(language), sent.at("language").get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::string("order.paid"), sent.at("template").get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::string("notice"), sent.at("purpose").get<std::string>());
            CPPUNIT_ASSERT_EQUAL(Json({{"order_ref", "sample-order-1"}}).dump(),
                                 sent.at("variables").dump());
        }
        desk.accept(calls.front().id);
        const Json event = Json::parse(desk.hub().publications().back().payload);
        CPPUNIT_ASSERT_EQUAL(std::string("org-1"), event.at("organization_id").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aRepeatedEventTellsNobodyAgain()
    {
        Desk desk;
        desk.setContacts(kTwo);
        desk.tell("order.paid", "e1", kOrder);
        assertStatus(HUB_OK, desk.tell("order.paid", "e1", kOrder));
        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, desk.messages().size());
        desk.tell("order.paid", "e2", kOrder);
        CPPUNIT_ASSERT_EQUAL(4, desk.hub().countCalls("send"));
    }

    void whoeverCantBeReachedIsShown()
    {
        struct Row {
            const char* name;
            Json contacts; // null: nobody owns the directory
            Json changes;
            const char* reason;
        };
        const Row rows[] = {
            {"no directory", nullptr, Json::object(), "no_contact"},
            {"nobody", Json::array(), Json::object(), "no_contact"},
            {"no organization", kTwo, {{"organization_id", nullptr}}, "no_organization"},
            {"no phone",
             Json::array({{{"person", "p1"}, {"language", "zh"}}}),
             Json::object(),
             "no_phone"},
            {"no person",
             Json::array({{{"phone", kPhone}, {"language", "zh"}}}),
             Json::object(),
             "no_phone"},
            {"abroad",
             Json::array({{{"person", "p1"}, {"phone", "+85260000001"}, {"language", "zh"}}}),
             Json::object(),
             "not_by_sms"}};
        for (const Row& row : rows) {
            Desk desk;
            if (!row.contacts.is_null()) {
                desk.setContacts(row.contacts);
            }
            Json order = kOrder;
            order.merge_patch(row.changes);
            assertStatus(HUB_OK, desk.tell("order.paid", "e1", order));
            assertStatus(HUB_OK, desk.tell("order.paid", "e1", order));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, 0, desk.hub().countCalls("send"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::size_t{1}, desk.messages().size());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name,
                                         std::string("no_recipient"),
                                         desk.newest().at("state").get<std::string>());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, std::string(row.reason), desk.newest().at("reason").get<std::string>());
        }
    }

    void theEventIsRepeatedWhileTheDirectoryIsAway()
    {
        Desk desk;
        desk.hub().setAnswer("identity", "contacts", {HUB_UNAVAILABLE, "not now", "", 0});
        assertStatus(HUB_UNAVAILABLE, desk.tell("order.paid", "e1", kOrder));
        CPPUNIT_ASSERT(desk.messages().empty());
        desk.setContacts(kTwo);
        assertStatus(HUB_OK, desk.tell("order.paid", "e1", kOrder));
        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("send"));
    }

    void quietHoursHoldNoticesAndNoCodes()
    {
        Desk desk(Json{{"quiet_hours", {{"from", "21:00"}, {"until", "08:00"}}}});
        const std::int64_t day = desk.hub().clock().nowMs() / kDay * kDay;
        desk.hub().passTime(day + kDay + 13 * kHour -
                            desk.hub().clock().nowMs()); // 21:00 in Shanghai
        desk.setContacts(kTwo);
        desk.tell("order.paid", "e1", kOrder);
        CPPUNIT_ASSERT_EQUAL(std::string("held"), desk.newest().at("state").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("send"));
        desk.ask("+8619900000003");
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("send"));

        desk.hub().passTime(11 * kHour - 1);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("send"));
        desk.hub().passTime(1); // 08:00
        CPPUNIT_ASSERT_EQUAL(3, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT(desk.messages({{"state", "held"}}).empty());
        desk.tell("order.paid", "e2", kOrder);
        CPPUNIT_ASSERT_EQUAL(5, desk.hub().countCalls("send"));
    }

    void variablesComeFromTheEventAlone()
    {
        Desk desk;
        desk.setContacts(Json::array({kTwo.at(0)}));
        desk.tell("refund.succeeded", "e1", kOrder);
        CPPUNIT_ASSERT_EQUAL(Json({{"order_ref", "sample-order-1"}, {"amount", "200.00"}}).dump(),
                             desk.lastSent().at("variables").dump());
        Json order = kOrder;
        order["order_ref"] = "www.example.com/x";
        desk.hub().passTime(1); // so that it is the newest
        desk.tell("order.paid", "e2", order);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT_EQUAL(std::string("variables"),
                             desk.newest().at("reason").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.newest().at("state").get<std::string>());
    }

    void aFailedAccountLeadsToTheNextWithTheSameWords()
    {
        Desk desk;
        desk.setContacts(Json::array({kTwo.at(0)}));
        desk.tell("order.paid", "e1", kOrder);
        const Json first = desk.lastSent();
        desk.notSent(desk.hub().lastCall("send").id);
        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT_EQUAL(first.at("variables"), desk.lastSent().at("variables"));
        CPPUNIT_ASSERT_EQUAL(first.at("phone"), desk.lastSent().at("phone"));
    }

    void configurationAndTemplatesSwitchNoticesOff()
    {
        Desk off(Json{{"notices", {{"order.paid", {{"enabled", false}}}}}});
        off.setContacts(kTwo);
        off.tell("order.paid", "e1", kOrder);
        CPPUNIT_ASSERT(off.messages().empty());

        Desk other(Json{{"notices", {{"order.paid", {{"template", "refund.failed"}}}}}});
        other.setContacts(kTwo);
        other.tell("order.paid", "e1", kOrder);
        CPPUNIT_ASSERT_EQUAL(std::string("refund.failed"),
                             other.newest().at("template").get<std::string>());
        CPPUNIT_ASSERT_THROW(Desk(Json{{"notices", {{"order.eaten", Json::object()}}}}),
                             std::runtime_error);
        CPPUNIT_ASSERT_THROW(Desk(Json{{"quiet_hours", {{"from", "25:00"}, {"until", "08:00"}}}}),
                             std::runtime_error);
    }

    void aDecisionTellsWhoClaimedInWordsOfItsOwn()
    {
        for (const std::string decision : {"released", "handed_over", "refused"}) {
            for (const std::string language : {"zh", "en"}) {
                Desk desk;
                desk.setContacts(kTwo); // who had the code is not told the claimant's news
                desk.setSaid("claim_contact",
                             {{"known", true},
                              {"person", "claim-1"},
                              {"phone", "+8619900000009"},
                              {"language", language},
                              {"state", decision}});
                Json decided = kClaim;
                decided["decision"] = decision;

                assertStatus(HUB_OK, desk.tell("organization.claim_decided", "e1", decided));

                CPPUNIT_ASSERT_EQUAL_MESSAGE(decision, 1, desk.hub().countCalls("send"));
                const Json sent = desk.lastSent();
                CPPUNIT_ASSERT_EQUAL("organization.claim_decided." + decision,
                                     sent.at("template").get<std::string>());
                CPPUNIT_ASSERT_EQUAL(language, sent.at("language").get<std::string>());
                CPPUNIT_ASSERT_EQUAL(std::string("+8619900000009"),
                                     sent.at("phone").get<std::string>());
                CPPUNIT_ASSERT_EQUAL(std::string("org-1"),
                                     desk.newest().at("organization_id").get<std::string>());
            }
        }
    }

    void anInvitationIsToldWithoutItsLink()
    {
        Desk desk;
        Json invitation = kInvitation;
        desk.setSaid("staff_invitation", invitation);
        const Json told = {{"staff_id", "staff-1"}, {"invitation_id", "invitation-1"}};

        assertStatus(HUB_OK, desk.tell("staff.invited", "e1", told));

        CPPUNIT_ASSERT_EQUAL(std::string("staff.invited"),
                             desk.lastSent().at("template").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(kInvitation.at("phone"), desk.lastSent().at("phone"));
        const std::string bytes = desk.lastSent().dump() + desk.hub().storeBytes();
        CPPUNIT_ASSERT(bytes.find("staff.invited") != std::string::npos);
        for (const char* secret : {"sample-secret", "sample@example.org"}) {
            CPPUNIT_ASSERT_MESSAGE(secret, bytes.find(secret) == std::string::npos);
        }

        invitation.erase("phone");
        desk.setSaid("staff_invitation", invitation);
        desk.hub().passTime(1); // so that it is the newest
        desk.tell("staff.invited", "e2", told);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT_EQUAL(std::string("no_phone"),
                             desk.newest().at("reason").get<std::string>());
    }

    void whoeverIsNamedByNoAnswerIsShown()
    {
        struct Row {
            const char* event;
            const char* question;
            Json said;
            const char* reason;
        };
        const Row rows[] = {
            {"organization.claim_decided", "claim_contact", {{"known", false}}, "no_contact"},
            {"staff.invited", "staff_invitation", {{"open", false}}, "invitation_over"},
            {"organization.code_claimed", "contacts", {{"contacts", Json::array()}}, "no_contact"}};
        for (const Row& row : rows) {
            Desk desk;
            desk.hub().setAnswer("identity", row.question, {HUB_UNAVAILABLE, "not now", "", 0});
            assertStatus(HUB_UNAVAILABLE, desk.tell(row.event, "e1", kClaim));
            CPPUNIT_ASSERT_MESSAGE(row.event, desk.messages().empty());
            desk.setSaid(row.question, row.said);
            assertStatus(HUB_OK, desk.tell(row.event, "e1", kClaim));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.event, 0, desk.hub().countCalls("send"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.event, std::string(row.reason), desk.newest().at("reason").get<std::string>());
        }
    }

    void theManifestSubscribesToTheTable()
    {
        std::ifstream stream(sourceFolder() + "/plugins/messaging/manifest.json");
        const Json subscribes = Json::parse(stream).at("subscribes");
        CPPUNIT_ASSERT(!subscribes.empty());
        for (const Json& wish : subscribes) {
            Desk desk;
            desk.setContacts(kTwo);
            desk.setSaid("claim_contact",
                         {{"known", true},
                          {"person", "claim-1"},
                          {"phone", kPhone},
                          {"language", "zh"},
                          {"state", "released"}});
            desk.setSaid("staff_invitation", kInvitation);
            Json everything = kOrder;
            everything.update(kClaim);
            const std::string type = wish.at("type");
            desk.tell(type, "e1", everything);
            const bool is_for_one = type == "staff.invited" || type == "organization.claim_decided";
            CPPUNIT_ASSERT_EQUAL_MESSAGE(type, is_for_one ? 1 : 2, desk.hub().countCalls("send"));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(NoticesTest, "notices");

} // namespace
