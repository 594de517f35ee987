// Goal: what happened is told, genuinely signed, until it is acknowledged, across kill -9, too.

#include "receiver.hpp"
#include "support/suite.hpp"

#include <set>

namespace simulator_test {

namespace {

/// Alipay's proof of a notification: everything but sign and sign_type.
bool isGenuine(const Merchant& merchant, Parameters message)
{
    const std::string signature = message["sign"];
    message.erase("sign");
    message.erase("sign_type");
    return verifyWithOpenssl(merchant.providerKey(), joinSorted(message), signature);
}

} // namespace

class NotificationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NotificationsTest);
    CPPUNIT_TEST(paymentIsToldAtOnceWithAllFields);
    CPPUNIT_TEST(onlyTheExactWordAcknowledges);
    CPPUNIT_TEST(resendsFollowTheScheduleAndEnd);
    CPPUNIT_TEST(refundsAreTold);
    CPPUNIT_TEST(unpaidOrdersAreNotTold);
    CPPUNIT_TEST(owedNotificationsSurviveAKill);
    CPPUNIT_TEST(httpsAddressesAreVerified);
    CPPUNIT_TEST(fasterClockShortensThePauses);
    CPPUNIT_TEST(lastOneIsSentAgainOnDemand);
    CPPUNIT_TEST_SUITE_END();

public:
    NotificationsTest()
        : merchant_(simulator_)
    {
        merchant_.notify_url = receiver_.url();
    }

    void tearDown() override { simulator_.kill(); }

    void paymentIsToldAtOnceWithAllFields()
    {
        simulator_.start();
        merchant_.call("alipay.trade.precreate",
                       {{"out_trade_no", "N1"},
                        {"total_amount", "200.00"},
                        {"subject", "胸牌费 + more"},
                        {"passback_params", "a%26b"}});
        simulator_.post("/control/pay", {{"out_trade_no", "N1"}});

        CPPUNIT_ASSERT(receiver_.waitFor(1));
        Parameters message = receiver_.messages().front();
        CPPUNIT_ASSERT(isGenuine(merchant_, message));
        const Parameters expected{
            {"app_id", "9021000000000001"},
            {"auth_app_id", "9021000000000001"},
            {"seller_id", "2088000000000001"},
            {"charset", "utf-8"},
            {"version", "1.0"},
            {"sign_type", "RSA2"},
            {"notify_type", "trade_status_sync"},
            {"trade_status", "TRADE_SUCCESS"},
            {"out_trade_no", "N1"},
            {"total_amount", "200.00"},
            {"receipt_amount", "200.00"},
            {"subject", "胸牌费 + more"},
            {"passback_params", "a%26b"},
            {"fund_bill_list", R"([{"amount":"200.00","fundChannel":"ALIPAYACCOUNT"}])"}};
        for (const auto& [name, value] : expected) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, value, message[name]);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{34}, message["notify_id"].size());

        message["total_amount"] = "2.00";
        CPPUNIT_ASSERT(!isGenuine(merchant_, message));
        CPPUNIT_ASSERT(isDelivered("N1"));
    }

    void onlyTheExactWordAcknowledges()
    {
        const std::vector<std::pair<int, std::string>> not_enough{{200, "SUCCESS"},
                                                                  {200, "success\n"},
                                                                  {200, "fail"},
                                                                  {200, ""},
                                                                  {500, "success"},
                                                                  {302, "success"}};
        receiver_.answerWith(not_enough);
        simulator_.start();
        merchant_.orderAndPay("N2");
        for (std::size_t sent = 1; sent <= not_enough.size(); ++sent) {
            CPPUNIT_ASSERT(receiver_.waitFor(sent));
            CPPUNIT_ASSERT(becomesTrue([&] { return attempts("N2") == sent; }));
            CPPUNIT_ASSERT(!isState("N2", "delivered"));
            simulator_.post("/control/clock", {{"advance_s", 54001}});
        }
        CPPUNIT_ASSERT(isDelivered("N2"));
        std::set<std::string> ids;
        for (const Parameters& message : receiver_.messages()) {
            CPPUNIT_ASSERT(isGenuine(merchant_, message));
            ids.insert(message.at("notify_id"));
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE("same notify_id on resends", std::size_t{1}, ids.size());
    }

    void resendsFollowTheScheduleAndEnd()
    {
        receiver_.answerWith({8, {200, "fail"}});
        simulator_.start();
        merchant_.orderAndPay("N3");
        std::size_t sent = 1;
        for (const long pause_s : {240L, 600L, 600L, 3600L, 7200L, 21600L, 54000L}) {
            CPPUNIT_ASSERT(becomesTrue([&] { return attempts("N3") == sent; }));
            const Json books = simulator_.get("/control/books?out_trade_no=N3");
            const Json clock = simulator_.get("/control/clock");
            const auto ahead_ms = books["notifications"][0]["due_ms"].get<std::int64_t>() -
                                  clock["test_ms"].get<std::int64_t>();
            CPPUNIT_ASSERT_MESSAGE(std::to_string(ahead_ms),
                                   ahead_ms <= pause_s * 1000 && ahead_ms > pause_s * 1000 - 20000);
            simulator_.post("/control/clock", {{"advance_s", pause_s}});
            ++sent;
        }
        CPPUNIT_ASSERT(becomesTrue([&] { return isState("N3", "given_up"); }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{8}, receiver_.bodies().size());
    }

    void refundsAreTold()
    {
        simulator_.start();
        merchant_.orderAndPay("N4");
        CPPUNIT_ASSERT(receiver_.waitFor(1));
        refund("N4", "50.00", "a");
        CPPUNIT_ASSERT(receiver_.waitFor(2));
        refund("N4", "150.00", "b");
        CPPUNIT_ASSERT(receiver_.waitFor(3));

        const auto messages = receiver_.messages();
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_SUCCESS"), messages[1].at("trade_status"));
        CPPUNIT_ASSERT_EQUAL(std::string("50.00"), messages[1].at("refund_fee"));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), messages[1].at("out_biz_no"));
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_CLOSED"), messages[2].at("trade_status"));
        CPPUNIT_ASSERT_EQUAL(std::string("200.00"), messages[2].at("refund_fee"));
        for (const Parameters& message : messages) {
            CPPUNIT_ASSERT(isGenuine(merchant_, message));
        }
    }

    void unpaidOrdersAreNotTold()
    {
        simulator_.start();
        merchant_.order("N5");
        simulator_.post("/control/decline", {{"out_trade_no", "N5"}});
        CPPUNIT_ASSERT(simulator_.get("/control/books?out_trade_no=N5")["notifications"].empty());
    }

    void owedNotificationsSurviveAKill()
    {
        receiver_.answerWith({{500, ""}});
        simulator_.start();
        merchant_.orderAndPay("N6");
        CPPUNIT_ASSERT(becomesTrue([&] { return attempts("N6") == 1; }));
        simulator_.kill();

        simulator_.start();
        simulator_.post("/control/clock", {{"advance_s", 241}});
        CPPUNIT_ASSERT(isDelivered("N6"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, receiver_.bodies().size());
    }

    void httpsAddressesAreVerified()
    {
        // A hub whose certificate another authority vouches for.
        const Simulator other([](Json&) {});
        std::filesystem::remove(other.folder() / "ca.key");
        std::filesystem::remove(other.folder() / "server.key");
        runProgram({simulatorBinary(), "prepare", "--folder", other.folder().string()});
        const Receiver secure(other.folder());
        merchant_.notify_url = secure.url();

        simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
        merchant_.orderAndPay("N7");
        CPPUNIT_ASSERT(becomesTrue([&] { return attempts("N7") == 1; }));
        CPPUNIT_ASSERT_MESSAGE("a stranger gets nothing", secure.bodies().empty());
        simulator_.kill();

        simulator_.start({"--trust", (other.folder() / "ca.pem").string()});
        simulator_.post("/control/clock", {{"advance_s", 241}});
        CPPUNIT_ASSERT(isDelivered("N7"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, secure.bodies().size());
    }

    void fasterClockShortensThePauses()
    {
        receiver_.answerWith({2, {200, "fail"}});
        simulator_.start({"--clock-speed", "10000"});
        merchant_.orderAndPay("N8");
        CPPUNIT_ASSERT(receiver_.waitFor(3));
        CPPUNIT_ASSERT(isDelivered("N8"));
    }

    void lastOneIsSentAgainOnDemand()
    {
        simulator_.start();
        merchant_.orderAndPay("N9");
        CPPUNIT_ASSERT(isDelivered("N9"));
        simulator_.post("/control/notify", {{"out_trade_no", "N9"}});
        CPPUNIT_ASSERT(receiver_.waitFor(2));
        const auto messages = receiver_.messages();
        CPPUNIT_ASSERT_EQUAL(messages[0].at("notify_id"), messages[1].at("notify_id"));
    }

private:
    std::size_t attempts(const std::string& number) const
    {
        const Json books = simulator_.get("/control/books?out_trade_no=" + number);
        return books["deliveries"].size();
    }
    bool isState(const std::string& number, const std::string& state) const
    {
        const Json books = simulator_.get("/control/books?out_trade_no=" + number);
        return books["notifications"][0]["state"] == state;
    }
    bool isDelivered(const std::string& number) const
    {
        return becomesTrue([&] { return isState(number, "delivered"); });
    }
    void refund(const std::string& number, const std::string& amount, const std::string& request)
    {
        merchant_.call(
            "alipay.trade.refund",
            {{"out_trade_no", number}, {"refund_amount", amount}, {"out_request_no", request}});
    }

    Simulator simulator_;
    Receiver receiver_;
    Merchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(NotificationsTest, "notifications");

} // namespace simulator_test
