// Goal: every documented code has its own row, final ones are final, and none is in two minds.
// Method: the list of the documents, and the table's own rows.

#include "sms_aliyun/outcome_table.hpp"
#include "support/suite.hpp"

#include <set>
#include <string>

namespace {

using aliyun::findOutcome;
using aliyun::OutcomeRule;

class OutcomeTableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutcomeTableTest);
    CPPUNIT_TEST(documentedCodesAreListed);
    CPPUNIT_TEST(reasonsAreTheContracts);
    CPPUNIT_TEST(onlyFaultsOfTheAccountAreRetriable);
    CPPUNIT_TEST_SUITE_END();

public:
    void documentedCodesAreListed()
    {
        const char* final_ones[] = {"isv.BUSINESS_LIMIT_CONTROL",
                                    "isv.DAY_LIMIT_CONTROL",
                                    "isv.MONTH_LIMIT_CONTROL",
                                    "isv.MOBILE_NUMBER_ILLEGAL",
                                    "isv.MOBILE_COUNT_OVER_LIMIT",
                                    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
                                    "isv.BLACK_KEY_CONTROL_LIMIT",
                                    "isv.SMS_TEMPLATE_ILLEGAL",
                                    "isv.SMS_SIGNATURE_ILLEGAL",
                                    "isv.SMS_SIGNATURE_SCENE_ILLEGAL",
                                    "isv.SMS_SIGN_ILLEGAL",
                                    "isv.SIGN_STATE_ILLEGAL",
                                    "isv.TEMPLATE_MISSING_PARAMETERS",
                                    "isv.INVALID_JSON_PARAM",
                                    "isv.INVALID_PARAMETERS",
                                    "isv.PARAM_LENGTH_LIMIT",
                                    "isv.PARAM_NOT_SUPPORT_URL",
                                    "isv.SMS_CONTENT_ILLEGAL",
                                    "isv.EXTEND_CODE_ERROR",
                                    "isv.DENY_IP_RANGE",
                                    "isp.RAM_PERMISSION_DENY",
                                    "isv.ACCOUNT_NOT_EXISTS",
                                    "isv.ACCOUNT_ABNORMAL",
                                    "isv.PRODUCT_UN_SUBSCRIPT",
                                    "isv.AMOUNT_NOT_ENOUGH",
                                    "isv.OUT_OF_SERVICE",
                                    "SignatureDoesNotMatch",
                                    "InvalidAccessKeyId.NotFound",
                                    "InvalidTimeStamp.Expired"};
        for (const char* code : final_ones) {
            const OutcomeRule& rule = findOutcome(code);
            CPPUNIT_ASSERT_EQUAL(std::string(code), std::string(rule.code));
            CPPUNIT_ASSERT_MESSAGE(
                code, rule.status == HUB_REJECTED || rule.status == HUB_UNAUTHENTICATED);
        }
        for (const char* code : {"Throttling", "Throttling.User", "Throttling.Api"}) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_THROTTLED}, findOutcome(code).status);
        }
        for (const char* code : {"isp.SYSTEM_ERROR",
                                 "ServiceUnavailable",
                                 "SignatureNonceUsed",
                                 "isv.NEW",
                                 "",
                                 "ok",
                                 "isv.MOBILE_NUMBER_ILLEGAL "}) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, findOutcome(code).status);
        }
    }

    void reasonsAreTheContracts()
    {
        const std::set<std::string_view> reasons{"phone_invalid",
                                                 "phone_blocked",
                                                 "phone_off",
                                                 "limited",
                                                 "template",
                                                 "signature",
                                                 "content",
                                                 "balance",
                                                 "permission",
                                                 "configuration",
                                                 "operator",
                                                 "other"};
        std::set<std::string_view> codes;
        for (const OutcomeRule& rule : aliyun::outcomeRules()) {
            CPPUNIT_ASSERT_MESSAGE(std::string(rule.code), reasons.contains(rule.reason));
            CPPUNIT_ASSERT_MESSAGE(std::string(rule.code), codes.insert(rule.code).second);
        }
    }

    void onlyFaultsOfTheAccountAreRetriable()
    {
        const std::set<std::string_view> accounts{
            "template", "signature", "balance", "permission", "configuration"};
        for (const OutcomeRule& rule : aliyun::outcomeRules()) {
            CPPUNIT_ASSERT_MESSAGE(std::string(rule.code),
                                   !rule.is_retriable || accounts.contains(rule.reason));
            CPPUNIT_ASSERT_MESSAGE(std::string(rule.code),
                                   !rule.is_retriable || rule.status != HUB_OUTCOME_UNKNOWN);
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(OutcomeTableTest, "outcome_table");
