// Goal: the right password or the account's own phone lets in, nothing else does, and nobody can
// guess for long or learn which accounts there are. Method: the plugin on the fake hub.
#include "desk.hpp"
#include "domain/password.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

class LoginsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LoginsTest);
    CPPUNIT_TEST(thePasswordLetsIn);
    CPPUNIT_TEST(anUnknownAccountLooksLikeAWrongPassword);
    CPPUNIT_TEST(afterFiveWrongOnesTheAccountRests);
    CPPUNIT_TEST(anUnknownAccountRestsLikeAKnownOne);
    CPPUNIT_TEST(aSuccessForgetsFailures);
    CPPUNIT_TEST(aNewPasswordEndsTheRest);
    CPPUNIT_TEST(theAccountsPhoneLetsInAndNoOther);
    CPPUNIT_TEST(theVerifiedPhoneReplacesAForgottenPassword);
    CPPUNIT_TEST(aNewPasswordEndsEverySession);
    CPPUNIT_TEST(sessionsAreListedAndEnded);
    CPPUNIT_TEST(recordsOfPasswordsDifferAndBrokenOnesMatchNothing);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Heard logIn(const std::string& password, const std::string& account = kCode)
    {
        return desk_.post("login.password", {{"account", account}, {"password", password}});
    }

    /// However often it failed.
    Heard logInWithPicture(const std::string& password, const std::string& account = kCode)
    {
        return desk_.post(
            "login.password",
            {{"account", account}, {"password", password}, {"captcha", desk_.captcha()}});
    }

public:
    void thePasswordLetsIn()
    {
        desk_.registered();
        const Heard heard = logIn(kPassword, "91310000maxhub014c ");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT_EQUAL(200, desk_.get("me.show", heard.body.at("session_id")).status);
        CPPUNIT_ASSERT_EQUAL(401, logIn("sample-Word-2").status);
    }

    void anUnknownAccountLooksLikeAWrongPassword()
    {
        desk_.registered();
        const int before = desk_.tasks;
        const Heard wrong = logIn("sample-Word-2");
        const Heard unknown = logIn("sample-Word-2", kOtherCode);
        CPPUNIT_ASSERT_EQUAL(wrong.status, unknown.status);
        CPPUNIT_ASSERT(wrong.body == unknown.body);
        CPPUNIT_ASSERT_EQUAL(before + 2, desk_.tasks); // both take the same time
    }

    void afterFiveWrongOnesTheAccountRests()
    {
        desk_.registered();
        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT_EQUAL(401, logInWithPicture("wrong").status);
        }
        const Heard resting = logInWithPicture(kPassword);
        CPPUNIT_ASSERT_EQUAL(429, resting.status);
        CPPUNIT_ASSERT_EQUAL(900, resting.body.at("retry_after_s").get<int>());
        desk_.fake.passTime(15 * 60'000);
        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT_EQUAL(401, logInWithPicture("wrong").status);
        }
        CPPUNIT_ASSERT_EQUAL(1800, logInWithPicture(kPassword).body.at("retry_after_s").get<int>());
        desk_.fake.passTime(30 * 60'000);
        CPPUNIT_ASSERT_EQUAL(200, logInWithPicture(kPassword).status);
    }

    void anUnknownAccountRestsLikeAKnownOne()
    {
        desk_.registered();
        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT_EQUAL(401, logInWithPicture("wrong").status);
            CPPUNIT_ASSERT_EQUAL(401, logInWithPicture("wrong", kOtherCode).status);
        }
        const Heard known = logInWithPicture("wrong");
        const Heard unknown = logInWithPicture("wrong", kOtherCode);
        CPPUNIT_ASSERT_EQUAL(429, unknown.status);
        CPPUNIT_ASSERT(known.body == unknown.body);
    }

    void aSuccessForgetsFailures()
    {
        desk_.registered();
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 4; ++i) {
                CPPUNIT_ASSERT_EQUAL(401, logInWithPicture("wrong").status);
            }
            CPPUNIT_ASSERT_EQUAL(200, logInWithPicture(kPassword).status);
        }
    }

    void aNewPasswordEndsTheRest()
    {
        desk_.registered();
        for (int i = 0; i < 5; ++i) {
            logInWithPicture("wrong");
        }
        desk_.post("password.reset",
                   {{"account", kCode},
                    {"verification", Desk::verification("verification-2")},
                    {"password", "another-Word-2"}});
        CPPUNIT_ASSERT_EQUAL(200, logInWithPicture("another-Word-2").status);
    }

    void theAccountsPhoneLetsInAndNoOther()
    {
        desk_.registered();
        const auto byCode = [this](const std::string& id) {
            return desk_.post("login.code",
                              {{"account", kCode}, {"verification", Desk::verification(id)}});
        };
        CPPUNIT_ASSERT_EQUAL(200, byCode("verification-2").status);
        CPPUNIT_ASSERT_EQUAL(409, byCode("verification-2").status); // used
        desk_.prove("+8619900000002");
        CPPUNIT_ASSERT_EQUAL(401, byCode("verification-3").status);
        desk_.prove("");
        CPPUNIT_ASSERT_EQUAL(401, byCode("verification-4").status);
    }

    void theVerifiedPhoneReplacesAForgottenPassword()
    {
        desk_.registered();
        const auto reset = [this](const std::string& id) {
            return desk_.post("password.reset",
                              {{"account", kCode},
                               {"verification", Desk::verification(id)},
                               {"password", "another-Word-2"}});
        };
        desk_.prove("+8619900000002");
        CPPUNIT_ASSERT_EQUAL(401, reset("verification-2").status);
        desk_.prove(kPhone);
        CPPUNIT_ASSERT_EQUAL(200, reset("verification-3").status);
        CPPUNIT_ASSERT_EQUAL(200, logIn("another-Word-2").status);
    }

    void aNewPasswordEndsEverySession()
    {
        const std::string first = desk_.registered();
        const Heard heard = desk_.post("password.reset",
                                       {{"account", kCode},
                                        {"verification", Desk::verification("verification-2")},
                                        {"password", "another-Word-2"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT_THROW(desk_.get("me.show", first), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(401, logIn(kPassword).status);
        CPPUNIT_ASSERT_EQUAL(200, logIn("another-Word-2").status);
    }

    void sessionsAreListedAndEnded()
    {
        const std::string first = desk_.registered();
        const std::string second = logIn(kPassword).body.at("session_id");
        const Json sessions = desk_.get("me.sessions", second).body.at("sessions");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, sessions.size());
        CPPUNIT_ASSERT(sessions.at(0).at("is_this").get<bool>());
        CPPUNIT_ASSERT_EQUAL(200,
                             desk_.erase("me.end_session", {{"session_id", first}}, second).status);
        CPPUNIT_ASSERT_THROW(desk_.get("me.show", first), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(
            404, desk_.erase("me.end_session", {{"session_id", "session-99"}}, second).status);
    }

    void recordsOfPasswordsDifferAndBrokenOnesMatchNothing()
    {
        const std::string record = derivePassword(kPassword, "salt one");
        CPPUNIT_ASSERT(record != derivePassword(kPassword, "salt two"));
        CPPUNIT_ASSERT(matchesPassword(kPassword, record));
        CPPUNIT_ASSERT(!matchesPassword("sample-Word-2", record));
        for (const std::string& broken :
             {std::string(),
              std::string("scrypt$15$8$1$00$00"),
              "x" + record,
              record.substr(0, record.size() - 2),
              record + "00",
              std::string("scrypt$40$8$1$00$") + std::string(64, '0'),
              std::string("scrypt$15$8$0$00$") + std::string(64, '0')}) {
            CPPUNIT_ASSERT_MESSAGE(broken, !matchesPassword(kPassword, broken));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(LoginsTest, "logins");

} // namespace

} // namespace identity::test
