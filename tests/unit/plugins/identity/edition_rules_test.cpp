// Goal: what the entry page tells and what registering and logging in accept follow the edition's
// rules, and nobody is locked out while they can't be read. Method: the plugin on the fake hub,
// with the shipped pack of edition 7 and changes to it.
#include "desk.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

class EditionRulesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EditionRulesTest);
    CPPUNIT_TEST(everybodyRegistersInAdvance);
    CPPUNIT_TEST(theWayToTheBadgeIsTold);
    CPPUNIT_TEST(theEntryPageOpensTheVerificationOfPastVisitors);
    CPPUNIT_TEST(threeWaysOfVerificationAreOffered);
    CPPUNIT_TEST(whoReusesABadgeReadsWhereToEnter);
    CPPUNIT_TEST(classesAreTheEditions);
    CPPUNIT_TEST(whatTheEditionDoesNotOfferIsRefused);
    CPPUNIT_TEST(aWayThatIsNotOfferedProvesNothing);
    CPPUNIT_TEST(withoutAnAnswerEveryRuleHolds);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Json entry() { return desk_.get("entry.show", "").body; }

    static void assertRefused(int status, const std::string& code, const Heard& heard)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), status, heard.status);
        CPPUNIT_ASSERT_EQUAL(code, heard.body.value("code", ""));
        for (const char* language : {"en", "zh"}) {
            CPPUNIT_ASSERT(!heard.body.at("detail").value(language, "").empty());
        }
    }

public:
    void everybodyRegistersInAdvance()
    {
        const Json notice = entry().value("notice", Json::object());
        CPPUNIT_ASSERT(!notice.value("en", "").empty());
        CPPUNIT_ASSERT(notice.value("zh", "") == "所有专业观众须提前在线注册报名。");
    }

    void theWayToTheBadgeIsTold()
    {
        Json steps = Json::array();
        const Json told = entry();
        for (const Json& step : told.at("steps")) {
            CPPUNIT_ASSERT(!step.at("title").value("en", "").empty());
            CPPUNIT_ASSERT(!step.at("title").value("zh", "").empty());
            steps.push_back(step.at("step"));
        }
        CPPUNIT_ASSERT_EQUAL(
            Json(
                {"sign_up", "organization", "persons", "delegation", "payment", "review", "badge"}),
            steps);
    }

    void theEntryPageOpensTheVerificationOfPastVisitors()
    {
        CPPUNIT_ASSERT(entry().contains("past_visitors"));
    }

    void threeWaysOfVerificationAreOffered()
    {
        CPPUNIT_ASSERT_EQUAL(Json::array({"password", "sms", "mail"}),
                             entry().at("past_visitors").at("ways"));
    }

    void whoReusesABadgeReadsWhereToEnter()
    {
        const Json notice = entry().at("past_visitors").value("notice", Json::object());
        CPPUNIT_ASSERT(notice.value("en", "").find("reuse") != std::string::npos);
        CPPUNIT_ASSERT(notice.value("zh", "").find("证件复用") != std::string::npos);
    }

    void classesAreTheEditions()
    {
        desk_.keepRules({{"classes", {{"mainland", {"social_organization"}}}}});

        const Json regions = entry().at("regions");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, regions.at(0).at("classes").size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, regions.at(1).at("classes").size()); // not named
        const Heard heard = desk_.post("organization.register", Desk::organization());
        assertRefused(422, "organization_invalid", heard);
        CPPUNIT_ASSERT(heard.body.at("violations").at(0).at("pointer") == "/class");
    }

    void whatTheEditionDoesNotOfferIsRefused()
    {
        desk_.switchOff("R-006");
        assertRefused(
            409, "sign_up_not_offered", desk_.post("organization.register", Desk::organization()));
        desk_.switchOff("R-036");
        desk_.registered();
        assertRefused(409,
                      "password_reset_by_phone_not_offered",
                      desk_.post("password.reset",
                                 {{"account", kCode},
                                  {"verification", Desk::verification("verification-2")},
                                  {"password", "another-Word-2"}}));
        desk_.switchOff("R-051");
        assertRefused(409,
                      "login_not_offered",
                      desk_.post("login.password", {{"account", kCode}, {"password", kPassword}}));
        assertRefused(
            409,
            "login_not_offered",
            desk_.post("login.code",
                       {{"account", kCode}, {"verification", Desk::verification("v-3")}}));
    }

    void aWayThatIsNotOfferedProvesNothing()
    {
        const Json by_password = {{"account", kCode}, {"password", kPassword}};
        const Json by_code = {{"account", kCode}, {"verification", Desk::verification()}};
        desk_.switchOff("R-040");
        assertRefused(409, "past_way_not_offered", desk_.post("past_visitor.verify", by_password));
        assertRefused(409, "past_way_not_offered", desk_.post("past_visitor.verify", by_code));
        desk_.switchOff("R-041");
        assertRefused(401, "past_not_verified", desk_.post("past_visitor.verify", by_password));
        assertRefused(409, "past_way_not_offered", desk_.post("past_visitor.verify", by_code));
        CPPUNIT_ASSERT_EQUAL(Json::array({"password"}), entry().at("past_visitors").at("ways"));
    }

    void withoutAnAnswerEveryRuleHolds()
    {
        for (const hub::Answer& answer : {hub::Answer{HUB_UNAVAILABLE, "busy", "", 0},
                                          hub::Answer{HUB_OK, "", "no JSON", 0},
                                          hub::Answer{HUB_OK, "", R"({"pack":null})", 0}}) {
            desk_.fake.setAnswer("registration", "edition", answer);
            CPPUNIT_ASSERT_EQUAL(std::size_t{7}, entry().at("steps").size());
            CPPUNIT_ASSERT_EQUAL(std::size_t{4}, entry().at("regions").at(0).at("classes").size());
        }
        desk_.registered();
        desk_.logInSession(kCode, kPassword);
    }
};

HUB_TEST_SUITE_REGISTRATION(EditionRulesTest, "edition_rules");

} // namespace

} // namespace identity::test
