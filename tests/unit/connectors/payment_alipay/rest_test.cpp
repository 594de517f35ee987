// Goal: the texts of REST v3 are joined as documented, to the last line's end. Method: texts
// written by hand.

#include "payment_alipay/rest.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

class RestTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RestTest);
    CPPUNIT_TEST(credentialsNameTheCertificateWhenThereIsOne);
    CPPUNIT_TEST(everyPartIsALine);
    CPPUNIT_TEST_SUITE_END();

public:
    void credentialsNameTheCertificateWhenThereIsOne()
    {
        CPPUNIT_ASSERT_EQUAL(
            std::string{"app_id=2021000000000001,nonce=n1,timestamp=1795228800000"},
            alipay::restCredentials("2021000000000001", "", "n1", 1795228800000));
        CPPUNIT_ASSERT_EQUAL(
            std::string{
                "app_id=2021000000000001,app_cert_sn=0a1b,nonce=n1,timestamp=1795228800000"},
            alipay::restCredentials("2021000000000001", "0a1b", "n1", 1795228800000));
    }

    void everyPartIsALine()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{"app_id=1\nGET\n/v3/a?b=c\n\n"},
                             alipay::restSignText("app_id=1", "GET", "/v3/a?b=c", ""));
        CPPUNIT_ASSERT_EQUAL(std::string{"app_id=1\nPOST\n/v3/a\n{}\n"},
                             alipay::restSignText("app_id=1", "POST", "/v3/a", "{}"));
        CPPUNIT_ASSERT_EQUAL(std::string{"ALIPAY-SHA256withRSA app_id=1,sign=QQ=="},
                             alipay::restAuthorization("app_id=1", "QQ=="));
        CPPUNIT_ASSERT_EQUAL(std::string{"1795228800000\nn1\n{\"a\":1}\n"},
                             alipay::restAnswerText("1795228800000", "n1", "{\"a\":1}"));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(RestTest, "rest");
