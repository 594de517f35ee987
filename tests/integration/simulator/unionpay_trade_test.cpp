// Goal: orders, what gives them back, keys and the daily file are as at UnionPay. Method: every
// answer is read from its raw bytes and judged by openssl: chain, name and signature.

#include "support/suite.hpp"
#include "unionpay_merchant.hpp"

namespace simulator_test {

namespace {

using Unionpay = UnionpayMerchant;

constexpr long kDay = 24L * 3600;

} // namespace

class UnionpayTradeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UnionpayTradeTest);
    CPPUNIT_TEST(aCodeIsPaidAndFoundByBothKeys);
    CPPUNIT_TEST(theBrowserBringsAnOrderAndTheProofBack);
    CPPUNIT_TEST(corporateAndAppOrdersLeadToThePage);
    CPPUNIT_TEST(ordersEndByTimeOrByThePayer);
    CPPUNIT_TEST(theKeyOfAnOrderIsItsNumberAndTime);
    CPPUNIT_TEST(refundsTakeTimeAndEndInEveryWay);
    CPPUNIT_TEST(refundsStayWithinWhatWasPaid);
    CPPUNIT_TEST(anUndoIsOfTheSameSettlementDay);
    CPPUNIT_TEST(merchantsChangeTheirCertificate);
    CPPUNIT_TEST(anotherFormOfTheSameOrderIsASetting);
    CPPUNIT_TEST_SUITE_END();

public:
    UnionpayTradeTest()
        : simulator_([](Json& settings) {
            settings["unionpay"]["refund_takes_s"] = 600;
            settings["unionpay"]["merchants"][0]["certificates"] = {Json::object(), Json::object()};
        })
        , merchant_(simulator_)
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void aCodeIsPaidAndFoundByBothKeys()
    {
        const Parameters order = merchant_.code("UPQR0001");
        const Parameters made = merchant_.call(Unionpay::kBack, order);
        CPPUNIT_ASSERT_EQUAL(std::string("00"), made.at("respCode"));
        CPPUNIT_ASSERT_EQUAL(std::string("成功[0000000]"), made.at("respMsg"));
        CPPUNIT_ASSERT_EQUAL(order.at("reqReserved"), made.at("reqReserved"));
        Parameters tampered = made;
        tampered["qrCode"] += "x";
        CPPUNIT_ASSERT(!merchant_.isGenuine(tampered));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("before it is scanned", std::string("34 -"), state(order));

        // A person types the code's text into the pretended phone, opens and pays.
        const HttpAnswer phone =
            simulator_.request("GET", "/phone?" + encodeForm({{"text", made.at("qrCode")}}));
        CPPUNIT_ASSERT_EQUAL(303, phone.status);
        simulator_.request("POST", phone.location + "/open");
        CPPUNIT_ASSERT_EQUAL(std::string("00 05"), state(order));
        simulator_.request("POST", phone.location + "/pay");
        const std::string page = simulator_.request("GET", phone.location).body;
        CPPUNIT_ASSERT(page.find("模拟云闪付") != std::string::npos);
        CPPUNIT_ASSERT(page.find("支付成功") != std::string::npos);

        const Parameters paid = merchant_.call(Unionpay::kQuery, merchant_.query(order));
        CPPUNIT_ASSERT_EQUAL(std::string("00"), paid.at("origRespCode"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{21}, paid.at("queryId").size());
        CPPUNIT_ASSERT_EQUAL(paid.at("queryId").substr(14, 6), paid.at("traceNo"));
        CPPUNIT_ASSERT_EQUAL(order.at("txnTime").substr(4), paid.at("traceTime"));
        CPPUNIT_ASSERT_EQUAL(std::string("20000"), paid.at("txnAmt"));
        CPPUNIT_ASSERT_EQUAL(std::string("20000"), paid.at("settleAmt"));
        CPPUNIT_ASSERT_EQUAL(std::string("07"), paid.at("txnSubType"));
        CPPUNIT_ASSERT_EQUAL(settlementDay(), paid.at("settleDate"));
        CPPUNIT_ASSERT_EQUAL(order.at("reqReserved"), paid.at("reqReserved"));
        CPPUNIT_ASSERT_MESSAGE("a group", paid.at("reserved").find('&') != std::string::npos);
        const Parameters by_id =
            merchant_.call(Unionpay::kQuery, merchant_.queryById(paid.at("queryId")));
        CPPUNIT_ASSERT_EQUAL(order.at("orderId"), by_id.at("orderId"));
    }

    void theBrowserBringsAnOrderAndTheProofBack()
    {
        const Parameters order = merchant_.gateway("UPGATE01");
        const std::string page = openFront(order);
        const std::string waiting = simulator_.request("GET", page).body;
        CPPUNIT_ASSERT(waiting.find("模拟银联在线支付") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE("its name, out of a group",
                               waiting.find("胸牌费<") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("00 05"), state(order));
        simulator_.request("POST", page + "/pay");

        const std::string paid = simulator_.request("GET", page).body;
        CPPUNIT_ASSERT_MESSAGE(
            paid,
            paid.find("<form method=\"post\" action=\"https://merchant.example/return?a=1\">") !=
                std::string::npos);
        const Parameters carried = hiddenInputs(paid);
        CPPUNIT_ASSERT(merchant_.isGenuine(carried));
        CPPUNIT_ASSERT_EQUAL(std::string("00"), carried.at("respCode"));
        CPPUNIT_ASSERT_EQUAL(merchant_.queryIdOf(order), carried.at("queryId"));

        Parameters refused = merchant_.gateway("UPGATE02");
        refused["txnAmt"] = "0";
        const HttpAnswer answer = merchant_.post(Unionpay::kFront, merchant_.sign(refused));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("a page for the payer", 200, answer.status);
        CPPUNIT_ASSERT(answer.body.find("respCode 10") != std::string::npos);
        CPPUNIT_ASSERT(simulator_.trade("UPGATE02").is_null());
    }

    void corporateAndAppOrdersLeadToThePage()
    {
        const Parameters b2b = merchant_.gateway("UPB2B001", "000202");
        const std::string page = openFront(b2b);
        CPPUNIT_ASSERT(simulator_.request("GET", page).body.find("模拟企业网银") !=
                       std::string::npos);
        simulator_.request("POST", page + "/pay");
        CPPUNIT_ASSERT_EQUAL(std::string("00 00"), state(b2b));
        // Both readings of the documents are taken.
        for (const char* biz_type : {"000202", "000201"}) {
            Parameters refund =
                merchant_.refund(std::string("UPB2BR") + biz_type, merchant_.queryIdOf(b2b), "100");
            refund["bizType"] = biz_type;
            CPPUNIT_ASSERT_EQUAL(std::string("00"), codeOf(refund));
        }

        const Parameters app = merchant_.app("UPAPP001");
        const std::string number = merchant_.call(Unionpay::kApp, app).at("tn");
        CPPUNIT_ASSERT_EQUAL(std::size_t{21}, number.size());
        simulator_.post("/control/pay", {{"qr", number}});
        CPPUNIT_ASSERT_EQUAL(std::string("00 00"), state(app));
    }

    void ordersEndByTimeOrByThePayer()
    {
        const Parameters late = merchant_.gateway("UPEND001");
        const std::string page = openFront(late);
        simulator_.post("/control/clock", {{"advance_s", 3601}});
        CPPUNIT_ASSERT_EQUAL(std::string("34 -"), state(late));
        CPPUNIT_ASSERT_EQUAL(409, simulator_.request("POST", page + "/pay").status);
        const std::string over = simulator_.request("GET", page).body;
        CPPUNIT_ASSERT_MESSAGE("back without a proof", hiddenInputs(over).empty());
        CPPUNIT_ASSERT(over.find("merchant.example") != std::string::npos);

        const Parameters unopened = merchant_.code("UPEND002");
        merchant_.call(Unionpay::kBack, unopened);
        simulator_.post("/control/clock", {{"advance_s", 2 * 3600 + 1}});
        CPPUNIT_ASSERT_EQUAL(std::string("closed"),
                             simulator_.trade("UPEND002")["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("34 -"), state(unopened));

        const Parameters declined = merchant_.code("UPEND003");
        merchant_.call(Unionpay::kBack, declined);
        simulator_.post("/control/decline", {{"out_trade_no", "UPEND003"}});
        CPPUNIT_ASSERT_EQUAL(std::string("00 30"), state(declined));
    }

    void theKeyOfAnOrderIsItsNumberAndTime()
    {
        const Parameters order = merchant_.orderAndPay("UPKEY001");
        CPPUNIT_ASSERT_EQUAL(std::string("12"), codeOf(order));
        Parameters other = order;
        other["txnTime"] = compactTime(-60);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("another order", std::string("34 -"), state(other));
        CPPUNIT_ASSERT_EQUAL(std::string("00"), codeOf(other));
        CPPUNIT_ASSERT_EQUAL(
            std::string("issued"),
            simulator_.trade("UPKEY001@" + other.at("txnTime"))["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("12"), codeOf(other));
        CPPUNIT_ASSERT_EQUAL(std::string("00 00"), state(order));

        Parameters refund = merchant_.refund("UPKEY001", merchant_.queryIdOf(order), "100");
        refund["txnTime"] = order.at("txnTime");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the payment's key", std::string("12"), codeOf(refund));
    }

    void refundsTakeTimeAndEndInEveryWay()
    {
        const Parameters order = merchant_.orderAndPay("UPREF000");
        const std::string query_id = merchant_.queryIdOf(order);
        const Parameters refund = merchant_.refund("UPREF001", query_id, "5000");
        const Parameters accepted = merchant_.call(Unionpay::kBack, refund);
        CPPUNIT_ASSERT_EQUAL(std::string("00"), accepted.at("respCode"));
        CPPUNIT_ASSERT_EQUAL(query_id, accepted.at("origQryId"));
        CPPUNIT_ASSERT_EQUAL(std::string("00 05"), state(refund));
        CPPUNIT_ASSERT_EQUAL(std::string("12"), codeOf(refund));
        CPPUNIT_ASSERT_EQUAL(15000, balance());
        simulator_.post("/control/clock", {{"advance_s", 601}});
        const Parameters done = merchant_.call(Unionpay::kQuery, merchant_.query(refund));
        CPPUNIT_ASSERT_EQUAL(std::string("00"), done.at("origRespCode"));
        CPPUNIT_ASSERT_EQUAL(std::string("04"), done.at("txnType"));
        CPPUNIT_ASSERT_EQUAL(accepted.at("queryId"), done.at("queryId"));
        const Parameters by_id =
            merchant_.call(Unionpay::kQuery, merchant_.queryById(accepted.at("queryId")));
        CPPUNIT_ASSERT_EQUAL(std::string("UPREF001"), by_id.at("orderId"));

        // Codes' orders may be named by the merchant's own key.
        Parameters stuck = merchant_.refund("UPREF002", "", "1000");
        stuck.erase("origQryId");
        stuck["origOrderId"] = order.at("orderId");
        stuck["origTxnTime"] = order.at("txnTime");
        CPPUNIT_ASSERT_EQUAL(std::string("00"), codeOf(stuck));
        end("UPREF002", "stuck");
        CPPUNIT_ASSERT_EQUAL(std::string("00 04"), state(stuck));
        CPPUNIT_ASSERT_EQUAL(14000, balance());

        const Parameters dropped = merchant_.refund("UPREF003", query_id, "2000");
        CPPUNIT_ASSERT_EQUAL(std::string("00"), codeOf(dropped));
        end("UPREF003", "dropped");
        CPPUNIT_ASSERT_EQUAL(std::string("00 01"), state(dropped));
        CPPUNIT_ASSERT_EQUAL(14000, balance());
        CPPUNIT_ASSERT_EQUAL(6000, simulator_.trade("UPREF000")["refunded_minor"].get<int>());
    }

    void refundsStayWithinWhatWasPaid()
    {
        const Parameters order = merchant_.orderAndPay("UPMAX000");
        const std::string query_id = merchant_.queryIdOf(order);
        CPPUNIT_ASSERT_EQUAL(std::string("36"),
                             codeOf(merchant_.refund("UPMAX001", query_id, "20001")));
        CPPUNIT_ASSERT_EQUAL(std::string("00"),
                             codeOf(merchant_.refund("UPMAX002", query_id, "15000")));
        CPPUNIT_ASSERT_EQUAL(std::string("36"),
                             codeOf(merchant_.refund("UPMAX003", query_id, "5001")));
        CPPUNIT_ASSERT_EQUAL(std::string("00"),
                             codeOf(merchant_.refund("UPMAX004", query_id, "5000")));
        CPPUNIT_ASSERT_EQUAL(std::string("45"),
                             codeOf(merchant_.refund("UPMAX005", query_id, "1")));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the payment was one", std::string("00 00"), state(order));
        CPPUNIT_ASSERT_EQUAL(0, balance());

        const std::string old = merchant_.queryIdOf(merchant_.orderAndPay("UPMAX100"));
        simulator_.post("/control/clock", {{"advance_s", 30 * kDay + 1}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "codes' window", std::string("35"), codeOf(merchant_.refund("UPMAX101", old, "1")));
    }

    void anUndoIsOfTheSameSettlementDay()
    {
        const std::string first = merchant_.queryIdOf(merchant_.orderAndPay("UPUNDO00"));
        Parameters partial = merchant_.undo("UPUNDO01", first);
        partial["txnAmt"] = "19999";
        CPPUNIT_ASSERT_EQUAL(std::string("36"), codeOf(partial));
        const Parameters undo = merchant_.undo("UPUNDO02", first);
        CPPUNIT_ASSERT_EQUAL(std::string("00"), codeOf(undo));
        CPPUNIT_ASSERT_EQUAL(std::string("00 05"), state(undo));
        simulator_.post("/control/clock", {{"advance_s", 601}});
        CPPUNIT_ASSERT_EQUAL(std::string("00 00"), state(undo));
        CPPUNIT_ASSERT_EQUAL(std::string("45"), codeOf(merchant_.undo("UPUNDO03", first)));

        const std::string second = merchant_.queryIdOf(merchant_.orderAndPay("UPUNDO10"));
        simulator_.post("/control/clock", {{"advance_s", kDay}});
        CPPUNIT_ASSERT_EQUAL(std::string("35"), codeOf(merchant_.undo("UPUNDO11", second)));
        CPPUNIT_ASSERT_EQUAL(std::string("00"),
                             codeOf(merchant_.refund("UPUNDO12", second, "20000")));
    }

    void merchantsChangeTheirCertificate()
    {
        const UnionpayMerchant renewed(simulator_, 0, 1);
        const Parameters order = renewed.code("UPCERT01");
        CPPUNIT_ASSERT(order.at("certId") != merchant_.code("UPCERT01").at("certId"));
        CPPUNIT_ASSERT_EQUAL(std::string("00"),
                             renewed.call(Unionpay::kBack, order).at("respCode"));
        CPPUNIT_ASSERT_EQUAL(std::string("34 -"), state(order));
        Parameters mixed = merchant_.code("UPCERT02");
        mixed["certId"] = order.at("certId");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the other's key", std::string("11"), codeOf(mixed));
    }

    void anotherFormOfTheSameOrderIsASetting()
    {
        const Parameters order = merchant_.gateway("UPAGAIN1");
        openFront(order);
        const HttpAnswer again = merchant_.post(Unionpay::kFront, merchant_.sign(order));
        CPPUNIT_ASSERT(again.body.find("respCode 12") != std::string::npos);

        Simulator patient([](Json& settings) { settings["unionpay"]["front_repeats"] = true; });
        patient.start();
        const UnionpayMerchant merchant(patient);
        const Parameters form = merchant.sign(merchant.gateway("UPAGAIN2"));
        const std::string page = merchant.post(Unionpay::kFront, form).location;
        CPPUNIT_ASSERT(page.starts_with("/qr/"));
        CPPUNIT_ASSERT_EQUAL(page, merchant.post(Unionpay::kFront, form).location);
        patient.request("POST", page + "/pay");
        CPPUNIT_ASSERT(merchant.post(Unionpay::kFront, form).body.find("respCode 12") !=
                       std::string::npos);
    }

private:
    /// respCode and origRespCode of the order's query.
    std::string state(const Parameters& order) const
    {
        const Parameters answer = merchant_.call(Unionpay::kQuery, merchant_.query(order));
        const auto state = answer.find("origRespCode");
        return answer.at("respCode") + " " + (state == answer.end() ? "-" : state->second);
    }
    std::string codeOf(const Parameters& request) const
    {
        return merchant_.call(Unionpay::kBack, request).at("respCode");
    }
    void end(const char* number, const char* outcome) const
    {
        simulator_.post("/control/refund", {{"out_request_no", number}, {"outcome", outcome}});
    }
    int balance() const
    {
        return simulator_.get("/control/books")["balances"][0]["balance_minor"].get<int>();
    }
    /// Posts the form as a browser; returns the page that it leads to.
    std::string openFront(const Parameters& order) const
    {
        const HttpAnswer answer = merchant_.post(Unionpay::kFront, merchant_.sign(order));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body, 303, answer.status);
        CPPUNIT_ASSERT(answer.location.starts_with("/qr/"));
        return answer.location;
    }
    /// MMDD; a settlement day ends an hour before midnight.
    static std::string settlementDay() { return compactTime(3600).substr(4, 4); }
    static Parameters hiddenInputs(const std::string& html)
    {
        const auto unescape = [](std::string text) {
            for (const auto& [code, letter] : {std::pair{"&lt;", "<"},
                                               std::pair{"&gt;", ">"},
                                               std::pair{"&quot;", "\""},
                                               std::pair{"&amp;", "&"}}) {
                for (std::size_t at = 0; (at = text.find(code, at)) != std::string::npos; ++at) {
                    text.replace(at, std::string_view(code).size(), letter);
                }
            }
            return text;
        };
        const std::string name_mark = "<input type=\"hidden\" name=\"";
        const std::string value_mark = "\" value=\"";
        Parameters inputs;
        for (std::size_t at = 0; (at = html.find(name_mark, at)) != std::string::npos;) {
            at += name_mark.size();
            const std::size_t middle = html.find(value_mark, at);
            const std::size_t value = middle + value_mark.size();
            inputs[unescape(html.substr(at, middle - at))] =
                unescape(html.substr(value, html.find('"', value) - value));
        }
        return inputs;
    }

    Simulator simulator_;
    UnionpayMerchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(UnionpayTradeTest, "unionpay_trade");

} // namespace simulator_test
