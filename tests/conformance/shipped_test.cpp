// Goal: what is shipped passes its own suite, and the program says clearly what it can't do.
// Method: real runs of expohub-conform on the libraries of this build.

#include "conformance/judged.hpp"
#include "support/suite.hpp"

namespace {

using hub::test::judge;
using Rules = std::set<std::string>;

class ShippedTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ShippedTest);
    CPPUNIT_TEST(alipayPasses);
    CPPUNIT_TEST(unionpayPasses);
    CPPUNIT_TEST(wechatPasses);
    CPPUNIT_TEST(aliyunPasses);
    CPPUNIT_TEST(licenceReaderPasses);
    CPPUNIT_TEST(theTemplatesPass);
    CPPUNIT_TEST(theReportIsBoundToLibraryAndContract);
    CPPUNIT_TEST(oneRuleCanBeJudgedAlone);
    CPPUNIT_TEST(whatCannotBeJudgedIsSaid);
    CPPUNIT_TEST_SUITE_END();

public:
    void alipayPasses()
    {
        const auto judged = judge(HUB_PAYMENT_ALIPAY);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(judged.output, 0, judged.exit_code);
        // Alipay defines no time window for notices.
        CPPUNIT_ASSERT_MESSAGE(judged.output, judged.notApplicable() == Rules{"callback.stale"});
    }

    void unionpayPasses()
    {
        const auto judged = judge(HUB_PAYMENT_UNIONPAY);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(judged.output, 0, judged.exit_code);
        // UnionPay defines no time window for notifications, and signs all that it answers.
        CPPUNIT_ASSERT_MESSAGE(judged.output,
                               judged.notApplicable() ==
                                   Rules({"callback.stale", "payment.answer_members"}));
    }

    void wechatPasses()
    {
        const auto judged = judge(HUB_PAYMENT_WECHAT);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(judged.output, 0, judged.exit_code);
        // The simulator calls back with its real time, and signs all that it answers.
        CPPUNIT_ASSERT_MESSAGE(judged.output,
                               judged.notApplicable() ==
                                   Rules({"callback.stale", "payment.answer_members"}));
    }

    void aliyunPasses()
    {
        const auto judged = judge(HUB_SMS_ALIYUN);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(judged.output, 0, judged.exit_code);
        CPPUNIT_ASSERT_MESSAGE(judged.output, judged.notApplicable().empty());
    }

    void licenceReaderPasses()
    {
        const auto judged = judge(HUB_LICENCE_READER_DEMO);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(judged.output, 0, judged.exit_code);
        // The simulator signs all that it answers.
        CPPUNIT_ASSERT_MESSAGE(judged.output,
                               judged.notApplicable() == Rules{"licence.answer_members"});
    }

    void theTemplatesPass()
    {
        const auto connector = judge(HUB_PAYMENT_EXAMPLE);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(connector.output, 0, connector.exit_code);
        CPPUNIT_ASSERT_MESSAGE(connector.output, connector.notApplicable().empty());
        const auto subscriber = judge(HUB_SUBSCRIBER_EXAMPLE);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(subscriber.output, 0, subscriber.exit_code);
    }

    void theReportIsBoundToLibraryAndContract()
    {
        const auto judged = judge(HUB_PAYMENT_EXAMPLE, {}, {"--rule", "start.ready"});
        const auto& report = judged.report;
        CPPUNIT_ASSERT(report["library"] == "payment_example" && report["version"] == "1.0.0");
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, report["sha256"].get<std::string>().size());
        CPPUNIT_ASSERT(report["contracts"][0]["contract"] == "payment");
        CPPUNIT_ASSERT_EQUAL(std::size_t{64},
                             report["contracts"][0]["sha256"].get<std::string>().size());
        CPPUNIT_ASSERT(report["only_rule"] == "start.ready");
    }

    void oneRuleCanBeJudgedAlone()
    {
        const auto judged = judge(HUB_PAYMENT_EXAMPLE, {}, {"--rule", "exchange.cut"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(judged.output, std::size_t{1}, judged.report["rules"].size());
        CPPUNIT_ASSERT(judged.report["rules"][0]["verdict"] == "pass");
    }

    void whatCannotBeJudgedIsSaid()
    {
        const auto nothing = judge("/nowhere/libnothing.so");
        CPPUNIT_ASSERT_EQUAL(2, nothing.exit_code);
        CPPUNIT_ASSERT_MESSAGE(nothing.output,
                               nothing.output.find("is not there") != std::string::npos);
        const auto no_rule = judge(HUB_PAYMENT_EXAMPLE, {}, {"--rule", "no.such.rule"});
        CPPUNIT_ASSERT_EQUAL(2, no_rule.exit_code);
        CPPUNIT_ASSERT_MESSAGE(no_rule.output,
                               no_rule.output.find("there is no rule") != std::string::npos);
    }
};

HUB_TEST_SUITE_REGISTRATION(ShippedTest, "shipped");

} // namespace
