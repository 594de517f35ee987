// Goal: an organization has two contacts with log-ins of their own; a leaver is out at once, and a
// session that somebody left open opens no new way in. Method: the plugin on the fake hub.
#include "desk.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

const std::string kNewPhone = "+8619900000002";

class ContactsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ContactsTest);
    CPPUNIT_TEST(aSecondContactLogsInByTheirOwnAccount);
    CPPUNIT_TEST(thereAreTwoAtMost);
    CPPUNIT_TEST(aSuccessorTakesTheAccountAndTheLeaverIsOut);
    CPPUNIT_TEST(nobodyRemovesThemselves);
    CPPUNIT_TEST(theOtherContactIsRemoved);
    CPPUNIT_TEST(anotherPhoneNeedsCodeAndPassword);
    CPPUNIT_TEST(anotherOrganizationsContactsAreOutOfReach);
    CPPUNIT_TEST(othersAreToldAboutActiveContactsOnly);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;
    std::string session_;
    int proofs_ = 0;

    Json form(const std::string& password = kPassword)
    {
        return {{"verification", Desk::verification("proof-" + std::to_string(++proofs_))},
                {"language", "en"},
                {"name", "样本乙"},
                {"password", password}};
    }

    Heard addSecond()
    {
        desk_.prove(kNewPhone);
        return desk_.post("contact.create", form(), session_);
    }

    Heard byCode(const std::string& account)
    {
        return desk_.post("login.code",
                          {{"account", account}, {"verification", form().at("verification")}});
    }

    Json own() { return desk_.get("me.show", session_).body; }

public:
    void setUp() override { session_ = desk_.registered(); }

    void aSecondContactLogsInByTheirOwnAccount()
    {
        const Heard heard = addSecond();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        CPPUNIT_ASSERT(heard.body.at("account") == kCode + "-2");
        CPPUNIT_ASSERT(heard.body.dump().find(kNewPhone) == std::string::npos);
        CPPUNIT_ASSERT(heard.body.dump().find("样本乙") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("contact.added"));
        CPPUNIT_ASSERT_EQUAL(401, byCode(kCode).status); // not the first one's phone
        const Heard second = byCode(kCode + "-2");
        CPPUNIT_ASSERT_EQUAL(200, second.status);
        CPPUNIT_ASSERT(second.body.at("organization_id") == own().at("organization_id"));
        CPPUNIT_ASSERT(second.body.at("login_id") != own().at("login_id"));
        const Json listed = desk_.get("contact.list", session_).body.at("contacts");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, listed.size());
        CPPUNIT_ASSERT(listed.at(0).at("is_you") == true);
    }

    void thereAreTwoAtMost()
    {
        addSecond();
        CPPUNIT_ASSERT(addSecond().body.at("code") == "contacts_full");
    }

    void aSuccessorTakesTheAccountAndTheLeaverIsOut()
    {
        desk_.prove(kNewPhone);
        const Heard heard =
            desk_.carryOut(HUB_KIND_UNIT,
                           "contact.replace",
                           {{"path", {{"login_id", own().at("login_id")}}}, {"body", form()}},
                           session_);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body.at("account") == kCode);
        CPPUNIT_ASSERT_THROW(own(), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("contact.left"));
        CPPUNIT_ASSERT_EQUAL(
            401,
            desk_.post("login.password", {{"account", kCode}, {"password", kPassword}}).status);
        CPPUNIT_ASSERT_EQUAL(200, byCode(kCode).status);
        desk_.prove(kPhone);
        CPPUNIT_ASSERT_EQUAL(401, byCode(kCode).status);
    }

    void nobodyRemovesThemselves()
    {
        addSecond();
        CPPUNIT_ASSERT_EQUAL(
            409, desk_.erase("contact.end", {{"login_id", own().at("login_id")}}, session_).status);
    }

    void theOtherContactIsRemoved()
    {
        const Heard second = addSecond();
        const std::string their_session = byCode(kCode + "-2").body.at("session_id");
        const Json path = {{"login_id", second.body.at("login_id")}};
        CPPUNIT_ASSERT_EQUAL(200, desk_.erase("contact.end", path, session_).status);
        CPPUNIT_ASSERT_THROW(desk_.get("me.show", their_session), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(401, byCode(kCode + "-2").status);
        CPPUNIT_ASSERT_EQUAL(404, desk_.erase("contact.end", path, session_).status);
        CPPUNIT_ASSERT_EQUAL(201, addSecond().status); // the place is free again
    }

    void anotherPhoneNeedsCodeAndPassword()
    {
        const std::string other = desk_.logInSession(kCode, kPassword);
        desk_.prove(kNewPhone);
        Json body = form("sample-Word-2");
        const Heard wrong = desk_.put("me.change_contact", Json::object(), body, session_);
        CPPUNIT_ASSERT(wrong.body.at("code") == "password_wrong");
        CPPUNIT_ASSERT(wrong.body.at("pointer") == "/password");
        CPPUNIT_ASSERT_EQUAL(401, byCode(kCode).status);

        CPPUNIT_ASSERT_EQUAL(
            200, desk_.put("me.change_contact", Json::object(), form(), session_).status);

        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("contact.changed"));
        CPPUNIT_ASSERT_THROW(desk_.get("me.show", other), std::runtime_error);
        CPPUNIT_ASSERT(own().at("account") == kCode); // this session goes on
        CPPUNIT_ASSERT_EQUAL(200, byCode(kCode).status);
        desk_.proveMail("contact@example.org");
        desk_.put("me.change_contact", Json::object(), form(), session_);
        CPPUNIT_ASSERT_EQUAL(200, byCode(kCode).status);
        desk_.prove(kNewPhone);
        CPPUNIT_ASSERT_EQUAL(200, byCode(kCode).status); // the phone is still there
    }

    void anotherOrganizationsContactsAreOutOfReach()
    {
        const Json strange = own().at("login_id");
        desk_.prove(kNewPhone);
        const std::string other =
            desk_.post("organization.register", Desk::organization(kOtherCode, "proof-x"))
                .body.at("session_id");
        CPPUNIT_ASSERT_EQUAL(404,
                             desk_.erase("contact.end", {{"login_id", strange}}, other).status);
        CPPUNIT_ASSERT_EQUAL(
            404, desk_.put("contact.replace", {{"login_id", strange}}, form(), other).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             desk_.get("contact.list", other).body.at("contacts").size());
        // Staff may act for no organization.
        const Staff organizer =
            desk_.staff("organizer@example.org", Json::array({{{"role", "organizer"}}}));
        CPPUNIT_ASSERT_EQUAL(404, desk_.get("contact.list", organizer.session).status);
        CPPUNIT_ASSERT_EQUAL(404, desk_.post("contact.create", form(), organizer.session).status);
    }

    void othersAreToldAboutActiveContactsOnly()
    {
        const Json question = {{"organization_id", own().at("organization_id")}};
        const Heard second = addSecond();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                             desk_.asked("contacts", question).at("contacts").size());
        desk_.erase("contact.end", {{"login_id", second.body.at("login_id")}}, session_);
        const Json contacts = desk_.asked("contacts", question).at("contacts");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, contacts.size());
        CPPUNIT_ASSERT(contacts.at(0).at("phone") == kPhone);
    }
};

HUB_TEST_SUITE_REGISTRATION(ContactsTest, "contacts");

} // namespace

} // namespace identity::test
