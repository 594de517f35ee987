// Goal: who was here before proves it by any of three ways and is linked to the past organization;
// who can't registers anew; nobody learns which accounts there were. Method: the plugin on the fake
// hub, with an organization that is made one of a past edition in the tables.
#include "desk.hpp"
#include "domain/digest.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

const std::string kMail = "past@example.org";

class PastVisitorsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PastVisitorsTest);
    CPPUNIT_TEST(thePastPasswordLinks);
    CPPUNIT_TEST(aCodeToThePastPhoneLinks);
    CPPUNIT_TEST(aCodeToThePastMailboxLinks);
    CPPUNIT_TEST(anUnknownAccountLooksLikeAStrangersOne);
    CPPUNIT_TEST(aPastWithoutAPasswordIsProvenByCodes);
    CPPUNIT_TEST(aPastAccountLetsNobodyIn);
    CPPUNIT_TEST(aVerificationCountsOnceAndNotForLong);
    CPPUNIT_TEST(aPastOrganizationIsOneNow);
    CPPUNIT_TEST(guessingIsSlowed);
    CPPUNIT_TEST(withoutAProofThereIsNoLink);
    CPPUNIT_TEST(otherPluginsLearnHowItWasVerified);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;
    std::string past_id_;
    int proofs_ = 0;

    /// kCode took part in edition 6, with kPhone and kMail.
    void givenAPast()
    {
        const std::string session = desk_.registered();
        const Json me = desk_.get("me.show", session).body;
        past_id_ = me.at("organization_id");
        const std::string login = me.at("login_id");
        using hub::testing::PersonFake;
        desk_.fake.store().asHub(
            "UPDATE identity_organization SET edition = '6', state = 'archived';"
            "UPDATE identity_login SET edition = '6', state = 'archived', mail = X'" +
            toHex(PersonFake::seal(login, "mail", kMail)) + "', mail_index = X'" +
            toHex(PersonFake::blindIndex("mail", kMail)) + "'");
    }

    Heard byPassword(const std::string& password, const std::string& account = kCode)
    {
        return desk_.post(
            "past_visitor.verify",
            {{"account", account}, {"password", password}, {"captcha", desk_.captcha()}});
    }

    Heard byCode(const std::string& account = kCode)
    {
        return desk_.post("past_visitor.verify",
                          {{"account", account}, {"verification", nextProof()}});
    }

    Json nextProof() { return Desk::verification("proof-" + std::to_string(++proofs_)); }

    Heard registerWith(const Heard& verified)
    {
        desk_.prove(kPhone);
        Json body = Desk::organization();
        body["verification"] = nextProof();
        if (verified.status == 201) {
            body["past_verification"] = {{"id", verified.body.at("past_verification_id")},
                                         {"token", verified.body.at("token")}};
        }
        return desk_.post("organization.register", body);
    }

    Json lastRegistered() const { return Json::parse(desk_.fake.publications().back().payload); }

    void assertLinks(const Heard& verified)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(verified.body.dump(), 201, verified.status);
        CPPUNIT_ASSERT(verified.body.at("past").at("edition") == "6");
        CPPUNIT_ASSERT(verified.body.at("past").at("social_credit_code") == kCode);

        const Heard heard = registerWith(verified);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        CPPUNIT_ASSERT(lastRegistered().at("past_organization_id") == past_id_);
    }

    void release()
    {
        desk_.fake.commandUnit(
            "organization.release",
            Json::array({lastRegistered().at("organization_id"), "test"}).dump());
    }

public:
    void thePastPasswordLinks()
    {
        givenAPast();
        assertLinks(byPassword(kPassword));
    }

    void aCodeToThePastPhoneLinks()
    {
        givenAPast();
        desk_.prove(kPhone);
        assertLinks(byCode(" " + kCode));
    }

    void aCodeToThePastMailboxLinks()
    {
        givenAPast();
        desk_.proveMail("PAST@example.org");
        assertLinks(byCode(" " + kCode));
    }

    void anUnknownAccountLooksLikeAStrangersOne()
    {
        givenAPast();
        const int before = desk_.tasks;
        const Heard wrong = byPassword("sample-Word-2");
        const Heard unknown = byPassword("sample-Word-2", kOtherCode);
        CPPUNIT_ASSERT_EQUAL(401, wrong.status);
        CPPUNIT_ASSERT(wrong.body == unknown.body);
        CPPUNIT_ASSERT_EQUAL(before + 2, desk_.tasks); // both take the same time
        desk_.prove("+8619900000002");
        const Heard stranger = byCode();
        CPPUNIT_ASSERT_EQUAL(401, stranger.status);
        CPPUNIT_ASSERT(stranger.body == byCode(kOtherCode).body);
        desk_.proveMail("stranger@example.org");
        CPPUNIT_ASSERT(stranger.body == byCode().body);
        // A proof of nothing, and a login that has the index of nothing.
        desk_.fake.store().asHub("UPDATE identity_login SET mail_index = X'" +
                                 toHex(hub::testing::PersonFake::blindIndex("mail", "")) + "'");
        desk_.proveMail("");
        CPPUNIT_ASSERT(stranger.body == byCode().body);
        CPPUNIT_ASSERT(stranger.body == wrong.body);
    }

    void aPastWithoutAPasswordIsProvenByCodes()
    {
        givenAPast();
        desk_.fake.store().asHub("UPDATE identity_login SET password = ''");
        CPPUNIT_ASSERT_EQUAL(401, byPassword(kPassword).status);
        CPPUNIT_ASSERT_EQUAL(201, byCode().status);
    }

    void aPastAccountLetsNobodyIn()
    {
        givenAPast();
        CPPUNIT_ASSERT_EQUAL(
            401,
            desk_.post("login.password", {{"account", kCode}, {"password", kPassword}}).status);
        CPPUNIT_ASSERT_EQUAL(
            401,
            desk_.post("login.code", {{"account", kCode}, {"verification", nextProof()}}).status);
    }

    void aVerificationCountsOnceAndNotForLong()
    {
        givenAPast();
        const Heard verified = byCode();
        Heard forged = verified;
        forged.body["token"] = std::string(64, '0');
        CPPUNIT_ASSERT(registerWith(forged).body.at("code") == "past_verification_over");
        CPPUNIT_ASSERT_EQUAL(201, registerWith(verified).status);
        release();
        CPPUNIT_ASSERT(registerWith(verified).body.at("code") == "past_verification_over");
        const Heard late = byCode();
        desk_.fake.passTime(60 * 60'000);
        CPPUNIT_ASSERT(registerWith(late).body.at("code") == "past_verification_over");
        CPPUNIT_ASSERT(desk_.fake.storeBytes().find(verified.body.at("token").get<std::string>()) ==
                       std::string::npos);
    }

    void aPastOrganizationIsOneNow()
    {
        givenAPast();
        CPPUNIT_ASSERT_EQUAL(201, registerWith(byCode()).status);
        const Heard again = byCode();
        desk_.proveMail(kMail);
        Json body = Desk::overseas("v-9");
        body["past_verification"] = {{"id", again.body.at("past_verification_id")},
                                     {"token", again.body.at("token")}};
        CPPUNIT_ASSERT(desk_.post("organization.register", body).body.at("code") ==
                       "past_organization_registered");
    }

    void guessingIsSlowed()
    {
        givenAPast();
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(
                401,
                desk_.post("past_visitor.verify", {{"account", kCode}, {"password", "wrong"}})
                    .status);
        }
        CPPUNIT_ASSERT(
            desk_.post("past_visitor.verify", {{"account", kCode}, {"password", kPassword}})
                .body.at("code") == "captcha_needed");
        for (int i = 0; i < 2; ++i) {
            CPPUNIT_ASSERT_EQUAL(401, byPassword("wrong").status);
        }
        CPPUNIT_ASSERT_EQUAL(429, byPassword(kPassword).status);
        CPPUNIT_ASSERT_EQUAL(201, byCode().status); // the other ways go on
    }

    void withoutAProofThereIsNoLink()
    {
        givenAPast();
        CPPUNIT_ASSERT_EQUAL(201, registerWith(byPassword("wrong")).status);
        CPPUNIT_ASSERT(!lastRegistered().contains("past_organization_id"));
        CPPUNIT_ASSERT_EQUAL(422, desk_.post("past_visitor.verify", {{"account", kCode}}).status);
        CPPUNIT_ASSERT_EQUAL(
            422,
            desk_
                .post("past_visitor.verify",
                      {{"account", kCode}, {"password", kPassword}, {"verification", nextProof()}})
                .status);
    }

    void otherPluginsLearnHowItWasVerified()
    {
        givenAPast();
        registerWith(byPassword(kPassword));
        const Json question = {{"organization_id", lastRegistered().at("organization_id")}};
        const Json said = desk_.asked("past_verification", question);
        CPPUNIT_ASSERT(said.at("verified") == true);
        CPPUNIT_ASSERT(said.at("way") == "password");
        CPPUNIT_ASSERT(said.at("past_organization_id") == past_id_);
        CPPUNIT_ASSERT(said.at("past_edition") == "6");
        CPPUNIT_ASSERT(desk_.asked("past_verification", {{"organization_id", past_id_}}) ==
                       Json({{"verified", false}}));
    }
};

HUB_TEST_SUITE_REGISTRATION(PastVisitorsTest, "past_visitors");

} // namespace

} // namespace identity::test
