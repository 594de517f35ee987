// Goal: a trade lives as at Alipay, and every answer is signed over its raw text.

#include "merchant.hpp"
#include "support/suite.hpp"

#include <set>
#include <thread>
#include <vector>

namespace simulator_test {

class TradeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TradeTest);
    CPPUNIT_TEST(prepareIsIdempotentAndItsCertificateIsTrusted);
    CPPUNIT_TEST(answersVerifyOverTheRawTextOnly);
    CPPUNIT_TEST(tradeExistsFromTheScanOn);
    CPPUNIT_TEST(sameOrderGivesTheSameCode);
    CPPUNIT_TEST(expiredCodeIsReplacedAndTheOldOneIsDead);
    CPPUNIT_TEST(codeLivesTwoHoursAtMost);
    CPPUNIT_TEST(refundsAddUpAndRepeatsMoveNothing);
    CPPUNIT_TEST(cancelClosesOrRefunds);
    CPPUNIT_TEST(canceledCodeCantBePaid);
    CPPUNIT_TEST(closedOrderCantBePaid);
    CPPUNIT_TEST(parallelRefundsNeverExceedThePayment);
    CPPUNIT_TEST_SUITE_END();

public:
    TradeTest()
        : merchant_(simulator_)
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void prepareIsIdempotentAndItsCertificateIsTrusted()
    {
        const auto digest = [&] {
            return runProgram({"sh",
                               "-c",
                               "cd \"$0\" && sha256sum *.pem *.key *.json alipay/*",
                               simulator_.folder().string()});
        };
        const std::string before = digest();
        runProgram({simulatorBinary(), "prepare", "--folder", simulator_.folder().string()});
        CPPUNIT_ASSERT_EQUAL(before, digest());

        const auto file = [&](const char* name) {
            return (simulator_.folder() / name).string();
        };
        runProgram({"openssl",
                    "verify",
                    "-purpose",
                    "sslserver",
                    "-verify_ip",
                    "127.0.0.1",
                    "-CAfile",
                    file("ca.pem"),
                    file("server.pem")});
        const std::string key =
            runProgram({"openssl", "pkey", "-in", file("ca.key"), "-noout", "-text"});
        CPPUNIT_ASSERT(key.find("2048 bit") != std::string::npos);
    }

    void answersVerifyOverTheRawTextOnly()
    {
        const GatewayAnswer answer = merchant_.call(
            "alipay.trade.precreate",
            {{"out_trade_no", "RAW1"}, {"total_amount", "1.00"}, {"subject", "胸牌"}});

        CPPUNIT_ASSERT_EQUAL(std::string("alipay_trade_precreate_response"), answer.node);
        CPPUNIT_ASSERT(merchant_.isGenuine(answer));
        CPPUNIT_ASSERT_MESSAGE(
            answer.raw, answer.signed_text.find("https:\\/\\/127.0.0.1") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(
            "a reader that writes the JSON anew must fail",
            !verifyWithOpenssl(merchant_.providerKey(), answer.fields.dump(), answer.sign));
        const GatewayAnswer refused =
            merchant_.call("alipay.trade.query", {{"out_trade_no", "RAW1"}});
        CPPUNIT_ASSERT(merchant_.isGenuine(refused));
    }

    void tradeExistsFromTheScanOn()
    {
        merchant_.order("SCAN1");
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.TRADE_NOT_EXIST"), query("SCAN1").subCode());

        simulator_.post("/control/open", {{"out_trade_no", "SCAN1"}});
        CPPUNIT_ASSERT_EQUAL(std::string("WAIT_BUYER_PAY"), status("SCAN1"));

        const Json paid = simulator_.post("/control/pay", {{"out_trade_no", "SCAN1"}});
        const GatewayAnswer answer =
            merchant_.call("alipay.trade.query", {{"trade_no", paid["trade_no"]}});
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_SUCCESS"), text(answer, "trade_status"));
        CPPUNIT_ASSERT_EQUAL(std::string("200.00"), text(answer, "total_amount"));
        CPPUNIT_ASSERT_EQUAL(std::string("200.00"), text(answer, "receipt_amount"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{28}, text(answer, "trade_no").size());
    }

    void sameOrderGivesTheSameCode()
    {
        const std::string first = merchant_.order("SAME1");
        CPPUNIT_ASSERT_EQUAL(first, merchant_.order("SAME1"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "one amount, two spellings", first, merchant_.order("SAME1", "200.0"));
    }

    void expiredCodeIsReplacedAndTheOldOneIsDead()
    {
        const std::string old = merchant_.order("OLD1");
        simulator_.post("/control/clock", {{"advance_s", 2 * 3600 + 1}});
        CPPUNIT_ASSERT_EQUAL(409, pay({{"qr", old}}));

        const std::string fresh = merchant_.order("OLD1");
        CPPUNIT_ASSERT(old != fresh);
        CPPUNIT_ASSERT_EQUAL(404, pay({{"qr", old}}));
        CPPUNIT_ASSERT_EQUAL(200, pay({{"qr", fresh}}));
    }

    void codeLivesTwoHoursAtMost()
    {
        merchant_.call("alipay.trade.precreate",
                       {{"out_trade_no", "LONG1"},
                        {"total_amount", "1.00"},
                        {"subject", "s"},
                        {"timeout_express", "1d"},
                        {"qr_code_timeout_express", "1d"}});
        merchant_.call("alipay.trade.precreate",
                       {{"out_trade_no", "SHORT1"},
                        {"total_amount", "1.00"},
                        {"subject", "s"},
                        {"timeout_express", "5m"}});
        simulator_.post("/control/clock", {{"advance_s", 301}});
        CPPUNIT_ASSERT_EQUAL(409, pay({{"out_trade_no", "SHORT1"}}));
        simulator_.post("/control/clock", {{"advance_s", 2 * 3600}});
        CPPUNIT_ASSERT_EQUAL(409, pay({{"out_trade_no", "LONG1"}}));
    }

    void refundsAddUpAndRepeatsMoveNothing()
    {
        merchant_.orderAndPay("REF1");
        struct Row {
            const char* request;
            const char* amount;
            const char* moved;
            const char* total;
        };
        for (const Row& row : {Row{"a", "50.00", "Y", "50.00"},
                               Row{"a", "50.00", "N", "50.00"},
                               Row{"b", "0.01", "Y", "50.01"},
                               Row{"c", "149.99", "Y", "200.00"},
                               Row{"c", "149.99", "N", "200.00"}}) {
            const GatewayAnswer answer = refund("REF1", row.amount, row.request);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                answer.raw, std::string(row.moved), text(answer, "fund_change"));
            CPPUNIT_ASSERT_EQUAL(std::string(row.total), text(answer, "refund_fee"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_CLOSED"), status("REF1"));
        const GatewayAnswer known =
            merchant_.call("alipay.trade.fastpay.refund.query",
                           {{"out_trade_no", "REF1"}, {"out_request_no", "b"}});
        CPPUNIT_ASSERT_EQUAL(std::string("REFUND_SUCCESS"), text(known, "refund_status"));
        CPPUNIT_ASSERT_EQUAL(std::string("0.01"), text(known, "refund_amount"));
        const GatewayAnswer unknown =
            merchant_.call("alipay.trade.fastpay.refund.query",
                           {{"out_trade_no", "REF1"}, {"out_request_no", "z"}});
        CPPUNIT_ASSERT_EQUAL(std::string("10000"), unknown.code());
        CPPUNIT_ASSERT(!unknown.fields.contains("refund_status"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{20000}, refundedMinor("REF1"));
    }

    void cancelClosesOrRefunds()
    {
        merchant_.order("CAN1");
        const GatewayAnswer unscanned = cancel("CAN1");
        CPPUNIT_ASSERT(!unscanned.fields.contains("action"));

        merchant_.order("CAN2");
        simulator_.post("/control/open", {{"out_trade_no", "CAN2"}});
        CPPUNIT_ASSERT_EQUAL(std::string("close"), text(cancel("CAN2"), "action"));
        CPPUNIT_ASSERT_EQUAL(std::string("close"), text(cancel("CAN2"), "action"));

        merchant_.orderAndPay("CAN3");
        refund("CAN3", "30.00", "a");
        CPPUNIT_ASSERT_EQUAL(std::string("refund"), text(cancel("CAN3"), "action"));
        CPPUNIT_ASSERT_EQUAL(std::string("refund"), text(cancel("CAN3"), "action"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{20000}, refundedMinor("CAN3"));

        CPPUNIT_ASSERT(!cancel("NOBODY").fields.contains("action"));
    }

    void canceledCodeCantBePaid()
    {
        merchant_.order("CAN4");
        cancel("CAN4");
        CPPUNIT_ASSERT_EQUAL(409, pay({{"out_trade_no", "CAN4"}}));
    }

    void closedOrderCantBePaid()
    {
        merchant_.order("CLO1");
        simulator_.post("/control/open", {{"out_trade_no", "CLO1"}});
        const GatewayAnswer closed =
            merchant_.call("alipay.trade.close", {{"out_trade_no", "CLO1"}});
        CPPUNIT_ASSERT_EQUAL(std::string("10000"), closed.code());
        CPPUNIT_ASSERT_EQUAL(409, pay({{"out_trade_no", "CLO1"}}));
    }

    void parallelRefundsNeverExceedThePayment()
    {
        merchant_.orderAndPay("PAR1");
        std::vector<std::thread> threads;
        for (int i = 0; i < 10; ++i) {
            threads.emplace_back([this, i] { refund("PAR1", "30.00", "r" + std::to_string(i)); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{18000}, refundedMinor("PAR1"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{6},
                             simulator_.get("/control/books?out_trade_no=PAR1")["refunds"].size());
    }

private:
    static std::string text(const GatewayAnswer& answer, const char* member)
    {
        return answer.fields.value(member, "absent");
    }
    GatewayAnswer query(const std::string& number) const
    {
        return merchant_.call("alipay.trade.query", {{"out_trade_no", number}});
    }
    std::string status(const std::string& number) const
    {
        return text(query(number), "trade_status");
    }
    GatewayAnswer cancel(const std::string& number) const
    {
        return merchant_.call("alipay.trade.cancel", {{"out_trade_no", number}});
    }
    GatewayAnswer
    refund(const std::string& number, const std::string& amount, const std::string& request) const
    {
        return merchant_.call(
            "alipay.trade.refund",
            {{"out_trade_no", number}, {"refund_amount", amount}, {"out_request_no", request}});
    }
    std::int64_t refundedMinor(const std::string& number) const
    {
        return simulator_.trade(number)["refunded_minor"].get<std::int64_t>();
    }
    int pay(const Json& what) const
    {
        return simulator_.request("POST", "/control/pay", what.dump()).status;
    }

    Simulator simulator_;
    Merchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(TradeTest, "trade");

} // namespace simulator_test
