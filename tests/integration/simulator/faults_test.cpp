// Goal: every scripted fault does what it says to the wire and to the books. Method: a table of
// faults, each applied to one order.

#include "receiver.hpp"
#include "support/suite.hpp"

#include <fstream>
#include <set>
#include <vector>

namespace simulator_test {

namespace {

/// What a merchant makes of an answer.
using Seen = std::string;
const Seen kGenuine = "genuine";
const Seen kNothing = "nothing";
const Seen kErrorPage = "error page";
const Seen kUnreadable = "unreadable";
const Seen kForged = "forged";
const Seen kUnsigned = "unsigned";
const Seen kRefused = "refused";

struct Row {
    const char* name;
    Json rule;
    Seen seen;
    bool booked;
};

std::vector<Row> answerFaults()
{
    return {
        {"drop_before_booking", {{"fault", "drop_before_booking"}}, kNothing, false},
        {"drop_after_booking", {{"fault", "drop_after_booking"}}, kNothing, true},
        {"book_late", {{"fault", "book_late"}, {"ms", 50}}, kNothing, true},
        {"silence", {{"fault", "silence"}, {"ms", 50}}, kNothing, false},
        {"tls_close", {{"fault", "tls_close"}}, kNothing, false},
        {"delay", {{"fault", "delay"}, {"ms", 20}}, kGenuine, true},
        {"slow_drip", {{"fault", "slow_drip"}, {"ms", 1}}, kGenuine, true},
        {"5xx", {{"fault", "http_status"}, {"status", 502}}, kErrorPage, false},
        {"5xx booked",
         {{"fault", "http_status"}, {"status", 500}, {"booked", true}},
         kErrorPage,
         true},
        {"garbage", {{"fault", "garbage"}}, kUnreadable, false},
        {"garbage booked", {{"fault", "garbage"}, {"booked", true}}, kUnreadable, true},
        {"bad_signature", {{"fault", "bad_signature"}}, kForged, true},
        {"unsigned", {{"fault", "unsigned"}}, kUnsigned, true},
        {"refuse",
         {{"fault", "refuse"}, {"code", "20000"}, {"sub_code", "isp.unknow-error"}},
         kRefused,
         false},
        {"refuse booked",
         {{"fault", "refuse"}, {"sub_code", "ACQ.SYSTEM_ERROR"}, {"booked", true}},
         kRefused,
         true},
    };
}

} // namespace

class FaultsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FaultsTest);
    CPPUNIT_TEST(answerFaultsDoWhatTheySay);
    CPPUNIT_TEST(delayedAnswerIsBookedBeforeTheClientGivesUp);
    CPPUNIT_TEST(wrongAmountIsValidlySigned);
    CPPUNIT_TEST(notificationsAreRepeatedInARowOrAtOnce);
    CPPUNIT_TEST(notificationsAreSuppressedDelayedOrReordered);
    CPPUNIT_TEST(notificationsAreSpoiled);
    CPPUNIT_TEST(rulesMatchByMethodPrefixAndCount);
    CPPUNIT_TEST(sameSeedGivesTheSameFaults);
    CPPUNIT_TEST(rulesCanComeFromAFile);
    CPPUNIT_TEST(malformedRulesAreRefusedByName);
    CPPUNIT_TEST_SUITE_END();

public:
    FaultsTest()
        : merchant_(simulator_)
    {
        merchant_.notify_url = receiver_.url();
    }

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void answerFaultsDoWhatTheySay()
    {
        int count = 0;
        for (Row row : answerFaults()) {
            const std::string number = "F" + std::to_string(++count);
            row.rule["match"] = {{"method", "alipay.trade.precreate"}, {"out_trade_no", number}};
            simulator_.post("/control/faults", row.rule);

            const HttpAnswer raw = sendOrder(number);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.seen, judge(raw));
            const auto is_booked = [&] {
                return !simulator_.trade(number).is_null();
            };
            if (row.booked) {
                CPPUNIT_ASSERT_MESSAGE(row.name, becomesTrue(is_booked));
            } else {
                CPPUNIT_ASSERT_MESSAGE(row.name, !is_booked());
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                "the next one is well", kGenuine, judge(sendOrder(number)));
            const Json last = simulator_.get("/control/exchanges?limit=2")["exchanges"][0];
            CPPUNIT_ASSERT_EQUAL(row.rule["fault"].get<std::string>(),
                                 last["fault"].get<std::string>());
        }
    }

    void delayedAnswerIsBookedBeforeTheClientGivesUp()
    {
        simulator_.post("/control/faults", {{"fault", "delay"}, {"ms", 60000}});
        CPPUNIT_ASSERT_EQUAL(kNothing, judge(sendOrder("SLOW", 500)));
        CPPUNIT_ASSERT(!simulator_.trade("SLOW").is_null());
    }

    void wrongAmountIsValidlySigned()
    {
        merchant_.orderAndPay("WRONG");
        simulator_.post("/control/faults", {{"fault", "wrong_amount"}});
        const GatewayAnswer answer =
            merchant_.call("alipay.trade.query", {{"out_trade_no", "WRONG"}});
        CPPUNIT_ASSERT(merchant_.isGenuine(answer));
        CPPUNIT_ASSERT_EQUAL(std::string("200.01"),
                             answer.fields["total_amount"].get<std::string>());
    }

    void notificationsAreRepeatedInARowOrAtOnce()
    {
        for (const char* fault : {"notify_duplicate", "notify_parallel"}) {
            const std::size_t before = receiver_.bodies().size();
            simulator_.post("/control/faults", {{"fault", fault}, {"count", 5}});
            merchant_.orderAndPay(std::string("D") + std::to_string(before));
            CPPUNIT_ASSERT(receiver_.waitFor(before + 5));
            const auto bodies = receiver_.bodies();
            const std::set<std::string> distinct(
                bodies.begin() + static_cast<std::ptrdiff_t>(before), bodies.end());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(fault, std::size_t{1}, distinct.size());
        }
    }

    void notificationsAreSuppressedDelayedOrReordered()
    {
        simulator_.post("/control/faults", {{"fault", "notify_none"}});
        merchant_.orderAndPay("MUTE");
        CPPUNIT_ASSERT(becomesTrue([&] { return notificationState("MUTE") == "suppressed"; }));

        simulator_.post("/control/faults", {{"fault", "notify_delay"}, {"ms", 3600000}});
        merchant_.orderAndPay("LATER");
        CPPUNIT_ASSERT(becomesTrue([&] { return notificationState("LATER") == "delayed"; }));
        CPPUNIT_ASSERT(receiver_.bodies().empty());
        simulator_.post("/control/clock", {{"advance_s", 3601}});
        CPPUNIT_ASSERT(receiver_.waitFor(1));

        simulator_.post("/control/faults", {{"fault", "notify_reorder"}, {"ms", 36000000}});
        merchant_.orderAndPay("ORDER");
        CPPUNIT_ASSERT(becomesTrue([&] { return notificationState("ORDER") == "held"; }));
        merchant_.call(
            "alipay.trade.refund",
            {{"out_trade_no", "ORDER"}, {"refund_amount", "200.00"}, {"out_request_no", "a"}});
        CPPUNIT_ASSERT(receiver_.waitFor(3));
        const auto messages = receiver_.messages();
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_CLOSED"), messages[1].at("trade_status"));
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_SUCCESS"), messages[2].at("trade_status"));
    }

    void notificationsAreSpoiled()
    {
        struct Spoiled {
            Json rule;
            bool genuine;
            std::string total;
            std::string seller;
        };
        const std::string seller = "2088000000000001";
        std::size_t count = 0;
        for (const Spoiled& row :
             {Spoiled{{{"fault", "notify_bad_signature"}}, false, "200.00", seller},
              Spoiled{{{"fault", "notify_wrong_amount"}}, true, "200.01", seller},
              Spoiled{{{"fault", "notify_alter"}, {"fields", {{"seller_id", "2088000000000404"}}}},
                      true,
                      "200.00",
                      "2088000000000404"}}) {
            simulator_.post("/control/faults", row.rule);
            merchant_.orderAndPay("S" + std::to_string(++count));
            CPPUNIT_ASSERT(receiver_.waitFor(count));
            Parameters message = receiver_.messages().back();
            CPPUNIT_ASSERT_EQUAL(row.total, message["total_amount"]);
            CPPUNIT_ASSERT_EQUAL(row.seller, message["seller_id"]);
            const std::string signature = message["sign"];
            message.erase("sign");
            message.erase("sign_type");
            CPPUNIT_ASSERT_EQUAL(
                row.genuine,
                verifyWithOpenssl(merchant_.providerKey(), joinSorted(message), signature));
        }
    }

    void rulesMatchByMethodPrefixAndCount()
    {
        simulator_.post("/control/faults",
                        {{"fault", "http_status"},
                         {"status", 503},
                         {"match",
                          {{"provider", "alipay"},
                           {"method", "alipay.trade.query"},
                           {"out_trade_no", "M"},
                           {"nth", 2},
                           {"times", 2}}}});
        const auto query = [&](const char* number) {
            return merchant_.call("alipay.trade.query", {{"out_trade_no", number}}).http_status;
        };
        CPPUNIT_ASSERT_EQUAL(200, query("X1"));
        merchant_.order("M0");
        for (const int expected : {200, 503, 503, 200}) {
            CPPUNIT_ASSERT_EQUAL(expected, query("M1"));
        }
        const Json rule = simulator_.get("/control/faults")["rules"][0];
        CPPUNIT_ASSERT_EQUAL(4, rule["matched"].get<int>());
        CPPUNIT_ASSERT_EQUAL(2, rule["applied"].get<int>());
    }

    void sameSeedGivesTheSameFaults()
    {
        const auto run = [&](int seed) {
            simulator_.request("DELETE", "/control/faults");
            simulator_.post(
                "/control/faults",
                {{"seed", seed},
                 {"rules",
                  {{{"fault", "http_status"}, {"match", {{"times", 0}, {"chance", 0.5}}}}}}});
            std::string pattern;
            for (int i = 0; i < 40; ++i) {
                pattern += simulator_.request("POST", "/gateway.do").status == 200 ? '.' : 'x';
            }
            return pattern;
        };
        const std::string first = run(7);
        CPPUNIT_ASSERT_EQUAL(first, run(7));
        CPPUNIT_ASSERT(first != run(8));
        CPPUNIT_ASSERT(first.find('x') != std::string::npos);
        CPPUNIT_ASSERT(first.find('.') != std::string::npos);
    }

    void rulesCanComeFromAFile()
    {
        simulator_.kill();
        const auto file = simulator_.folder() / "faults.json";
        std::ofstream(file) << R"({"seed": 3, "rules": [{"fault": "http_status"}]})";
        simulator_.start({"--faults", file.string()});
        CPPUNIT_ASSERT_EQUAL(502, simulator_.request("POST", "/gateway.do").status);
    }

    void malformedRulesAreRefusedByName()
    {
        struct Bad {
            Json rule;
            std::string named;
        };
        for (const Bad& bad : {Bad{{{"fault", "explode"}}, "fault"},
                               Bad{{{"match", Json::object()}}, "fault"},
                               Bad{{{"fault", "delay"}, {"ms", -1}}, "ms"},
                               Bad{{{"fault", "delay"}, {"mss", 1}}, "mss"},
                               Bad{{{"fault", "delay"}, {"match", {{"nth", 0}}}}, "nth"},
                               Bad{{{"fault", "delay"}, {"match", {{"number", "x"}}}}, "number"},
                               Bad{{{"rules", 1}}, "rules"}}) {
            const HttpAnswer answer =
                simulator_.request("POST", "/control/faults", bad.rule.dump());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad.rule.dump(), 400, answer.status);
            CPPUNIT_ASSERT_MESSAGE(answer.body, answer.body.find(bad.named) != std::string::npos);
        }
        CPPUNIT_ASSERT(simulator_.get("/control/faults")["rules"].empty());
    }

private:
    HttpAnswer sendOrder(const std::string& number, int timeout_ms = 20000) const
    {
        const Parameters request = merchant_.sign(merchant_.parameters(
            "alipay.trade.precreate",
            {{"out_trade_no", number}, {"total_amount", "200.00"}, {"subject", "s"}}));
        return simulator_.request("POST", "/gateway.do", encodeForm(request), timeout_ms);
    }

    Seen judge(const HttpAnswer& raw) const
    {
        if (raw.status == 0) {
            return kNothing;
        }
        if (raw.status != 200) {
            return kErrorPage;
        }
        const GatewayAnswer answer = readAnswer(raw);
        if (answer.node.empty()) {
            return kUnreadable;
        }
        if (answer.sign.empty()) {
            return kUnsigned;
        }
        if (!merchant_.isGenuine(answer)) {
            return kForged;
        }
        return answer.code() == "10000" ? kGenuine : kRefused;
    }

    std::string notificationState(const std::string& number) const
    {
        const Json books = simulator_.get("/control/books?out_trade_no=" + number);
        return books["notifications"][0]["state"];
    }

    Simulator simulator_;
    Receiver receiver_;
    Merchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(FaultsTest, "faults");

} // namespace simulator_test
