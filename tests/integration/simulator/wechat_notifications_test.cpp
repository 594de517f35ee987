// Goal: payments and the ends of refunds are told, sealed and signed as at WeChat Pay, on its
// schedule, until 200 or 204 acknowledges.

#include "receiver.hpp"
#include "support/suite.hpp"
#include "wechat_merchant.hpp"

#include <set>

namespace simulator_test {

class WechatNotificationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WechatNotificationsTest);
    CPPUNIT_TEST(paymentIsToldSealedAndSigned);
    CPPUNIT_TEST(refundIsToldWhenItEnds);
    CPPUNIT_TEST(schedulePassesUntilItIsAcknowledged);
    CPPUNIT_TEST(probesAndForgeriesAreRecognizable);
    CPPUNIT_TEST_SUITE_END();

public:
    WechatNotificationsTest()
        : simulator_([](Json& settings) { settings["wechat"]["refund_takes_s"] = 600; })
        , receiver_(simulator_.folder())
        , merchant_(simulator_)
    {
        merchant_.notify_url = receiver_.url();
    }

    void setUp() override
    {
        simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
    }
    void tearDown() override { simulator_.kill(); }

    void paymentIsToldSealedAndSigned()
    {
        receiver_.answerWith({{204, ""}});
        merchant_.orderAndPay("WN0001");
        CPPUNIT_ASSERT(receiver_.waitFor(1));
        CPPUNIT_ASSERT(isGenuine(0));
        const Json body = Json::parse(receiver_.bodies()[0]);
        CPPUNIT_ASSERT_EQUAL(std::string("TRANSACTION.SUCCESS"),
                             body["event_type"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("encrypt-resource"),
                             body["resource_type"].get<std::string>());
        CPPUNIT_ASSERT(body["id"].get<std::string>().size() <= 36);
        CPPUNIT_ASSERT_EQUAL(std::string("application/json"),
                             receiver_.headers()[0].at("Content-Type"));
        const Json told = Json::parse(merchant_.open(body["resource"]));
        CPPUNIT_ASSERT_EQUAL(Json::parse(merchant_.query("WN0001").body).dump(), told.dump());
        Json spoiled = body["resource"];
        spoiled["associated_data"] = "other";
        CPPUNIT_ASSERT(merchant_.open(spoiled).empty());
        CPPUNIT_ASSERT(becomesTrue([&] { return state("WN0001", 0) == "delivered"; }));
    }

    void refundIsToldWhenItEnds()
    {
        merchant_.orderAndPay("WN0101");
        CPPUNIT_ASSERT(receiver_.waitFor(1));
        merchant_.requestRefund(merchant_.refund("WN0101", "NR1", 5000));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notifications("WN0101").size());
        simulator_.post("/control/clock", {{"advance_s", 601}});
        CPPUNIT_ASSERT(receiver_.waitFor(2));
        CPPUNIT_ASSERT(isGenuine(1));
        const Json done = opened(1, "REFUND.SUCCESS");
        CPPUNIT_ASSERT_EQUAL(std::string("SUCCESS"), done["refund_status"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(5000, done["amount"]["refund"].get<int>());

        simulator_.post("/control/clock", {{"advance_s", 60}});
        merchant_.requestRefund(merchant_.refund("WN0101", "NR2", 100));
        simulator_.post("/control/refund", {{"out_request_no", "NR2"}, {"outcome", "stuck"}});
        CPPUNIT_ASSERT(receiver_.waitFor(3));
        CPPUNIT_ASSERT_EQUAL(std::string("ABNORMAL"),
                             opened(2, "REFUND.ABNORMAL")["refund_status"].get<std::string>());
    }

    void schedulePassesUntilItIsAcknowledged()
    {
        receiver_.answerWith({16, {500, R"({"code":"FAIL","message":"no"})"}});
        merchant_.orderAndPay("WN0201");
        std::size_t sent = 1;
        for (const long pause_s : {15L,
                                   15L,
                                   30L,
                                   180L,
                                   600L,
                                   1200L,
                                   1800L,
                                   1800L,
                                   1800L,
                                   3600L,
                                   10800L,
                                   10800L,
                                   10800L,
                                   21600L,
                                   21600L}) {
            CPPUNIT_ASSERT(becomesTrue([&] { return deliveries("WN0201") == sent; }));
            const Json clock = simulator_.get("/control/clock");
            const auto ahead_ms = notifications("WN0201")[0]["due_ms"].get<std::int64_t>() -
                                  clock["test_ms"].get<std::int64_t>();
            CPPUNIT_ASSERT_MESSAGE(std::to_string(ahead_ms), ahead_ms <= pause_s * 1000);
            CPPUNIT_ASSERT_MESSAGE(std::to_string(ahead_ms), ahead_ms > (pause_s - 15) * 1000);
            simulator_.post("/control/clock", {{"advance_s", pause_s}});
            ++sent;
        }
        CPPUNIT_ASSERT(becomesTrue([&] { return state("WN0201", 0) == "given_up"; }));
        std::set<std::string> ids;
        for (std::size_t i = 0; i < sent; ++i) {
            ids.insert(Json::parse(receiver_.bodies()[i])["id"].get<std::string>());
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the same id every time", std::size_t{1}, ids.size());
        CPPUNIT_ASSERT(isGenuine(sent - 1));
    }

    void probesAndForgeriesAreRecognizable()
    {
        receiver_.answerWith({{401, ""}});
        simulator_.post("/control/faults", {{"fault", "notify_probe_signature"}});
        merchant_.orderAndPay("WN0301");
        CPPUNIT_ASSERT(becomesTrue([&] { return deliveries("WN0301") == 1; }));
        CPPUNIT_ASSERT(
            receiver_.headers()[0].at("Wechatpay-Signature").starts_with("WECHATPAY/SIGNTEST/"));
        simulator_.post("/control/clock", {{"advance_s", 15}});
        CPPUNIT_ASSERT(receiver_.waitFor(2));
        CPPUNIT_ASSERT(isGenuine(1));

        simulator_.post("/control/faults", {{"fault", "notify_bad_signature"}});
        merchant_.orderAndPay("WN0302");
        CPPUNIT_ASSERT(receiver_.waitFor(3));
        CPPUNIT_ASSERT(!isGenuine(2));
        simulator_.post("/control/faults",
                        {{"fault", "notify_alter"}, {"fields", {{"mchid", "1900000404"}}}});
        merchant_.orderAndPay("WN0303");
        CPPUNIT_ASSERT(receiver_.waitFor(4));
        CPPUNIT_ASSERT(isGenuine(3));
        CPPUNIT_ASSERT_EQUAL(std::string("1900000404"),
                             opened(3, "TRANSACTION.SUCCESS")["mchid"].get<std::string>());
    }

private:
    bool isGenuine(std::size_t index) const
    {
        return merchant_.isGenuine(receiver_.headers()[index], receiver_.bodies()[index]);
    }
    Json opened(std::size_t index, const std::string& event) const
    {
        const Json body = Json::parse(receiver_.bodies()[index]);
        CPPUNIT_ASSERT_EQUAL(event, body["event_type"].get<std::string>());
        return Json::parse(merchant_.open(body["resource"]));
    }
    Json notifications(const std::string& number) const
    {
        return simulator_.get("/control/books?out_trade_no=" + number)["notifications"];
    }
    std::size_t deliveries(const std::string& number) const
    {
        return simulator_.get("/control/books?out_trade_no=" + number)["deliveries"].size();
    }
    std::string state(const std::string& number, std::size_t index) const
    {
        return notifications(number)[index]["state"];
    }

    Simulator simulator_;
    Receiver receiver_;
    WechatMerchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(WechatNotificationsTest, "wechat_notifications");

} // namespace simulator_test
