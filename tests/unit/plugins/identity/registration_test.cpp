// Goal: an organization comes to one account by its code and a verified phone; whatever is wrong
// is named in both languages, and nothing is told about other organizations before the phone is
// proven. Method: the plugin on the fake hub.
#include "desk.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

const std::string kMail = "visitor@example.org";

class RegistrationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RegistrationTest);
    CPPUNIT_TEST(aVerifiedPhoneAndACodeMakeAnAccount);
    CPPUNIT_TEST(whatIsWrongIsNamed);
    CPPUNIT_TEST(aCodeHasOneAccountInAnEdition);
    CPPUNIT_TEST(nothingIsToldBeforeThePhoneIsProven);
    CPPUNIT_TEST(aProofCountsOnce);
    CPPUNIT_TEST(whoIsNotOfTheMainlandGetsAnAccountByMail);
    CPPUNIT_TEST(theMainlandVerifiesAPhone);
    CPPUNIT_TEST(aMistypedAccountIsToldApart);
    CPPUNIT_TEST(theEntryPageOffersWhatIsAccepted);
    CPPUNIT_TEST(aReleasedCodeIsFreeAndItsAccountIsNot);
    CPPUNIT_TEST(whatIsPersonalIsNeitherInTheEventNorInTheTables);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    std::string codeOf(const Heard& heard) const { return heard.body.value("code", ""); }

public:
    void aVerifiedPhoneAndACodeMakeAnAccount()
    {
        const Heard heard = desk_.post("organization.register", Desk::organization());

        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("organization.registered"));
        const Heard me = desk_.get("me.show", heard.body.at("session_id"));
        CPPUNIT_ASSERT_EQUAL(kCode, me.body.at("account").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(heard.body.at("organization_id"), me.body.at("organization_id"));
        CPPUNIT_ASSERT_EQUAL(std::string("contact"),
                             me.body.at("roles").at(0).at("role").get<std::string>());
        CPPUNIT_ASSERT(me.body.at("phone").get<std::string>().find("0000") == std::string::npos);
    }

    void whatIsWrongIsNamed()
    {
        struct Row {
            std::string name;
            Json change;
            std::string pointer;
        };
        for (const Row& row : std::vector<Row>{
                 {"check character",
                  {{"social_credit_code", "91310000MAXHUB0140"}},
                  "/social_credit_code"},
                 {"letter", {{"social_credit_code", "91310000MAXHUB0I4C"}}, "/social_credit_code"},
                 {"no code", {{"social_credit_code", ""}}, "/social_credit_code"},
                 {"code of nobody there", {{"region", "overseas"}}, "/social_credit_code"},
                 {"class of elsewhere", {{"class", "other"}}, "/class"},
                 {"class of the mainland",
                  {{"region", "hongkong"}, {"class", "public_institution"}},
                  "/class"},
                 {"no consent", {{"privacy_version", ""}}, "/privacy_version"},
                 {"consent to a former clause", {{"privacy_version", "0"}}, "/privacy_version"},
                 {"weak password", {{"password", "12345678"}}, "/password"}}) {
            Json body = Desk::organization();
            body.update(row.change);
            const Heard heard = desk_.post("organization.register", body);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, 422, heard.status);
            const Json& violation = heard.body.at("violations").at(0);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, row.pointer, violation.at("pointer").get<std::string>());
            CPPUNIT_ASSERT(!violation.at("message").at("zh").get<std::string>().empty());
            CPPUNIT_ASSERT(!violation.at("message").at("en").get<std::string>().empty());
        }
        CPPUNIT_ASSERT_EQUAL(0, desk_.fake.countPublished("organization.registered"));
        CPPUNIT_ASSERT_EQUAL(0, desk_.tasks);
    }

    void aCodeHasOneAccountInAnEdition()
    {
        desk_.registered();
        // However it is typed.
        Json again = Desk::organization(" 91310000maxhub014c", "verification-2");
        const Heard heard = desk_.post("organization.register", again);

        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT_EQUAL(std::string("social_credit_code_registered"), codeOf(heard));
        again["social_credit_code"] = kOtherCode;
        CPPUNIT_ASSERT_EQUAL(201, desk_.post("organization.register", again).status);
    }

    void nothingIsToldBeforeThePhoneIsProven()
    {
        desk_.registered();
        desk_.disprove();
        for (const std::string& code : {kCode, kOtherCode}) {
            const Heard heard =
                desk_.post("organization.register", Desk::organization(code, "verification-2"));
            CPPUNIT_ASSERT_EQUAL(std::string("verification_missing"), codeOf(heard));
        }
    }

    void aProofCountsOnce()
    {
        desk_.registered();
        const Heard heard = desk_.post("organization.register", Desk::organization(kOtherCode));
        CPPUNIT_ASSERT_EQUAL(std::string("verification_missing"), codeOf(heard));
    }

    void whoIsNotOfTheMainlandGetsAnAccountByMail()
    {
        CPPUNIT_ASSERT(codeOf(desk_.post("organization.register", Desk::overseas("v-1"))) ==
                       "mail_needed");
        desk_.proveMail(kMail);
        const Heard heard = desk_.post("organization.register", Desk::overseas("v-1"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        const std::string account = heard.body.at("account");
        CPPUNIT_ASSERT_EQUAL(std::string("OV000000011"), account);
        const Heard me = desk_.get("me.show", heard.body.at("session_id"));
        CPPUNIT_ASSERT(me.body.at("account") == account);
        const Heard next = desk_.post("organization.register", Desk::overseas("v-2"));
        CPPUNIT_ASSERT(next.body.at("account") != account);
        // The mailbox lets in, however it is written, and sets a new password.
        desk_.proveMail("VISITOR@Example.org");
        CPPUNIT_ASSERT_EQUAL(
            200,
            desk_
                .post("login.code",
                      {{"account", "ov 0000 00011"}, {"verification", Desk::verification("v-3")}})
                .status);
        CPPUNIT_ASSERT_EQUAL(200,
                             desk_
                                 .post("password.reset",
                                       {{"account", account},
                                        {"verification", Desk::verification("v-4")},
                                        {"password", "another-Word-2"}})
                                 .status);
        desk_.prove(kMail); // as a phone it proves nothing
        CPPUNIT_ASSERT_EQUAL(
            401,
            desk_
                .post("login.code",
                      {{"account", account}, {"verification", Desk::verification("v-5")}})
                .status);
    }

    void theMainlandVerifiesAPhone()
    {
        desk_.proveMail(kMail);
        CPPUNIT_ASSERT(codeOf(desk_.post("organization.register", Desk::organization())) ==
                       "phone_needed");
    }

    void aMistypedAccountIsToldApart()
    {
        const auto logIn = [this](const std::string& account) {
            return desk_.post("login.password", {{"account", account}, {"password", "x"}}).status;
        };
        CPPUNIT_ASSERT_EQUAL(422, logIn("OV000000012"));
        CPPUNIT_ASSERT_EQUAL(422, logIn("OV00000011"));
        CPPUNIT_ASSERT_EQUAL(401, logIn("OV000000011")); // may exist
    }

    void theEntryPageOffersWhatIsAccepted()
    {
        const Json entry = desk_.get("entry.show", "").body;
        CPPUNIT_ASSERT(entry.at("default_region") == "mainland");
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, entry.at("regions").size());
        int number = 0;
        for (const Json& region : entry.at("regions")) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{4}, region.at("classes").size());
            const bool is_mainland = region.at("region") == "mainland";
            CPPUNIT_ASSERT(region.at("verification") == (is_mainland ? "sms" : "mail"));
            for (const Json& one : region.at("classes")) {
                CPPUNIT_ASSERT(!one.at("title").at("zh").get<std::string>().empty());
                desk_.proveMail(kMail);
                Json body = Desk::overseas("v-" + std::to_string(++number));
                body.update({{"region", region.at("region")}, {"class", one.at("class")}});
                if (!is_mainland) {
                    CPPUNIT_ASSERT_EQUAL(201, desk_.post("organization.register", body).status);
                }
            }
        }
        CPPUNIT_ASSERT_EQUAL(16, number - 4);
    }

    void aReleasedCodeIsFreeAndItsAccountIsNot()
    {
        const std::string session = desk_.registered();
        const std::string organization = desk_.get("me.show", session).body.at("organization_id");

        const hub::Answer released = desk_.fake.commandUnit(
            "organization.release", Json::array({organization, "licence was shown"}).dump());

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, released.status);
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("organization.code_released"));
        CPPUNIT_ASSERT_THROW(desk_.get("me.show", session), std::runtime_error); // it has ended
        CPPUNIT_ASSERT_EQUAL(
            401,
            desk_.post("login.password", {{"account", kCode}, {"password", kPassword}}).status);
        CPPUNIT_ASSERT_EQUAL(
            201,
            desk_.post("organization.register", Desk::organization(kCode, "verification-2"))
                .status);
        CPPUNIT_ASSERT_EQUAL(
            hub_status{HUB_NOT_FOUND},
            desk_.fake
                .commandUnit("organization.release", Json::array({organization, "again"}).dump())
                .status);
    }

    void whatIsPersonalIsNeitherInTheEventNorInTheTables()
    {
        desk_.registered();
        for (const auto& publication : desk_.fake.publications()) {
            CPPUNIT_ASSERT(publication.payload.find(kPhone) == std::string::npos);
        }
        const std::string bytes = desk_.fake.storeBytes();
        CPPUNIT_ASSERT(!bytes.empty());
        CPPUNIT_ASSERT(bytes.find(kPhone) == std::string::npos);
        CPPUNIT_ASSERT(bytes.find(kPassword) == std::string::npos);
        CPPUNIT_ASSERT(bytes.find("scrypt$15$8$1$") != std::string::npos);
    }
};

HUB_TEST_SUITE_REGISTRATION(RegistrationTest, "registration");

} // namespace

} // namespace identity::test
