// Goal: a message goes to one account after the other only while it is certain that none has it;
// reports move its state and prove nothing else. Method: outcomes and reports on the fake hub.

#include "desk.hpp"
#include "support/suite.hpp"

namespace {

using namespace messaging::test; // NOLINT(google-build-using-namespace): the words of the scenarios

class SendingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SendingTest);
    CPPUNIT_TEST(anAcceptedMessageIsDelivered);
    CPPUNIT_TEST(whatWasNotSentGoesToTheNextAccountWithAnotherCode);
    CPPUNIT_TEST(aRefusalGoesOnOnlyWhenTheAccountIsToBlame);
    CPPUNIT_TEST(theUnknownIsNeverSentElsewhere);
    CPPUNIT_TEST(theConfiguredAccountIsTriedFirst);
    CPPUNIT_TEST(aCodeThatIsOverIsNotSentOn);
    CPPUNIT_TEST(reportsThatDoNotFitAreRefused);
    CPPUNIT_TEST(repeatedAndLateReportsChangeNothing);
    CPPUNIT_TEST(aReportMayOvertakeTheAnswer);
    CPPUNIT_TEST(aPushMayHoldSeveralReports);
    CPPUNIT_TEST(eventsNameNobody);
    CPPUNIT_TEST(recipientsAreForgottenInTime);
    CPPUNIT_TEST(messagesAreFoundByNumberAndByItsEnd);
    CPPUNIT_TEST_SUITE_END();

    static std::string state(Desk& desk) { return desk.newest().at("state").get<std::string>(); }

public:
    void anAcceptedMessageIsDelivered()
    {
        Desk desk;
        desk.hub().rehearse(true);
        const Asked asked = desk.ask();
        CPPUNIT_ASSERT_EQUAL(std::string("sending"), state(desk));
        assertStatus(HUB_OK, desk.accept(asked.call));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), state(desk));
        assertStatus(HUB_OK, desk.report("delivered", {{"provider_number", "9001^0"}}));

        const Json shown = desk.show(desk.newest().at("message_id"));
        CPPUNIT_ASSERT_EQUAL(std::string("delivered"), shown.at("state").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("+86199****0001"),
                             shown.at("recipient").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string(kMain), shown.at("account").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("9001^0"),
                             shown.at("attempts").at(0).at("provider_number").get<std::string>());
        CPPUNIT_ASSERT(shown.contains("accepted_at") && shown.contains("ended_at"));
        CPPUNIT_ASSERT_EQUAL(1, desk.published("message.accepted"));
        CPPUNIT_ASSERT_EQUAL(1, desk.published("message.delivered"));
    }

    void whatWasNotSentGoesToTheNextAccountWithAnotherCode()
    {
        Desk desk;
        const Asked asked = desk.ask();
        const Json first = desk.lastSent();
        assertStatus(HUB_OK, desk.notSent(asked.call));
        const Json second = desk.lastSent();

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT_EQUAL(std::string(kOther), desk.hub().lastCall("send").account);
        CPPUNIT_ASSERT(first.at("number") != second.at("number"));
        // No code is kept, so the next account gets another one, and the first is none any more.
        const std::string code = second.at("variables").at("code");
        CPPUNIT_ASSERT(asked.code != code);
        CPPUNIT_ASSERT_EQUAL(std::string("422 code_wrong"),
                             codeOf(desk.confirm(asked.verification_id, asked.code)));
        assertStatus(HUB_OK, desk.accept(desk.hub().lastCall("send").id));
        CPPUNIT_ASSERT_EQUAL(
            200, parse(desk.confirm(asked.verification_id, code)).at("status").get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aRefusalGoesOnOnlyWhenTheAccountIsToBlame()
    {
        Desk desk;
        desk.reject(desk.ask().call, "balance", true);
        CPPUNIT_ASSERT_EQUAL(std::string("sending"), state(desk));
        desk.reject(desk.hub().lastCall("send").id, "phone_blocked", false);
        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), state(desk));
        CPPUNIT_ASSERT_EQUAL(std::string("phone_blocked"),
                             desk.newest().at("reason").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(1, desk.published("message.failed"));

        desk.hub().passTime(1); // so that it is the newest
        desk.notSent(desk.ask("+8619900000002").call);
        desk.notSent(desk.hub().lastCall("send").id);
        CPPUNIT_ASSERT_EQUAL(std::string("no_account"),
                             desk.newest().at("reason").get<std::string>());
    }

    void theUnknownIsNeverSentElsewhere()
    {
        Desk desk;
        const Asked asked = desk.ask();
        assertStatus(HUB_OK, desk.unknown(asked.call));
        CPPUNIT_ASSERT_EQUAL(std::string("in_doubt"), state(desk));
        CPPUNIT_ASSERT(desk.newest().at("in_doubt").get<bool>());
        assertStatus(HUB_OK, desk.unknown(asked.call));
        assertStatus(HUB_OK, desk.notSent(asked.call));
        desk.hub().passTime(kDay);

        CPPUNIT_ASSERT_EQUAL(std::string("in_doubt"), state(desk));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT_EQUAL(1, desk.published("message.in_doubt"));
        // Who asks again gets another code, after the pause like everybody.
        const Asked again = desk.ask();
        assertStatus(HUB_OK, desk.unknown(again.call));
        CPPUNIT_ASSERT_EQUAL(std::string("429 verification_limit"), codeOf(desk.askFor()));
        assertStatus(HUB_OK, desk.resolve(again.call, "accepted"));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), state(desk));
        CPPUNIT_ASSERT_EQUAL(
            200, parse(desk.confirm(again.verification_id, again.code)).at("status").get<int>());
    }

    void theConfiguredAccountIsTriedFirst()
    {
        Desk desk(Json{{"accounts", {kOther}}});
        desk.ask();
        CPPUNIT_ASSERT_EQUAL(std::string(kOther), desk.hub().lastCall("send").account);
    }

    void aCodeThatIsOverIsNotSentOn()
    {
        Desk desk;
        const Asked first = desk.ask();
        desk.hub().passTime(kMinute);
        const Asked second = desk.ask();
        desk.notSent(first.call); // replaced meanwhile
        desk.hub().passTime(5 * kMinute);
        desk.notSent(second.call); // too late
        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("send"));
        for (const Json& message : desk.messages()) {
            CPPUNIT_ASSERT_EQUAL(std::string("verification_over"),
                                 message.at("reason").get<std::string>());
        }
    }

    void reportsThatDoNotFitAreRefused()
    {
        struct Row {
            const char* name;
            Json changes;
            const char* account;
        };
        const Row rows[] = {
            {"another number", {{"number", "0198000000007000800000000000000101"}}, kMain},
            {"another phone", {{"phone", "+8619900000002"}}, kMain},
            {"another account", Json::object(), kOther},
            {"another number of the provider's", {{"provider_number", "1^0"}}, kMain},
            {"no number at all", {{"number", nullptr}}, kMain},
            {"no state of ours", {{"state", "read"}}, kMain}};
        Desk desk;
        desk.accept(desk.ask().call);
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name,
                                         hub_status{HUB_REJECTED},
                                         desk.report("delivered", row.changes, row.account).status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::string("accepted"), state(desk));
        }
        assertStatus(HUB_REJECTED, desk.hub().callback(kMain, R"({"proof":"address"})"));
        assertStatus(HUB_REJECTED, desk.hub().callback(kMain, "[]"));
        assertStatus(HUB_OK,
                     desk.report("delivered", {{"number", ""}, {"provider_number", "9001^0"}}));
    }

    void repeatedAndLateReportsChangeNothing()
    {
        Desk desk;
        desk.accept(desk.ask().call);
        assertStatus(HUB_OK, desk.report("delivered"));
        assertStatus(HUB_ALREADY_DONE, desk.report("delivered"));
        assertStatus(HUB_ALREADY_DONE, desk.report("failed", {{"reason", "phone_off"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("delivered"), state(desk));
        CPPUNIT_ASSERT(!desk.newest().contains("reason"));
        CPPUNIT_ASSERT_EQUAL(1, desk.published("message.delivered"));
        CPPUNIT_ASSERT_EQUAL(0, desk.published("message.failed"));
    }

    void aReportMayOvertakeTheAnswer()
    {
        Desk desk;
        const Asked asked = desk.ask();
        assertStatus(HUB_OK, desk.report("failed", {{"reason", "phone_off"}}));
        assertStatus(HUB_OK, desk.accept(asked.call));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), state(desk));
        CPPUNIT_ASSERT_EQUAL(std::string("phone_off"),
                             desk.newest().at("reason").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(0, desk.published("message.accepted"));
    }

    void aPushMayHoldSeveralReports()
    {
        Desk desk;
        desk.accept(desk.ask().call);
        const Json ours = {
            {"number", desk.lastSent().at("number")}, {"phone", kPhone}, {"state", "delivered"}};
        const Json foreign = {{"number", "unknown"}, {"phone", kPhone}, {"state", "delivered"}};
        const std::string push =
            Json{{"proof", "address"}, {"reports", {foreign, ours, ours}}}.dump();

        assertStatus(HUB_OK, desk.hub().callback(kMain, push));
        assertStatus(HUB_ALREADY_DONE, desk.hub().callback(kMain, push));
        CPPUNIT_ASSERT_EQUAL(1, desk.published("message.delivered"));
    }

    void eventsNameNobody()
    {
        Desk desk;
        desk.accept(desk.ask().call);
        const auto& event = desk.hub().publications().back();
        const std::string id = desk.newest().at("message_id");
        CPPUNIT_ASSERT_EQUAL(
            Json({{"message_id", id}, {"template", "verification_code"}, {"channel", "sms"}})
                .dump(),
            Json::parse(event.payload).dump());
        CPPUNIT_ASSERT_EQUAL(id, event.key);
    }

    void recipientsAreForgottenInTime()
    {
        Desk desk(Json{{"retention_days", 30}});
        desk.accept(desk.ask().call);
        desk.hub().passTime(29 * kDay);
        CPPUNIT_ASSERT_EQUAL(std::string("+86199****0001"),
                             desk.newest().at("recipient").get<std::string>());
        desk.hub().passTime(2 * kDay);
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.newest().at("recipient").get<std::string>());
        CPPUNIT_ASSERT(desk.messages({{"recipient", kPhone}}).empty());
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{0},
            desk.hub().store().integer("SELECT COUNT(*) FROM messaging_verification"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             desk.hub().store().integer("SELECT COUNT(*) FROM messaging_message"
                                                        " WHERE person LIKE 'number:%'"));
        CPPUNIT_ASSERT(desk.hub().timers().empty());
        // A late report is judged by its number alone then.
        assertStatus(HUB_OK, desk.report("delivered"));
    }

    void messagesAreFoundByNumberAndByItsEnd()
    {
        Desk desk;
        desk.ask("+8619900000001");
        desk.ask("+8619900010001");
        desk.ask("+8619900000002");
        const auto count = [&](const Json& query) {
            return desk.messages(query).size();
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count({{"recipient", "199 0000 0001"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count({{"recipient_tail", "0001"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count({{"recipient_tail", "9000"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, count({{"state", "sending"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count({{"template", "order.paid"}}));
        const Json page = desk.messages({{"limit", "2"}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, page.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             count({{"limit", "2"}, {"cursor", page.at(1).at("message_id")}}));
        const hub::Answer refused =
            desk.hub().get("message.list", R"({"query":{"recipient":"12"}})");
        CPPUNIT_ASSERT_EQUAL(std::string("422 phone_length"), codeOf(refused));
    }
};

HUB_TEST_SUITE_REGISTRATION(SendingTest, "sending");

} // namespace
