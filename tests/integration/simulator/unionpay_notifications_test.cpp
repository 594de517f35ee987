// Goal: payments and the ends of what gives them back are told as at UnionPay: an ordinary form,
// signed by the certificate inside, on the provider's schedule, until 200 acknowledges.

#include "receiver.hpp"
#include "support/suite.hpp"
#include "unionpay_merchant.hpp"

namespace simulator_test {

namespace {

using Unionpay = UnionpayMerchant;

} // namespace

class UnionpayNotificationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UnionpayNotificationsTest);
    CPPUNIT_TEST(paymentIsToldAsTheQueryTellsIt);
    CPPUNIT_TEST(whatGivesBackIsToldBothWays);
    CPPUNIT_TEST(paymentsThatFailAreNotTold);
    CPPUNIT_TEST(schedulePassesUntilItIsAcknowledged);
    CPPUNIT_TEST(forgeriesAreRecognizable);
    CPPUNIT_TEST(theCertificateChangesAndItsChainStays);
    CPPUNIT_TEST_SUITE_END();

public:
    UnionpayNotificationsTest()
        : simulator_([](Json& settings) { settings["unionpay"]["refund_takes_s"] = 600; })
        , receiver_(simulator_.folder())
        , merchant_(simulator_)
    {
        // A question of its own is no part of the message.
        merchant_.back_url = receiver_.url() + "?account=a";
    }

    void setUp() override
    {
        simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
    }
    void tearDown() override { simulator_.kill(); }

    void paymentIsToldAsTheQueryTellsIt()
    {
        receiver_.answerWith({{200, "anything"}});
        const Parameters order = merchant_.orderAndPay("UPTOLD01");
        const Parameters told = genuine(0);
        CPPUNIT_ASSERT(receiver_.headers()[0]
                           .at("Content-Type")
                           .starts_with("application/x-www-form-urlencoded"));
        CPPUNIT_ASSERT(told.at("signPubKeyCert").starts_with("-----BEGIN CERTIFICATE-----\r\n"));
        CPPUNIT_ASSERT(told.at("signPubKeyCert").ends_with("\r\n-----END CERTIFICATE-----"));
        const Parameters asked = merchant_.call(Unionpay::kQuery, merchant_.query(order));
        for (const char* name : {"queryId",
                                 "traceNo",
                                 "traceTime",
                                 "txnAmt",
                                 "currencyCode",
                                 "settleAmt",
                                 "settleCurrencyCode",
                                 "settleDate",
                                 "accNo",
                                 "orderId",
                                 "txnTime",
                                 "txnType",
                                 "txnSubType",
                                 "merId",
                                 "accessType",
                                 "encoding",
                                 "reqReserved"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, asked.at(name), told.at(name));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("00"), told.at("respCode"));
        CPPUNIT_ASSERT_EQUAL(std::string("000000"), told.at("bizType"));
        CPPUNIT_ASSERT(!told.contains("account"));
        CPPUNIT_ASSERT(becomesTrue([&] { return state("UPTOLD01", 0) == "delivered"; }));
    }

    void whatGivesBackIsToldBothWays()
    {
        const Parameters order = merchant_.orderAndPay("UPBOTH00");
        const std::string query_id = merchant_.queryIdOf(order);
        CPPUNIT_ASSERT(receiver_.waitFor(1));
        merchant_.call(Unionpay::kBack, merchant_.refund("UPBOTH01", query_id, "5000"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notifications("UPBOTH00").size());
        simulator_.post("/control/clock", {{"advance_s", 601}});
        const Parameters done = genuine(1);
        CPPUNIT_ASSERT_EQUAL(std::string("04 00"), done.at("txnType") + " " + done.at("respCode"));
        CPPUNIT_ASSERT_EQUAL(std::string("UPBOTH01"), done.at("orderId"));
        CPPUNIT_ASSERT_EQUAL(query_id, done.at("origQryId"));
        CPPUNIT_ASSERT_EQUAL(std::string("5000"), done.at("txnAmt"));

        merchant_.call(Unionpay::kBack, merchant_.refund("UPBOTH02", query_id, "100"));
        end("UPBOTH02", "dropped");
        CPPUNIT_ASSERT_EQUAL(std::string("01"), genuine(2).at("respCode"));

        merchant_.call(Unionpay::kBack, merchant_.refund("UPBOTH03", query_id, "100"));
        end("UPBOTH03", "stuck");
        const std::string other = merchant_.queryIdOf(merchant_.orderAndPay("UPBOTH10"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "what hangs is not told", std::string("UPBOTH10"), genuine(3).at("orderId"));
        merchant_.call(Unionpay::kBack, merchant_.undo("UPBOTH11", other));
        simulator_.post("/control/clock", {{"advance_s", 601}});
        const Parameters undone = genuine(4);
        CPPUNIT_ASSERT_EQUAL(std::string("31 00"),
                             undone.at("txnType") + " " + undone.at("respCode"));
    }

    void paymentsThatFailAreNotTold()
    {
        merchant_.call(Unionpay::kBack, merchant_.code("UPNONE01"));
        simulator_.post("/control/decline", {{"out_trade_no", "UPNONE01"}});
        merchant_.call(Unionpay::kBack, merchant_.code("UPNONE02"));
        simulator_.post("/control/clock", {{"advance_s", 2 * 3600 + 1}});
        CPPUNIT_ASSERT_EQUAL(std::string("closed"),
                             simulator_.trade("UPNONE02")["state"].get<std::string>());
        CPPUNIT_ASSERT(simulator_.get("/control/books")["notifications"].empty());
    }

    void schedulePassesUntilItIsAcknowledged()
    {
        receiver_.answerWith({5, {204, ""}});
        merchant_.orderAndPay("UPLATE01");
        std::size_t sent = 2; // the second one follows at once
        for (const long pause_s : {60L, 120L, 240L}) {
            CPPUNIT_ASSERT(becomesTrue([&] { return deliveries("UPLATE01") == sent; }));
            const Json clock = simulator_.get("/control/clock");
            const auto ahead_ms = notifications("UPLATE01")[0]["due_ms"].get<std::int64_t>() -
                                  clock["test_ms"].get<std::int64_t>();
            CPPUNIT_ASSERT_MESSAGE(std::to_string(ahead_ms), ahead_ms <= pause_s * 1000);
            CPPUNIT_ASSERT_MESSAGE(std::to_string(ahead_ms), ahead_ms > (pause_s - 30) * 1000);
            simulator_.post("/control/clock", {{"advance_s", pause_s}});
            ++sent;
        }
        CPPUNIT_ASSERT(becomesTrue([&] { return state("UPLATE01", 0) == "given_up"; }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, receiver_.bodies().size());
        genuine(4);
    }

    void forgeriesAreRecognizable()
    {
        const auto spoiled = [&](const Json& fault, const std::string& number) {
            simulator_.post("/control/faults", fault);
            merchant_.orderAndPay(number);
            const std::size_t index = count_++;
            CPPUNIT_ASSERT(receiver_.waitFor(index + 1));
            return receiver_.messages()[index];
        };
        const Parameters bad = spoiled({{"fault", "notify_bad_signature"}}, "UPFAKE01");
        CPPUNIT_ASSERT(!merchant_.isSignedByItsCertificate(bad));
        const Parameters strange = spoiled({{"fault", "notify_probe_signature"}}, "UPFAKE02");
        CPPUNIT_ASSERT_MESSAGE("by a certificate that nobody vouches for",
                               merchant_.isSignedByItsCertificate(strange));
        CPPUNIT_ASSERT(!merchant_.isGenuine(strange));
        const Parameters wrong = spoiled({{"fault", "notify_wrong_amount"}}, "UPFAKE03");
        CPPUNIT_ASSERT(merchant_.isGenuine(wrong));
        CPPUNIT_ASSERT_EQUAL(std::string("20001"), wrong.at("txnAmt"));
        const Parameters altered = spoiled(
            {{"fault", "notify_alter"}, {"fields", {{"merId", "100000000000404"}}}}, "UPFAKE04");
        CPPUNIT_ASSERT(merchant_.isGenuine(altered));
        CPPUNIT_ASSERT_EQUAL(std::string("100000000000404"), altered.at("merId"));
    }

    void theCertificateChangesAndItsChainStays()
    {
        receiver_.answerWith({{500, ""}, {500, ""}});
        const Parameters order = merchant_.orderAndPay("UPNEW001");
        const std::string old = merchant_.numberOf(genuine(0));
        CPPUNIT_ASSERT(becomesTrue([&] { return deliveries("UPNEW001") == 2; }));
        const std::string fresh =
            simulator_.post("/control/provider/unionpay/rotate", Json::object())["cert_id"];
        CPPUNIT_ASSERT(fresh != old);
        simulator_.post("/control/clock", {{"advance_s", 60}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "the same message, signed anew", fresh, merchant_.numberOf(genuine(2)));
        CPPUNIT_ASSERT(merchant_.isGenuine(receiver_.messages()[0]));

        simulator_.kill();
        simulator_.start();
        CPPUNIT_ASSERT_EQUAL(
            fresh, merchant_.numberOf(merchant_.call(Unionpay::kQuery, merchant_.query(order))));
    }

private:
    /// The `index`-th message; fails unless it comes and is genuine.
    Parameters genuine(std::size_t index) const
    {
        CPPUNIT_ASSERT(receiver_.waitFor(index + 1));
        Parameters message = receiver_.messages()[index];
        CPPUNIT_ASSERT(merchant_.isGenuine(message));
        return message;
    }
    void end(const char* number, const char* outcome) const
    {
        simulator_.post("/control/refund", {{"out_request_no", number}, {"outcome", outcome}});
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
    UnionpayMerchant merchant_;
    std::size_t count_ = 0;
};

HUB_TEST_SUITE_REGISTRATION(UnionpayNotificationsTest, "unionpay_notifications");

} // namespace simulator_test
