// Goal: text codings are exact and refuse what could be read in two ways. Method: known answers
// and refusals by table.

#include "payment_alipay/encoding.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

class EncodingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EncodingTest);
    CPPUNIT_TEST(base64RoundTripsEveryLength);
    CPPUNIT_TEST(base64RefusesWhatIsNotCanonical);
    CPPUNIT_TEST(formCodesReservedCharactersAndSpaces);
    CPPUNIT_TEST(formRefusesTwoReadings);
    CPPUNIT_TEST(formDecodesOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    void base64RoundTripsEveryLength()
    {
        std::string bytes;
        for (int i = 0; i < 300; ++i) {
            CPPUNIT_ASSERT_EQUAL(bytes, alipay::fromBase64(alipay::toBase64(bytes)).value());
            bytes += static_cast<char>(i * 7);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("Zm9vYg=="), alipay::toBase64("foob"));
    }

    void base64RefusesWhatIsNotCanonical()
    {
        for (const char* text :
             {"a", "YQ=", "Y===", "====", "YQ==\n", " YQ=", "Y Q=", "Y-_=", "YR=="}) {
            CPPUNIT_ASSERT_MESSAGE(text, !alipay::fromBase64(text).ok());
        }
    }

    void formCodesReservedCharactersAndSpaces()
    {
        const alipay::Parameters parameters{{"a", "x y+z&=%"}, {"b", "门票"}, {"c", ""}};

        const std::string form = alipay::toForm(parameters);

        CPPUNIT_ASSERT_EQUAL(std::string("a=x+y%2Bz%26%3D%25&b=%E9%97%A8%E7%A5%A8&c="), form);
        CPPUNIT_ASSERT(parameters == alipay::fromForm(form).value());
    }

    void formRefusesTwoReadings()
    {
        for (const char* form : {"a=1&a=2",
                                 "a=1&%61=2",
                                 "a=%",
                                 "a=%4",
                                 "a=%zz",
                                 "a=%FF",
                                 "%C0%80=1",
                                 "a=\xED\xA0\x80"}) {
            CPPUNIT_ASSERT_MESSAGE(form, !alipay::fromForm(form).ok());
        }
    }

    void formDecodesOnce()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("%41"), alipay::fromForm("a=%2541").value()[0].second);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(EncodingTest, "encoding");
