// Goal: scripted faults do to UnionPay's messages what they say, and to the books what they say.

#include "support/suite.hpp"
#include "unionpay_merchant.hpp"

namespace simulator_test {

namespace {

using Unionpay = UnionpayMerchant;

} // namespace

class UnionpayFaultsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UnionpayFaultsTest);
    CPPUNIT_TEST(connectionsBreakBeforeAndAfterBooking);
    CPPUNIT_TEST(answersAreSpoiled);
    CPPUNIT_TEST(anyCodeIsAnswered);
    CPPUNIT_TEST(anyStateIsTold);
    CPPUNIT_TEST(booksSurviveTheEnd);
    CPPUNIT_TEST_SUITE_END();

public:
    UnionpayFaultsTest()
        : merchant_(simulator_)
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void connectionsBreakBeforeAndAfterBooking()
    {
        const std::string query_id = merchant_.queryIdOf(merchant_.orderAndPay("UPBREAK0"));
        const auto refund = [&](const std::string& number, Json fault) {
            fault["match"] = {{"provider", "unionpay"}, {"method", "backTransReq.do 04"}};
            simulator_.post("/control/faults", fault);
            return merchant_
                .post(Unionpay::kBack, merchant_.sign(merchant_.refund(number, query_id, "100")))
                .status;
        };
        const auto refunds = [&] {
            return simulator_.get("/control/books?out_trade_no=UPBREAK0")["refunds"].size();
        };
        CPPUNIT_ASSERT_EQUAL(0, refund("UPBREAK1", {{"fault", "drop_before_booking"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, refunds());
        CPPUNIT_ASSERT_EQUAL(0, refund("UPBREAK2", {{"fault", "drop_after_booking"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, refunds());
        CPPUNIT_ASSERT_EQUAL(0, refund("UPBREAK3", {{"fault", "book_late"}, {"ms", 50}}));
        CPPUNIT_ASSERT(becomesTrue([&] { return refunds() == 2; }));
        CPPUNIT_ASSERT_EQUAL(502, refund("UPBREAK4", {{"fault", "http_status"}, {"booked", true}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, refunds());
    }

    void answersAreSpoiled()
    {
        const Parameters order = merchant_.orderAndPay("UPSPOIL1");
        const Parameters forged = spoiled("bad_signature", order);
        CPPUNIT_ASSERT(forged.contains("signature"));
        CPPUNIT_ASSERT(!merchant_.isSignedByItsCertificate(forged));
        const Parameters strange = spoiled("probe_signature", order);
        CPPUNIT_ASSERT(merchant_.isSignedByItsCertificate(strange));
        CPPUNIT_ASSERT(!merchant_.isGenuine(strange));
        const Parameters bare = spoiled("unsigned", order);
        CPPUNIT_ASSERT_EQUAL(std::string("00"), bare.at("respCode"));
        CPPUNIT_ASSERT(!bare.contains("signature") && !bare.contains("signPubKeyCert"));
        const Parameters wrong = spoiled("wrong_amount", order);
        CPPUNIT_ASSERT(merchant_.isGenuine(wrong));
        CPPUNIT_ASSERT_EQUAL(std::string("20001"), wrong.at("txnAmt"));
        CPPUNIT_ASSERT_EQUAL(std::string("20001"), wrong.at("settleAmt"));
        CPPUNIT_ASSERT(
            parseRaw(merchant_.post(Unionpay::kQuery, request(order)).body).contains("signature"));
    }

    void anyCodeIsAnswered()
    {
        for (const char* code : {"02", "03", "04", "05", "06", "37", "83", "99"}) {
            simulator_.post("/control/faults",
                            {{"fault", "refuse"}, {"code", code}, {"booked", true}});
            const std::string number = std::string("UPCODE") + code;
            const Parameters answer = merchant_.call(Unionpay::kBack, merchant_.code(number));
            CPPUNIT_ASSERT_EQUAL(std::string(code), answer.at("respCode"));
            CPPUNIT_ASSERT(answer.at("respMsg").ends_with("]"));
            CPPUNIT_ASSERT(!simulator_.trade(number).is_null());
        }
    }

    void anyStateIsTold()
    {
        const Parameters order = merchant_.orderAndPay("UPSTATE1");
        for (const char* state : {"A6", "42", "03"}) {
            simulator_.post("/control/faults",
                            {{"fault", "refuse"}, {"code", "00"}, {"sub_code", state}});
            const Parameters answer = merchant_.call(Unionpay::kQuery, merchant_.query(order));
            CPPUNIT_ASSERT_EQUAL(std::string("00"), answer.at("respCode"));
            CPPUNIT_ASSERT_EQUAL(std::string(state), answer.at("origRespCode"));
            CPPUNIT_ASSERT_EQUAL(std::string("20000"), answer.at("txnAmt"));
        }
    }

    void booksSurviveTheEnd()
    {
        const Parameters order = merchant_.orderAndPay("UPKILL01");
        const std::string query_id = merchant_.queryIdOf(order);
        const Parameters refund = merchant_.refund("UPKILL02", query_id, "700");
        merchant_.call(Unionpay::kBack, refund);
        simulator_.kill();
        simulator_.start();
        CPPUNIT_ASSERT_EQUAL(query_id, merchant_.queryIdOf(order));
        CPPUNIT_ASSERT_EQUAL(std::string("12"),
                             merchant_.call(Unionpay::kBack, refund).at("respCode"));
        CPPUNIT_ASSERT_EQUAL(700, simulator_.trade("UPKILL01")["refunded_minor"].get<int>());
    }

private:
    Parameters request(const Parameters& order) const
    {
        return merchant_.sign(merchant_.query(order));
    }
    Parameters spoiled(const char* fault, const Parameters& order) const
    {
        simulator_.post("/control/faults", {{"fault", fault}});
        return parseRaw(merchant_.post(Unionpay::kQuery, request(order)).body);
    }

    Simulator simulator_;
    UnionpayMerchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(UnionpayFaultsTest, "unionpay_faults");

} // namespace simulator_test
