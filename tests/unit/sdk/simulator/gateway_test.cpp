// Goal: the texts that signatures cover and the forms that carry them are exact to the byte.

#include "alipay/gateway.hpp"
#include "alipay/words.hpp"
#include "support/suite.hpp"

namespace hub::simulator::alipay {

class GatewayTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GatewayTest);
    CPPUNIT_TEST(signedTextIsSortedRawAndWithoutEmptyValues);
    CPPUNIT_TEST(formsAreDecodedOnce);
    CPPUNIT_TEST(brokenFormsAreRefused);
    CPPUNIT_TEST(formsSurviveTheRoundTrip);
    CPPUNIT_TEST(answersEscapeSlashesAndKeepTheOrder);
    CPPUNIT_TEST_SUITE_END();

public:
    void signedTextIsSortedRawAndWithoutEmptyValues()
    {
        const Parameters parameters{
            {"b", "x y&z"}, {"a", "1"}, {"c", ""}, {"sign", "s"}, {"B", "胸"}};
        CPPUNIT_ASSERT_EQUAL(std::string("B=胸&a=1&b=x y&z"), signedText(parameters, {"sign"}));
    }

    void formsAreDecodedOnce()
    {
        Parameters parameters;
        CPPUNIT_ASSERT(readForm("a=1+2%2B3&b=%2525&c&=x&a=1+2%2B3&d=k=v", parameters));
        CPPUNIT_ASSERT_EQUAL(std::string("1 2+3"), parameters["a"]);
        CPPUNIT_ASSERT_EQUAL(std::string("%25"), parameters["b"]);
        CPPUNIT_ASSERT_EQUAL(std::string("k=v"), parameters["d"]);
    }

    void brokenFormsAreRefused()
    {
        for (const char* form : {"a=%", "a=%4", "a=%zz", "a=%ff", "a=%ed%a0%80", "a=1&a=2"}) {
            Parameters parameters;
            CPPUNIT_ASSERT_MESSAGE(form, !readForm(form, parameters));
        }
    }

    void formsSurviveTheRoundTrip()
    {
        std::string every;
        for (char c = 1; c > 0; ++c) {
            every += c;
        }
        const Parameters parameters{{"sign", every}, {"subject", "胸牌费"}};
        Parameters read;
        CPPUNIT_ASSERT(readForm(toForm(parameters), read));
        CPPUNIT_ASSERT(parameters == read);
    }

    void answersEscapeSlashesAndKeepTheOrder()
    {
        const Json fields{{"code", "10000"}, {"b", "https://x/y"}, {"a", "胸"}};
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"code":"10000","b":"https:\/\/x\/y","a":"胸"})"),
                             toAnswerText(fields));
    }
};

HUB_TEST_SUITE_REGISTRATION(GatewayTest, "gateway");

} // namespace hub::simulator::alipay
