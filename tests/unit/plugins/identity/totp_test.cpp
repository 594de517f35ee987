// Goal: the second factor is RFC 6238, a code counts once, and without it staff get in nowhere.
// Method: the vectors of the RFC, then the plugin on the fake hub.
#include "desk.hpp"
#include "domain/digest.hpp"
#include "domain/totp.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

const std::string kMail = "organizer@example.org";
const Json kRoles = Json::array({{{"role", "organizer"}}});
constexpr std::int64_t kStepMs = 30'000;

class TotpTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TotpTest);
    CPPUNIT_TEST(codesAreThoseOfTheRfc);
    CPPUNIT_TEST(aNeighboringStepCountsAndNoStepTwice);
    CPPUNIT_TEST(base32IsThatOfTheRfc);
    CPPUNIT_TEST(theAddressIsReadByAuthenticators);
    CPPUNIT_TEST(withoutAnAuthenticatorOneCanOnlySetItUp);
    CPPUNIT_TEST(staffLogInByPasswordAndCode);
    CPPUNIT_TEST(aRecoveryCodeLetsInOnce);
    CPPUNIT_TEST(theMailBoxAloneLetsNobodyIn);
    CPPUNIT_TEST(aResetAuthenticatorIsForgotten);
    CPPUNIT_TEST(anErasedPersonIsLetInByNothing);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Heard logIn(const std::string& code, const std::string& password = kPassword)
    {
        return desk_.post("login.password",
                          {{"account", kMail},
                           {"password", password},
                           {"code", code},
                           {"captcha", desk_.captcha()}});
    }

public:
    void codesAreThoseOfTheRfc()
    {
        struct Row {
            std::int64_t second;
            std::string code; // the last six of the eight digits of RFC 6238, appendix B
        };
        for (const Row& row : std::vector<Row>{{59, "287082"},
                                               {1111111109, "081804"},
                                               {1111111111, "050471"},
                                               {1234567890, "005924"},
                                               {2000000000, "279037"},
                                               {20000000000, "353130"}}) {
            CPPUNIT_ASSERT_EQUAL(row.code, totpCode("12345678901234567890", row.second / 30));
        }
    }

    void aNeighboringStepCountsAndNoStepTwice()
    {
        const std::string secret = "12345678901234567890";
        const std::int64_t step = 40'000'000;
        const auto of = [&](std::int64_t code_step, std::int64_t last) {
            return totpStep(secret, totpCode(secret, code_step), step * kStepMs, last);
        };
        CPPUNIT_ASSERT(of(step - 1, 0) == step - 1);
        CPPUNIT_ASSERT(of(step, 0) == step);
        CPPUNIT_ASSERT(of(step + 1, 0) == step + 1);
        CPPUNIT_ASSERT(!of(step - 2, 0));
        CPPUNIT_ASSERT(!of(step + 2, 0));
        CPPUNIT_ASSERT(!of(step, step));
        CPPUNIT_ASSERT(!of(step, step + 1));
        CPPUNIT_ASSERT(!totpStep(secret, "", step * kStepMs, 0));
    }

    void base32IsThatOfTheRfc()
    {
        // RFC 4648, section 10, without padding.
        const std::vector<std::pair<std::string, std::string>> rows = {{"", ""},
                                                                       {"f", "MY"},
                                                                       {"fo", "MZXQ"},
                                                                       {"foo", "MZXW6"},
                                                                       {"foob", "MZXW6YQ"},
                                                                       {"fooba", "MZXW6YTB"},
                                                                       {"foobar", "MZXW6YTBOI"}};
        for (const auto& [plain, text] : rows) {
            CPPUNIT_ASSERT_EQUAL(text, toBase32(plain));
        }
    }

    void theAddressIsReadByAuthenticators()
    {
        CPPUNIT_ASSERT_EQUAL(
            std::string("otpauth://totp/A%20B:a%40example.org?secret=MZXW6YTB&issuer=A%20B"
                        "&algorithm=SHA1&digits=6&period=30"),
            totpAddress("fooba", "A B", "a@example.org"));
    }

    void withoutAnAuthenticatorOneCanOnlySetItUp()
    {
        desk_.joined(kMail, kRoles);
        const Heard heard = logIn("");
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        const auto& session = desk_.fake.sessions().back();
        CPPUNIT_ASSERT_EQUAL(std::string(R"(["totp:enroll"])"), session.scopes);
        CPPUNIT_ASSERT(session.expires_ms <= desk_.fake.clock().nowMs() + 30 * 60'000);
        CPPUNIT_ASSERT(
            desk_.post("totp.confirm", {{"code", "000000"}}, session.id).body.at("code") ==
            "totp_not_begun");
        const Json begun = desk_.post("totp.begin", Json::object(), session.id).body;
        CPPUNIT_ASSERT(begun.at("uri").get<std::string>().find(
                           begun.at("secret").get<std::string>()) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(422, desk_.post("totp.confirm", {{"code", "x"}}, session.id).status);
    }

    void staffLogInByPasswordAndCode()
    {
        const Staff one = desk_.staff(kMail, kRoles);
        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, one.recovery_codes.size());
        const std::string seen = desk_.totp(one);
        CPPUNIT_ASSERT_EQUAL(401, logIn(seen).status); // counted when it was set up
        desk_.fake.passTime(kStepMs);
        const std::string next = desk_.totp(one);
        CPPUNIT_ASSERT_EQUAL(401, logIn(next, "sample-Word-2").status);
        const Heard heard = logIn(next);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(desk_.fake.sessions().back().scopes.find("staff:write") !=
                       std::string::npos);
        const Heard again = logIn(next);
        CPPUNIT_ASSERT_EQUAL(401, again.status);
        CPPUNIT_ASSERT(again.body == logIn("", "sample-Word-2").body);
    }

    void aRecoveryCodeLetsInOnce()
    {
        const Staff one = desk_.staff(kMail, kRoles);
        const std::string code = one.recovery_codes.at(3);
        CPPUNIT_ASSERT_EQUAL(200, logIn(" " + code.substr(0, 8) + "-" + code.substr(8)).status);
        CPPUNIT_ASSERT_EQUAL(401, logIn(code).status);
        CPPUNIT_ASSERT(desk_.get("me.show", one.session).body.at("recovery_codes_left") == 9);
    }

    void theMailBoxAloneLetsNobodyIn()
    {
        const Staff one = desk_.staff(kMail, kRoles);
        desk_.proveMail(kMail);
        const std::size_t before = desk_.fake.sessions().size();
        const auto proof = [](const std::string& id) {
            return Desk::verification(id);
        };
        CPPUNIT_ASSERT(
            desk_.post("login.code", {{"account", kMail}, {"verification", proof("v-2")}})
                .body.at("code") == "staff_needs_password");
        const Heard reset = desk_.post(
            "password.reset",
            {{"account", kMail}, {"verification", proof("v-3")}, {"password", "another-Word-2"}});
        CPPUNIT_ASSERT_EQUAL(200, reset.status);
        CPPUNIT_ASSERT_EQUAL(before, desk_.fake.sessions().size());
        CPPUNIT_ASSERT_EQUAL(401, logIn("", "another-Word-2").status);
        desk_.fake.passTime(kStepMs);
        CPPUNIT_ASSERT_EQUAL(200, logIn(desk_.totp(one), "another-Word-2").status);
    }

    void aResetAuthenticatorIsForgotten()
    {
        const Staff lost = desk_.staff(kMail, kRoles);
        const Staff other = desk_.staff("other@example.org", kRoles);

        desk_.put("staff.reset_totp", {{"staff_id", lost.staff_id}}, Json::object(), other.session);

        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("staff.totp_reset"));
        CPPUNIT_ASSERT_THROW(desk_.get("me.show", lost.session), std::runtime_error);
        desk_.fake.passTime(kStepMs);
        CPPUNIT_ASSERT_EQUAL(200, logIn(desk_.totp(lost)).status);
        CPPUNIT_ASSERT_EQUAL(std::string(R"(["totp:enroll"])"),
                             desk_.fake.sessions().back().scopes);
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{10},
            desk_.fake.store().integer("SELECT COUNT(*) FROM identity_recovery_code"));
    }

    void anErasedPersonIsLetInByNothing()
    {
        const Staff one = desk_.staff(kMail, kRoles);
        for (const char* column : {"account", "mail", "totp"}) { // as they then open: to nothing
            const std::string nothing = hub::testing::PersonFake::seal(one.staff_id, column, "");
            desk_.fake.store().asHub("UPDATE identity_login SET " + std::string(column) + " = X'" +
                                     toHex(nothing) + "'");
        }
        desk_.fake.passTime(kStepMs);
        // With an erased secret the key would be empty, and anybody could compute the code.
        const std::string code = totpCode("", desk_.fake.clock().nowMs() / kStepMs);
        CPPUNIT_ASSERT_EQUAL(401, logIn(code).status);
    }
};

HUB_TEST_SUITE_REGISTRATION(TotpTest, "totp");

} // namespace

} // namespace identity::test
