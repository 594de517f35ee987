// Goal: every documented answer code has a meaning of its own, and what nobody documented is
// unknown. Method: the documents' lists, written down here once more, against the table.

#include "payment_alipay/outcome_table.hpp"
#include "support/suite.hpp"

#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using alipay::Method;

std::vector<std::string> words(const char* text)
{
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

class OutcomeTableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutcomeTableTest);
    CPPUNIT_TEST(everyDocumentedRefusalIsFinal);
    CPPUNIT_TEST(gatewayRefusalsAreFinal);
    CPPUNIT_TEST(whatTheProviderDoesNotKnowIsUnknown);
    CPPUNIT_TEST(answersThatAreNoErrors);
    CPPUNIT_TEST(numbersThatAreTakenAreLeftToTheQuery);
    CPPUNIT_TEST(noFailureOfAMovingMethodIsSuccess);
    CPPUNIT_TEST(reasonsAreReadable);
    CPPUNIT_TEST(onlyFaultsOfTheAccountAreRetriable);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyDocumentedRefusalIsFinal()
    {
        const std::map<Method, const char*> documented{
            {Method::Precreate,
             "INVALID_PARAMETER ACCESS_FORBIDDEN EXIST_FORBIDDEN_WORD PARTNER_ERROR "
             "TOTAL_FEE_EXCEED CONTEXT_INCONSISTENT BUYER_SELLER_EQUAL TRADE_BUYER_NOT_MATCH "
             "BUYER_ENABLE_STATUS_FORBID BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR "
             "BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR BEYOND_PAY_RESTRICTION "
             "BEYOND_PER_RECEIPT_RESTRICTION BEYOND_PER_RECEIPT_DAY_RESTRICTION "
             "BEYOND_PER_RECEIPT_SINGLE_RESTRICTION SELLER_BEEN_BLOCKED SELLER_NOT_EXIST "
             "ERROR_BUYER_CERTIFY_LEVEL_LIMIT INVALID_STORE_ID INVALID_RECEIVE_ACCOUNT "
             "NOW_TIME_AFTER_EXPIRE_TIME_ERROR BUYER_NOT_EXIST SUB_GOODS_SIZE_MAX_COUNT "
             "MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT MERCHANT_PERM_RECEIPT_SINGLE_LIMIT "
             "MERCHANT_PERM_RECEIPT_DAY_LIMIT MERCHANT_STATUS_NOT_NORMAL "
             "RISK_MERCHANT_IP_NOT_EXIST TRADE_SETTLE_ERROR SECONDARY_MERCHANT_STATUS_ERROR"},
            {Method::Query, "INVALID_PARAMETER ENTERPRISE_PAY_BIZ_ERROR"},
            {Method::Close,
             "TRADE_STATUS_ERROR REASON_TRADE_STATUS_INVALID REASON_ILLEGAL_STATUS "
             "INVALID_PARAMETER"},
            {Method::Cancel,
             "SELLER_BALANCE_NOT_ENOUGH REASON_TRADE_BEEN_FREEZEN TRADE_HAS_FINISHED "
             "TRADE_CANCEL_TIME_OUT REASON_TRADE_REFUND_FEE_ERR CANCEL_NOT_ALLOWED "
             "INVALID_PARAMETER"},
            {Method::Refund,
             "SELLER_BALANCE_NOT_ENOUGH REFUND_AMT_NOT_EQUAL_TOTAL REASON_TRADE_BEEN_FREEZEN "
             "TRADE_NOT_EXIST TRADE_HAS_FINISHED TRADE_STATUS_ERROR TRADE_HAS_CLOSE "
             "REASON_TRADE_REFUND_FEE_ERR REFUND_FEE_ERROR TRADE_NOT_ALLOW_REFUND "
             "NOT_ALLOW_PARTIAL_REFUND BUYER_NOT_EXIST BUYER_ERROR BUYER_ENABLE_STATUS_FORBID "
             "REASON_TRADE_STATUS_INVALID CURRENCY_NOT_SUPPORT REFUND_CHARGE_ERROR "
             "REFUND_ACCOUNT_NOT_EXIST CUSTOMER_VALIDATE_ERROR DISCORDANT_REPEAT_REQUEST"},
        };
        for (const auto& [method, sub_codes] : documented) {
            for (const std::string& sub_code : words(sub_codes)) {
                const auto& rule = alipay::findOutcome(method, "40004", "ACQ." + sub_code);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(sub_code, hub_status{HUB_REJECTED}, rule.status);
            }
        }
    }

    void gatewayRefusalsAreFinal()
    {
        const std::map<std::string, const char*> documented{
            {"40001",
             "isv.missing-signature isv.missing-app-id isv.missing-method isv.missing-timestamp "
             "isv.missing-version isv.missing-signature-type isv.something-else"},
            {"40002",
             "isv.invalid-signature isv.invalid-signature-type isv.invalid-app-id "
             "isv.invalid-method isv.invalid-format isv.invalid-charset isv.invalid-timestamp "
             "isv.invalid-parameter isv.something-else"},
            {"40003", "isv.something-else"},
            {"40006", "isv.insufficient-isv-permissions isv.something-else"},
            {"20001", "aop.invalid-auth-token"},
        };
        for (const auto& [code, sub_codes] : documented) {
            for (const std::string& sub_code : words(sub_codes)) {
                const hub_status status =
                    alipay::findOutcome(Method::Refund, code, sub_code).status;
                CPPUNIT_ASSERT_MESSAGE(code + " " + sub_code,
                                       status == HUB_REJECTED || status == HUB_UNAUTHENTICATED);
            }
        }
    }

    void whatTheProviderDoesNotKnowIsUnknown()
    {
        for (const Method method : {Method::Precreate,
                                    Method::Query,
                                    Method::Close,
                                    Method::Cancel,
                                    Method::Refund,
                                    Method::RefundQuery}) {
            for (const auto& [code, sub_code] :
                 std::vector<std::pair<const char*, const char*>>{{"40004", "ACQ.SYSTEM_ERROR"},
                                                                  {"40004", "AQC.SYSTEM_ERROR"},
                                                                  {"20000", "ACQ.SYSTEM_ERROR"},
                                                                  {"20000", "isp.unknow-error"},
                                                                  {"20000", "aop.unknow-error"},
                                                                  {"20000", ""},
                                                                  {"10003", ""},
                                                                  {"40004", "ACQ.NEVER_HEARD_OF"},
                                                                  {"40004", ""},
                                                                  {"50000", ""}}) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(sub_code,
                                             hub_status{HUB_OUTCOME_UNKNOWN},
                                             alipay::findOutcome(method, code, sub_code).status);
            }
        }
    }

    void answersThatAreNoErrors()
    {
        for (const Method method :
             {Method::Query, Method::Close, Method::Cancel, Method::RefundQuery}) {
            const auto& rule = alipay::findOutcome(method, "40004", "ACQ.TRADE_NOT_EXIST");
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, rule.status);
            CPPUNIT_ASSERT_EQUAL(std::string("not_found"), std::string(rule.word));
        }
    }

    void numbersThatAreTakenAreLeftToTheQuery()
    {
        for (const char* sub_code : {"ACQ.TRADE_HAS_SUCCESS", "ACQ.TRADE_HAS_CLOSE"}) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN},
                                 alipay::findOutcome(Method::Precreate, "40004", sub_code).status);
        }
    }

    void noFailureOfAMovingMethodIsSuccess()
    {
        for (const alipay::OutcomeRule& rule : alipay::outcomeRules()) {
            if (rule.method == Method::Precreate || rule.method == Method::Refund ||
                rule.method == Method::Any) {
                CPPUNIT_ASSERT_MESSAGE(std::string(rule.sub_code),
                                       rule.status != HUB_OK && rule.status != HUB_ALREADY_DONE);
            }
        }
    }

    void onlyFaultsOfTheAccountAreRetriable()
    {
        const auto isRetriable = [](const char* code, const std::string& sub_code) {
            return alipay::findOutcome(Method::Precreate, code, sub_code).is_retriable;
        };
        for (const std::string& sub_code :
             words("ACCESS_FORBIDDEN PARTNER_ERROR SELLER_BEEN_BLOCKED SELLER_NOT_EXIST "
                   "INVALID_RECEIVE_ACCOUNT MERCHANT_STATUS_NOT_NORMAL "
                   "MERCHANT_PERM_RECEIPT_DAY_LIMIT BEYOND_PER_RECEIPT_DAY_RESTRICTION")) {
            CPPUNIT_ASSERT_MESSAGE(sub_code, isRetriable("40004", "ACQ." + sub_code));
        }
        CPPUNIT_ASSERT(isRetriable("40002", "isv.invalid-app-id"));
        CPPUNIT_ASSERT(isRetriable("40006", "isv.insufficient-isv-permissions"));
        for (const std::string& sub_code :
             words("TOTAL_FEE_EXCEED INVALID_PARAMETER CONTEXT_INCONSISTENT BUYER_SELLER_EQUAL "
                   "BUYER_ENABLE_STATUS_FORBID TRADE_HAS_SUCCESS TRADE_HAS_CLOSE SYSTEM_ERROR "
                   "NEVER_HEARD_OF")) {
            CPPUNIT_ASSERT_MESSAGE(sub_code, !isRetriable("40004", "ACQ." + sub_code));
        }
        CPPUNIT_ASSERT(!isRetriable("40002", "isv.invalid-parameter"));
        CPPUNIT_ASSERT(!isRetriable("20000", ""));
        // What may have been booked is never tried elsewhere.
        for (const alipay::OutcomeRule& rule : alipay::outcomeRules()) {
            CPPUNIT_ASSERT_MESSAGE(std::string(rule.sub_code),
                                   !rule.is_retriable || rule.status == HUB_REJECTED ||
                                       rule.status == HUB_UNAUTHENTICATED);
        }
    }

    void reasonsAreReadable()
    {
        const auto reason = [](Method method, const char* code, const char* sub_code) {
            return alipay::reasonOf(alipay::findOutcome(method, code, sub_code), sub_code);
        };
        CPPUNIT_ASSERT_EQUAL(std::string("total_fee_exceed"),
                             reason(Method::Precreate, "40004", "ACQ.TOTAL_FEE_EXCEED"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid_signature"),
                             reason(Method::Query, "40002", "isv.invalid-signature"));
        CPPUNIT_ASSERT_EQUAL(std::string("already_paid"),
                             reason(Method::Close, "40004", "ACQ.REASON_TRADE_STATUS_INVALID"));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(OutcomeTableTest, "outcome_table");
