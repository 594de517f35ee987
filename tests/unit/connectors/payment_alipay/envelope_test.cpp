// Goal: the signed bytes are found as sent, and signed texts are built by the provider's rule.
// Method: bodies and parameters by table.

#include "payment_alipay/envelope.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

using alipay::SignType;

const std::string kName = "alipay_trade_query_response";

class EnvelopeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EnvelopeTest);
    CPPUNIT_TEST(signTextIsSortedAndDropsTheEmpty);
    CPPUNIT_TEST(findsTheNodeAsSent);
    CPPUNIT_TEST(findsTheErrorNode);
    CPPUNIT_TEST(unsignedAnswersHaveNoSignature);
    CPPUNIT_TEST(refusesBodiesWithoutNode);
    CPPUNIT_TEST_SUITE_END();

public:
    void signTextIsSortedAndDropsTheEmpty()
    {
        const alipay::Parameters parameters{{"b", "2&%"},
                                            {"sign", "x"},
                                            {"B", "门"},
                                            {"e", ""},
                                            {"sign_type", "RSA2"},
                                            {"a_b", "1"},
                                            {"a", "3"}};

        CPPUNIT_ASSERT_EQUAL(std::string("B=门&a=3&a_b=1&b=2&%&sign_type=RSA2"),
                             alipay::requestSignText(parameters));
        CPPUNIT_ASSERT_EQUAL(std::string("B=门&a=3&a_b=1&b=2&%"),
                             alipay::noticeSignText(parameters, SignType::Dropped));
        CPPUNIT_ASSERT_EQUAL(std::string("B=门&a=3&a_b=1&b=2&%&sign_type=RSA2"),
                             alipay::noticeSignText(parameters, SignType::Kept));
    }

    void findsTheNodeAsSent()
    {
        const std::string node = R"({"code":"10000","u":"https:\/\/a","deep":{"sign":"no"}})";
        const std::string bodies[] = {
            "{\"" + kName + "\":" + node + ",\"sign\":\"YQ==\"}",
            "{ \"" + kName + "\" \n : \r\n\t" + node + " ,\n \"sign\"  :  \"YQ==\" }\n",
            "{\"" + kName + "\":" + node + ",\"alipay_cert_sn\":\"7513\",\"sign\":\"YQ==\"}",
        };
        for (const std::string& body : bodies) {
            const auto found = alipay::findSignedNode(body, kName);

            CPPUNIT_ASSERT_MESSAGE(body, found.ok());
            CPPUNIT_ASSERT_EQUAL(node, std::string(found.value().source));
            CPPUNIT_ASSERT_EQUAL(std::string("a"), found.value().signature);
            CPPUNIT_ASSERT(!found.value().is_error_node);
        }
        const std::string escaped = "{\"" + kName + R"(":{},"sign":"\/\/\/\/"})";
        CPPUNIT_ASSERT_EQUAL(std::string("\xFF\xFF\xFF"),
                             alipay::findSignedNode(escaped, kName).value().signature);
    }

    void findsTheErrorNode()
    {
        const auto found =
            alipay::findSignedNode(R"({"error_response":{"code":"40002"},"sign":"YQ=="})", kName);

        CPPUNIT_ASSERT(found.ok());
        CPPUNIT_ASSERT(found.value().is_error_node);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"code":"40002"})"), std::string(found.value().source));
    }

    void unsignedAnswersHaveNoSignature()
    {
        for (const char* tail : {"}", ",\"sign\":\"\"}", ",\"sign\":null}"}) {
            const std::string body = "{\"" + kName + "\":{\"code\":\"40002\"}" + tail;
            const auto found = alipay::findSignedNode(body, kName);

            CPPUNIT_ASSERT_MESSAGE(body, found.ok());
            CPPUNIT_ASSERT_MESSAGE(body, found.value().signature.empty());
        }
    }

    void refusesBodiesWithoutNode()
    {
        for (const std::string& body :
             {std::string{},
              std::string{"{}"},
              std::string{"<html>bad gateway</html>"},
              std::string{R"({"alipay_trade_close_response":{},"sign":"YQ=="})"},
              "{\"" + kName + "\":\"text\",\"sign\":\"YQ==\"}",
              "{\"" + kName + "\":{\"code\":\"1",
              "{\"" + kName + "\"",
              "{\"" + kName + "\":{},\"sign\":\"Y Q=\"}"}) {
            CPPUNIT_ASSERT_MESSAGE(body, !alipay::findSignedNode(body, kName).ok());
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(EnvelopeTest, "envelope");
