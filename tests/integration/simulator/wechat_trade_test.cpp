// Goal: orders, refunds, keys, identity and bills are as at WeChat Pay, and every answer is signed
// over its raw bytes by the key that it names.

#include "receiver.hpp"
#include "support/suite.hpp"
#include "wechat_merchant.hpp"

#include <fstream>

namespace simulator_test {

namespace {

const std::string kTransactions = "/v3/pay/transactions/";
const std::string kRefunds = "/v3/refund/domestic/refunds";

std::string header(const HttpAnswer& answer, const char* name)
{
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? std::string{} : found->second;
}

std::string encoded(std::string text)
{
    return encodeForm({{"x", std::move(text)}}).substr(2);
}

} // namespace

class WechatTradeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WechatTradeTest);
    CPPUNIT_TEST(nativeOrderIsPaidAndFoundByBothKeys);
    CPPUNIT_TEST(jsapiAndH5LeadToThePage);
    CPPUNIT_TEST(ordersCloseByMerchantOrTime);
    CPPUNIT_TEST(sameOrderGivesTheSameCode);
    CPPUNIT_TEST(refundsTakeTimeAndRepeatsMoveNothing);
    CPPUNIT_TEST(refundsOfOneOrderKeepTheirDistance);
    CPPUNIT_TEST(answersAreSignedByTheKeyThatIsWanted);
    CPPUNIT_TEST(certificatesOpenAndRotate);
    CPPUNIT_TEST(openidComesForACodeOnce);
    CPPUNIT_TEST(billsAddUp);
    CPPUNIT_TEST(spoiledAnswersAreSpoiled);
    CPPUNIT_TEST(spellingsAreSettings);
    CPPUNIT_TEST_SUITE_END();

public:
    WechatTradeTest()
        : simulator_([](Json& settings) { settings["wechat"]["refund_takes_s"] = 600; })
        , merchant_(simulator_)
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void nativeOrderIsPaidAndFoundByBothKeys()
    {
        const HttpAnswer made = merchant_.create("native", merchant_.order("WX0001"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.body, 200, made.status);
        CPPUNIT_ASSERT(merchant_.isGenuine(made.headers, made.body));
        CPPUNIT_ASSERT(!merchant_.isGenuine(made.headers, made.body + " "));
        const std::string code = Json::parse(made.body)["code_url"];
        CPPUNIT_ASSERT_MESSAGE(code, code.starts_with("weixin://wxpay/bizpayurl?pr="));
        const Json unpaid = genuine(merchant_.query("WX0001"));
        CPPUNIT_ASSERT_EQUAL(std::string("NOTPAY"), unpaid["trade_state"].get<std::string>());
        CPPUNIT_ASSERT(!unpaid.contains("transaction_id"));

        // A person types the code's text into the pretended phone and pays.
        const HttpAnswer phone = simulator_.request("GET", "/phone?text=" + encoded(code));
        CPPUNIT_ASSERT_EQUAL(303, phone.status);
        CPPUNIT_ASSERT_EQUAL(303, simulator_.request("POST", phone.location + "/pay").status);
        const std::string page = simulator_.request("GET", phone.location).body;
        CPPUNIT_ASSERT(page.find("模拟微信支付") != std::string::npos);

        const Json paid = genuine(merchant_.query("WX0001"));
        CPPUNIT_ASSERT_EQUAL(std::string("SUCCESS"), paid["trade_state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("NATIVE"), paid["trade_type"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(20000, paid["amount"]["total"].get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string("a,b"), paid["attach"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{25}, paid["success_time"].get<std::string>().size());
        const Json by_id = genuine(merchant_.call("GET",
                                                  kTransactions + "id/" +
                                                      paid["transaction_id"].get<std::string>() +
                                                      "?mchid=" + merchant_.mchid()));
        CPPUNIT_ASSERT_EQUAL(paid.dump(), by_id.dump());
    }

    void jsapiAndH5LeadToThePage()
    {
        Json order = merchant_.order("WX0101");
        order["payer"] = {{"openid", merchant_.section["openid"]}};
        const std::string package =
            "prepay_id=" +
            genuine(merchant_.create("jsapi", order))["prepay_id"].get<std::string>();
        const std::string text = merchant_.appid() + "\n1700000000\nnonce\n" + package + "\n";
        const auto invoke = [&](const std::string& signature) {
            return simulator_.request("GET",
                                      "/simulated/wechat/jsapi?" +
                                          encodeForm({{"appId", merchant_.appid()},
                                                      {"timeStamp", "1700000000"},
                                                      {"nonceStr", "nonce"},
                                                      {"package", package},
                                                      {"signType", "RSA"},
                                                      {"paySign", signature}}));
        };
        const HttpAnswer invoked = invoke(signWithOpenssl(merchant_.key(), text));
        CPPUNIT_ASSERT_EQUAL(302, invoked.status);
        CPPUNIT_ASSERT_EQUAL(200, simulator_.request("GET", invoked.location).status);
        CPPUNIT_ASSERT_EQUAL(403, invoke(signWithOpenssl(merchant_.key(), text + "x")).status);

        order = merchant_.order("WX0102");
        order["scene_info"] = {{"payer_client_ip", "192.0.2.1"}, {"h5_info", {{"type", "Wap"}}}};
        const std::string url = genuine(merchant_.create("h5", order))["h5_url"];
        const HttpAnswer page = simulator_.request("GET", url.substr(simulator_.url().size()));
        CPPUNIT_ASSERT_EQUAL(302, page.status);
        simulator_.request("POST", page.location + "/pay");
        const Json paid = genuine(merchant_.query("WX0102"));
        CPPUNIT_ASSERT_EQUAL(std::string("MWEB"), paid["trade_type"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("SUCCESS"), paid["trade_state"].get<std::string>());
    }

    void ordersCloseByMerchantOrTime()
    {
        merchant_.create("native", merchant_.order("WX0201"));
        const HttpAnswer closed = merchant_.call(
            "POST", kTransactions + "out-trade-no/WX0201/close", {{"mchid", merchant_.mchid()}});
        CPPUNIT_ASSERT_EQUAL(204, closed.status);
        CPPUNIT_ASSERT(closed.body.empty());
        CPPUNIT_ASSERT_MESSAGE("an empty answer is signed, too",
                               merchant_.isGenuine(closed.headers, ""));
        CPPUNIT_ASSERT_EQUAL(std::string("CLOSED"), stateOf("WX0201"));
        CPPUNIT_ASSERT_EQUAL(
            409, simulator_.request("POST", "/control/pay", R"({"out_trade_no":"WX0201"})").status);

        merchant_.create("native", merchant_.order("WX0202"));
        simulator_.post("/control/clock", {{"advance_s", 7 * 24 * 3600 + 1}});
        CPPUNIT_ASSERT_EQUAL(std::string("closed"),
                             simulator_.trade("WX0202")["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("CLOSED"), stateOf("WX0202"));
    }

    void sameOrderGivesTheSameCode()
    {
        const auto code = [&] {
            return genuine(merchant_.create("native", merchant_.order("WX0301")))["code_url"]
                .get<std::string>();
        };
        const std::string first = code();
        CPPUNIT_ASSERT_EQUAL(first, code());
        simulator_.post("/control/clock", {{"advance_s", 2 * 3600 + 1}});
        CPPUNIT_ASSERT(first != code());
        CPPUNIT_ASSERT_EQUAL(std::string("NOTPAY"), stateOf("WX0301"));
    }

    void refundsTakeTimeAndRepeatsMoveNothing()
    {
        merchant_.orderAndPay("WX0401");
        const Json asked = genuine(merchant_.requestRefund(merchant_.refund("WX0401", "R1", 5000)));
        CPPUNIT_ASSERT_EQUAL(std::string("PROCESSING"), asked["status"].get<std::string>());
        const Json again = genuine(merchant_.requestRefund(merchant_.refund("WX0401", "R1", 5000)));
        CPPUNIT_ASSERT_EQUAL(asked["refund_id"].get<std::string>(),
                             again["refund_id"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(5000, simulator_.trade("WX0401")["refunded_minor"].get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string("REFUND"), stateOf("WX0401"));
        simulator_.post("/control/clock", {{"advance_s", 601}});
        const Json done = genuine(merchant_.call("GET", kRefunds + "/R1"));
        CPPUNIT_ASSERT_EQUAL(std::string("SUCCESS"), done["status"].get<std::string>());
        CPPUNIT_ASSERT(done.contains("success_time"));

        for (const auto& [outcome, status] :
             std::map<std::string, std::string>{{"dropped", "CLOSED"}, {"stuck", "ABNORMAL"}}) {
            simulator_.post("/control/clock", {{"advance_s", 61}});
            genuine(merchant_.requestRefund(merchant_.refund("WX0401", outcome, 1000)));
            simulator_.post("/control/refund", {{"out_request_no", outcome}, {"outcome", outcome}});
            const Json ended = genuine(merchant_.call("GET", kRefunds + "/" + outcome));
            CPPUNIT_ASSERT_EQUAL(status, ended["status"].get<std::string>());
        }
        CPPUNIT_ASSERT_EQUAL(6000, simulator_.trade("WX0401")["refunded_minor"].get<int>());
    }

    void refundsOfOneOrderKeepTheirDistance()
    {
        merchant_.orderAndPay("WX0501");
        genuine(merchant_.requestRefund(merchant_.refund("WX0501", "D1", 100)));
        const HttpAnswer early = merchant_.requestRefund(merchant_.refund("WX0501", "D2", 100));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(early.body, 429, early.status);
        simulator_.post("/control/clock", {{"advance_s", 60}});
        genuine(merchant_.requestRefund(merchant_.refund("WX0501", "D2", 100)));
    }

    void answersAreSignedByTheKeyThatIsWanted()
    {
        const std::string id = merchant_.section["public_key_id"];
        merchant_.orderAndPay("WX0601");
        WechatRequest request = merchant_.request(
            "GET", kTransactions + "out-trade-no/WX0601?mchid=" + merchant_.mchid());
        CPPUNIT_ASSERT(header(merchant_.send(request), "Wechatpay-Serial") != id);
        request.more["Wechatpay-Serial"] = id;
        const HttpAnswer answer = merchant_.send(request);
        CPPUNIT_ASSERT_EQUAL(id, header(answer, "Wechatpay-Serial"));
        CPPUNIT_ASSERT(merchant_.isGenuine(answer.headers, answer.body));

        simulator_.post("/control/provider/wechat/mode",
                        {{"mchid", merchant_.mchid()}, {"mode", "public_key"}});
        CPPUNIT_ASSERT_EQUAL(id, header(merchant_.query("WX0601"), "Wechatpay-Serial"));
        CPPUNIT_ASSERT_EQUAL(404, merchant_.call("GET", "/v3/certificates").status);
    }

    void certificatesOpenAndRotate()
    {
        merchant_.orderAndPay("WX0701");
        const auto before = merchant_.certificates();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, before.size());
        const auto& [serial, pem] = *before.begin();
        CPPUNIT_ASSERT(pem.starts_with("-----BEGIN CERTIFICATE-----"));
        CPPUNIT_ASSERT_EQUAL("serial=" + serial + "\n",
                             runProgram({"openssl", "x509", "-noout", "-serial"}, pem));
        const std::string fresh =
            simulator_.post("/control/provider/wechat/rotate", Json::object())["serial_no"];
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, merchant_.certificates().size());
        const HttpAnswer answer = merchant_.query("WX0701");
        CPPUNIT_ASSERT_EQUAL(fresh, header(answer, "Wechatpay-Serial"));
        CPPUNIT_ASSERT(merchant_.isGenuine(answer.headers, answer.body));

        simulator_.kill();
        simulator_.start();
        CPPUNIT_ASSERT_EQUAL(fresh, header(merchant_.query("WX0701"), "Wechatpay-Serial"));
    }

    void openidComesForACodeOnce()
    {
        const HttpAnswer back = simulator_.request(
            "GET",
            "/connect/oauth2/authorize?" + encodeForm({{"appid", merchant_.appid()},
                                                       {"redirect_uri", "https://m.example/r?a=1"},
                                                       {"response_type", "code"},
                                                       {"scope", "snsapi_base"},
                                                       {"state", "s1"}}));
        CPPUNIT_ASSERT_EQUAL(302, back.status);
        CPPUNIT_ASSERT_MESSAGE(back.location,
                               back.location.starts_with("https://m.example/r?a=1&code="));
        const Parameters given = decodeForm(back.location.substr(back.location.find('?') + 1));
        CPPUNIT_ASSERT_EQUAL(std::string("s1"), given.at("state"));
        const auto exchange = [&](const std::string& secret, const std::string& code) {
            return Json::parse(simulator_
                                   .request("GET",
                                            "/sns/oauth2/access_token?" +
                                                encodeForm({{"appid", merchant_.appid()},
                                                            {"secret", secret},
                                                            {"code", code},
                                                            {"grant_type", "authorization_code"}}))
                                   .body);
        };
        CPPUNIT_ASSERT_EQUAL(40125, exchange("guess", given.at("code"))["errcode"].get<int>());
        CPPUNIT_ASSERT_EQUAL(
            merchant_.section["openid"].get<std::string>(),
            exchange(merchant_.secret(), given.at("code"))["openid"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(40029,
                             exchange(merchant_.secret(), given.at("code"))["errcode"].get<int>());
        CPPUNIT_ASSERT_EQUAL(
            400, simulator_.request("GET", "/connect/oauth2/authorize?appid=none").status);
    }

    void billsAddUp()
    {
        merchant_.orderAndPay("WX0801");
        merchant_.orderAndPay("WX0802", 1);
        genuine(merchant_.requestRefund(merchant_.refund("WX0801", "B1", 5000)));
        const std::string day = beijingTime().substr(0, 10);
        simulator_.post("/control/clock", {{"advance_s", 2 * 24 * 3600}});

        const std::string all = download("tradebill?bill_date=" + day, false);
        CPPUNIT_ASSERT_MESSAGE(all, all.starts_with("\xEF\xBB\xBF交易时间,公众账号ID,"));
        CPPUNIT_ASSERT(all.ends_with("`3,`200.01,`50.00,`0.00,`0.00000,`200.01,`50.00\r\n"));
        CPPUNIT_ASSERT(all.find(",`WX0801,") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE("a separator inside of a cell",
                               all.find("a,b") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(all, download("tradebill?bill_date=" + day + "&tar_type=GZIP", true));
        const std::string back = download("tradebill?bill_type=REFUND&bill_date=" + day, false);
        CPPUNIT_ASSERT(back.ends_with("`1,`0.00,`50.00,`0.00,`0.00000,`0.00,`50.00\r\n"));
        const std::string ledger = download("fundflowbill?bill_date=" + day, false);
        CPPUNIT_ASSERT(ledger.ends_with("`3,`2,`200.01,`1,`50.00\r\n"));
        CPPUNIT_ASSERT(ledger.find("`支出,`50.00,`150.01,") != std::string::npos);
    }

    void spoiledAnswersAreSpoiled()
    {
        merchant_.orderAndPay("WX0901");
        const auto spoiled = [&](const char* fault) {
            simulator_.post("/control/faults", {{"fault", fault}});
            return merchant_.query("WX0901");
        };
        const HttpAnswer probe = spoiled("probe_signature");
        CPPUNIT_ASSERT(header(probe, "Wechatpay-Signature").starts_with("WECHATPAY/SIGNTEST/"));
        const HttpAnswer forged = spoiled("bad_signature");
        CPPUNIT_ASSERT(!header(forged, "Wechatpay-Signature").empty());
        CPPUNIT_ASSERT(!merchant_.isGenuine(forged.headers, forged.body));
        CPPUNIT_ASSERT(header(spoiled("unsigned"), "Wechatpay-Signature").empty());
        const HttpAnswer wrong = spoiled("wrong_amount");
        CPPUNIT_ASSERT(merchant_.isGenuine(wrong.headers, wrong.body));
        CPPUNIT_ASSERT_EQUAL(20001, Json::parse(wrong.body)["amount"]["total"].get<int>());
    }

    void spellingsAreSettings()
    {
        Simulator other([](Json& settings) {
            settings["wechat"]["spellings"] = {{"ORDER_NOT_EXIST", "ORDERNOTEXIST"}};
        });
        other.start();
        const HttpAnswer none = WechatMerchant(other).query("NONE01");
        CPPUNIT_ASSERT_EQUAL(404, none.status);
        CPPUNIT_ASSERT_EQUAL(std::string("ORDERNOTEXIST"),
                             Json::parse(none.body)["code"].get<std::string>());
    }

private:
    Json genuine(const HttpAnswer& answer) const
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body + answer.failure, 200, answer.status);
        CPPUNIT_ASSERT(merchant_.isGenuine(answer.headers, answer.body));
        return Json::parse(answer.body);
    }
    std::string stateOf(const std::string& number) const
    {
        return genuine(merchant_.query(number))["trade_state"];
    }
    /// The file behind a bill's address, unpacked; its sum is checked.
    std::string download(const std::string& bill, bool is_packed) const
    {
        const Json offer = genuine(merchant_.call("GET", "/v3/bill/" + bill));
        const std::string url = offer["download_url"];
        const HttpAnswer file = merchant_.call("GET", url.substr(simulator_.url().size()));
        CPPUNIT_ASSERT_EQUAL(200, file.status);
        CPPUNIT_ASSERT(header(file, "Wechatpay-Signature").empty());
        const std::string text =
            is_packed ? runProgram({"gzip", "-d", "-c"}, file.body) : file.body;
        const std::string sum = runProgram({"sha1sum"}, text).substr(0, 40);
        CPPUNIT_ASSERT_EQUAL(sum, offer["hash_value"].get<std::string>());
        return text;
    }

    Simulator simulator_;
    WechatMerchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(WechatTradeTest, "wechat_trade");

} // namespace simulator_test
