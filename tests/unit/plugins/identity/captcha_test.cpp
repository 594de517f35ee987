// Goal: after a few failures a picture is in the way of guessing, for an account and for a network,
// and never of somebody who can't see it. Method: the plugin on the fake hub; pictures themselves
// by their random bytes.
#include "desk.hpp"
#include "domain/captcha.hpp"
#include "domain/network.hpp"
#include "support/suite.hpp"

#include <hub/testing/clock_fake.hpp>

#include <set>
#include <stdexcept>

namespace identity::test {

namespace {

class CaptchaTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CaptchaTest);
    CPPUNIT_TEST(afterThreeFailuresOfAnAccountAPictureIsNeeded);
    CPPUNIT_TEST(afterThreeFailuresOfANetworkAPictureIsNeeded);
    CPPUNIT_TEST(aPictureCountsOnce);
    CPPUNIT_TEST(aPictureExpires);
    CPPUNIT_TEST(aWrongAnswerCountsAgainstTheNetworkOnly);
    CPPUNIT_TEST(whoCannotSeeItGetsInByACode);
    CPPUNIT_TEST(picturesAreLimited);
    CPPUNIT_TEST(theTextIsKeptNowhere);
    CPPUNIT_TEST(aPictureIsOnePathWithoutText);
    CPPUNIT_TEST(picturesDifferAndHoldEveryLetter);
    CPPUNIT_TEST(anIpv6NetworkIsOneSubscriber);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Heard logIn(const std::string& password, const Json& captcha = Json())
    {
        Json body = {{"account", kCode}, {"password", password}};
        if (!captcha.is_null()) {
            body["captcha"] = captcha;
        }
        return desk_.post("login.password", body);
    }

    /// Three failures, each from elsewhere.
    void failThrice()
    {
        for (const char* address : {"192.0.2.10", "192.0.2.11", "192.0.2.12"}) {
            desk_.client_ip = address;
            CPPUNIT_ASSERT_EQUAL(401, logIn("wrong").status);
        }
        desk_.client_ip = "192.0.2.13";
    }

    std::string random()
    {
        std::string bytes(kCaptchaRandomBytes, '\0');
        desk_.fake.clock().random(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
        return bytes;
    }

public:
    void afterThreeFailuresOfAnAccountAPictureIsNeeded()
    {
        desk_.registered();
        failThrice();
        const Heard needed = logIn(kPassword);
        CPPUNIT_ASSERT_EQUAL(422, needed.status);
        CPPUNIT_ASSERT(needed.body.at("code") == "captcha_needed");
        CPPUNIT_ASSERT(needed.body.at("pointer") == "/captcha");
        CPPUNIT_ASSERT_EQUAL(200, logIn(kPassword, desk_.captcha(" acefh ")).status);
        CPPUNIT_ASSERT_EQUAL(200, logIn(kPassword).status);
    }

    void afterThreeFailuresOfANetworkAPictureIsNeeded()
    {
        desk_.registered();
        for (const char* account : {"no-1", "no-2", "no-3"}) {
            CPPUNIT_ASSERT_EQUAL(
                401,
                desk_.post("login.password", {{"account", account}, {"password", "wrong"}}).status);
        }
        CPPUNIT_ASSERT_EQUAL(422, logIn(kPassword).status);
        desk_.client_ip = "192.0.2.2";
        CPPUNIT_ASSERT_EQUAL(200, logIn(kPassword).status);
        desk_.client_ip = "192.0.2.1";
        desk_.fake.passTime(3'600'000);
        CPPUNIT_ASSERT_EQUAL(200, logIn(kPassword).status);
    }

    void aPictureCountsOnce()
    {
        desk_.registered();
        failThrice();
        const Json captcha = desk_.captcha();
        CPPUNIT_ASSERT_EQUAL(401, logIn("wrong", captcha).status);
        CPPUNIT_ASSERT(logIn(kPassword, captcha).body.at("code") == "captcha_wrong");
        const Json other = desk_.captcha();
        CPPUNIT_ASSERT_EQUAL(422,
                             logIn("wrong", {{"id", other.at("id")}, {"answer", "KKKKK"}}).status);
        CPPUNIT_ASSERT_EQUAL(422, logIn("wrong", other).status); // a wrong answer used it up
    }

    void aPictureExpires()
    {
        desk_.registered();
        failThrice();
        const Json captcha = desk_.captcha();
        desk_.fake.passTime(5 * 60'000);
        CPPUNIT_ASSERT_EQUAL(422, logIn(kPassword, captcha).status);
        const Json newer = desk_.captcha();
        desk_.fake.passTime(5 * 60'000 - 1);
        CPPUNIT_ASSERT_EQUAL(200, logIn(kPassword, newer).status);
    }

    void aWrongAnswerCountsAgainstTheNetworkOnly()
    {
        desk_.registered();
        failThrice();
        for (int i = 0; i < 50; ++i) {
            CPPUNIT_ASSERT_EQUAL(422, logIn("wrong", desk_.captcha("KKKKK")).status);
        }
        CPPUNIT_ASSERT(logIn(kPassword, {{"id", "x"}, {"answer", "x"}}).body.at("code") ==
                       "login_resting");
        desk_.client_ip = "192.0.2.14";
        CPPUNIT_ASSERT_EQUAL(200, logIn(kPassword, desk_.captcha()).status);
    }

    void whoCannotSeeItGetsInByACode()
    {
        desk_.registered();
        for (int i = 0; i < 3; ++i) {
            logIn("wrong");
        }
        const Heard heard = desk_.post(
            "login.code", {{"account", kCode}, {"verification", Desk::verification("v-2")}});
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
    }

    void picturesAreLimited()
    {
        for (int i = 0; i < 60; ++i) {
            CPPUNIT_ASSERT_EQUAL(201, desk_.post("captcha.create", Json::object()).status);
        }
        CPPUNIT_ASSERT_EQUAL(429, desk_.post("captcha.create", Json::object()).status);
        desk_.client_ip = "192.0.2.2";
        CPPUNIT_ASSERT_EQUAL(201, desk_.post("captcha.create", Json::object()).status);
        desk_.client_ip = "192.0.2.1";
        desk_.fake.passTime(10 * 60'000);
        CPPUNIT_ASSERT_EQUAL(201, desk_.post("captcha.create", Json::object()).status);
    }

    void theTextIsKeptNowhere()
    {
        const Heard heard = desk_.post("captcha.create", Json::object());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, heard.body.size());
        CPPUNIT_ASSERT(desk_.fake.storeBytes().find("192.0.2.1") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{64},
            desk_.fake.store().integer("SELECT LENGTH(answer_digest) FROM identity_captcha"));
    }

    void aPictureIsOnePathWithoutText()
    {
        const Captcha captcha = drawCaptcha(random());
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, captcha.text.size());
        CPPUNIT_ASSERT(captcha.svg.find(captcha.text) == std::string::npos);
        CPPUNIT_ASSERT(captcha.svg.find("<text") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(captcha.svg.find("<path"), captcha.svg.rfind("<path"));
        CPPUNIT_ASSERT_THROW(drawCaptcha("too few"), std::invalid_argument);
    }

    void picturesDifferAndHoldEveryLetter()
    {
        std::set<char> letters;
        std::set<std::string> pictures;
        for (int i = 0; i < 200; ++i) {
            const Captcha captcha = drawCaptcha(random());
            letters.insert(captcha.text.begin(), captcha.text.end());
            pictures.insert(captcha.svg);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{20}, letters.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{200}, pictures.size());
        for (const char c : std::string("01OISZB8GQDVWMJR")) {
            CPPUNIT_ASSERT(letters.count(c) == 0);
        }
    }

    void anIpv6NetworkIsOneSubscriber()
    {
        CPPUNIT_ASSERT_EQUAL(networkOf("2001:db8::1"), networkOf("2001:db8:0:0:ffff::2"));
        CPPUNIT_ASSERT(networkOf("2001:db8::1") != networkOf("2001:db8:0:1::1"));
        CPPUNIT_ASSERT(networkOf("192.0.2.1") != networkOf("192.0.2.2"));
    }
};

HUB_TEST_SUITE_REGISTRATION(CaptchaTest, "captcha");

} // namespace

} // namespace identity::test
