// Goal: what WeChat Pay refuses is refused, with its HTTP status and its code. Method: a table of
// requests that are right but for one thing; none of them may change the books.

#include "support/suite.hpp"
#include "wechat_merchant.hpp"

#include <fmt/format.h>

#include <ctime>
#include <functional>
#include <set>
#include <vector>

namespace simulator_test {

namespace {

using Spoil = std::function<void(WechatRequest&)>;

struct Row {
    std::string name;
    int status;
    std::string code;
    WechatRequest request;
    Spoil after_signing = nullptr;
};

const std::string kTransactions = "/v3/pay/transactions/";
const std::string kRefunds = "/v3/refund/domestic/refunds";

} // namespace

class WechatRefusalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WechatRefusalsTest);
    CPPUNIT_TEST(everyCorruptedRequestGetsItsCodeAndBooksNothing);
    CPPUNIT_TEST(scriptedRefusalsHaveTheTablesStatus);
    CPPUNIT_TEST(oneMerchantSeesNothingOfAnother);
    CPPUNIT_TEST(refusalsAreSignedOnceTheMerchantIsKnown);
    CPPUNIT_TEST_SUITE_END();

public:
    WechatRefusalsTest()
        : simulator_([](Json& settings) {
            Json& merchants = settings["wechat"]["merchants"];
            merchants[0]["limit_minor"] = 5000000;
            merchants.push_back({{"mchid", "1900000002"},
                                 {"appids", {"wx0000000000000002"}},
                                 {"denied", {"GET /v3/bill/tradebill"}}});
            merchants.push_back(
                {{"mchid", "1900000003"}, {"appids", {"wx0000000000000003"}}, {"blocked", true}});
        })
        , merchant_(simulator_)
        , second_(simulator_, 1)
        , blocked_(simulator_, 2)
    {}

    void setUp() override
    {
        simulator_.start();
        merchant_.orderAndPay("PAID01");
        merchant_.create("native", merchant_.order("OPEN01"));
        merchant_.create("native", merchant_.order("CLOSED01"));
        close("CLOSED01");
        merchant_.orderAndPay("PARTLY01");
        merchant_.requestRefund(merchant_.refund("PARTLY01", "r1", 100));
        // Enough for nothing but small refunds.
        simulator_.post(
            "/control/balance",
            {{"provider", "wechat"}, {"seller_id", "1900000001"}, {"change_minor", -30000}});
        simulator_.post("/control/clock", {{"advance_s", 61}});
    }
    void tearDown() override { simulator_.kill(); }

    void everyCorruptedRequestGetsItsCodeAndBooksNothing()
    {
        const Json before = simulator_.get("/control/books")["trades"];
        std::set<std::string> distinct;
        std::size_t count = 0;
        for (const auto& rows : {gateRows(), orderRows(), stateRows(), refundRows(), billRows()}) {
            for (const Row& row : rows) {
                const HttpAnswer answer = send(row);
                const Json body = Json::parse(answer.body, nullptr, false);
                const std::string code = body.is_object() ? body.value("code", "") : "";
                CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name + ": " + answer.body,
                                             std::to_string(row.status) + " " + row.code,
                                             std::to_string(answer.status) + " " + code);
                CPPUNIT_ASSERT_MESSAGE(row.name, !body["message"].get<std::string>().empty());
                distinct.insert(code);
                ++count;
            }
        }
        fmt::print("wechat: {} corrupted requests refused with {} codes\n", count, distinct.size());
        CPPUNIT_ASSERT_MESSAGE(std::to_string(count), count >= 40);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(distinct.size()), distinct.size() >= 10);
        CPPUNIT_ASSERT_EQUAL(before.dump(), simulator_.get("/control/books")["trades"].dump());
    }

    void scriptedRefusalsHaveTheTablesStatus()
    {
        for (const auto& [code, status] :
             std::map<std::string, int>{{"SYSTEM_ERROR", 500},
                                        {"BANK_ERROR", 500},
                                        {"RATELIMIT_EXCEEDED", 429},
                                        {"SERVICE_UNAVAILABLE", 503},
                                        {"USER_ACCOUNT_ABNORMAL", 403}}) {
            simulator_.post(
                "/control/faults",
                {{"fault", "refuse"},
                 {"code", code},
                 {"match", {{"method", "GET /v3/pay/transactions/out-trade-no/{out_trade_no}"}}}});
            const HttpAnswer answer = merchant_.query("PAID01");
            CPPUNIT_ASSERT_EQUAL(status, answer.status);
            CPPUNIT_ASSERT_EQUAL(code, Json::parse(answer.body)["code"].get<std::string>());
        }
        CPPUNIT_ASSERT_EQUAL(200, merchant_.query("PAID01").status);
    }

    void oneMerchantSeesNothingOfAnother()
    {
        CPPUNIT_ASSERT_EQUAL(404, second_.query("PAID01").status);
        CPPUNIT_ASSERT_EQUAL(200, second_.create("native", second_.order("PAID01", 700)).status);
    }

    void refusalsAreSignedOnceTheMerchantIsKnown()
    {
        const HttpAnswer absent = merchant_.query("NOWHERE1");
        CPPUNIT_ASSERT_EQUAL(404, absent.status);
        CPPUNIT_ASSERT(merchant_.isGenuine(absent.headers, absent.body));
        WechatRequest request = queryRequest();
        request.mchid = "1900000404";
        const HttpAnswer stranger = merchant_.send(request);
        CPPUNIT_ASSERT_EQUAL(400, stranger.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, stranger.headers.count("Wechatpay-Signature"));

        Simulator silent([](Json& settings) { settings["wechat"]["refusals_signed"] = false; });
        silent.start();
        const WechatMerchant merchant(silent);
        const HttpAnswer unsigned_one = merchant.query("NOWHERE1");
        silent.kill();
        CPPUNIT_ASSERT_EQUAL(404, unsigned_one.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, unsigned_one.headers.count("Wechatpay-Signature"));
    }

private:
    HttpAnswer send(const Row& row) const
    {
        WechatRequest request = row.request;
        if (row.after_signing) {
            request.more["Authorization"] = WechatMerchant::authorization(
                request, signWithOpenssl(request.key, request.text()));
            row.after_signing(request);
        }
        return merchant_.send(request);
    }
    void close(const std::string& number) const
    {
        merchant_.call("POST",
                       kTransactions + "out-trade-no/" + number + "/close",
                       {{"mchid", merchant_.mchid()}});
    }
    WechatRequest queryRequest() const
    {
        return merchant_.request("GET",
                                 kTransactions + "out-trade-no/PAID01?mchid=" + merchant_.mchid());
    }
    WechatRequest orderRequest(const Json& patch, const std::string& kind = "native") const
    {
        Json body = merchant_.order("FRESH01");
        body.merge_patch(patch);
        return merchant_.request("POST", kTransactions + kind, body.dump());
    }

    /// What is wrong before anybody looks at the body.
    std::vector<Row> gateRows() const
    {
        std::vector<Row> rows;
        const auto add = [&](std::string name, int status, std::string code, const Spoil& before) {
            Row row{std::move(name), status, std::move(code), queryRequest()};
            before(row.request);
            rows.push_back(std::move(row));
        };
        const auto bad = [&](std::string name, const Spoil& before) {
            add(std::move(name), 401, "SIGN_ERROR", before);
        };
        const auto at = [](long offset_s) {
            return std::to_string(std::time(nullptr) + offset_s);
        };
        bad("no authorization", [](auto& r) { r.more["Authorization"] = ""; });
        bad("another scheme", [](auto& r) { r.scheme = "WECHATPAY2-SM2-WITH-SM3"; });
        bad("scheme alone", [](auto& r) { r.more["Authorization"] = r.scheme; });
        bad("malformed pairs", [](auto& r) { r.more["Authorization"] = r.scheme + " mchid=1"; });
        bad("pairs twice",
            [](auto& r) { r.more["Authorization"] = r.scheme + " mchid=\"1\",mchid=\"1\""; });
        bad("serial of nobody", [](auto& r) { r.serial = std::string(40, 'A'); });
        bad("serial of another", [&](auto& r) { r.serial = second_.request("GET", "/").serial; });
        bad("serial in lower case", [](auto& r) {
            for (char& c : r.serial) {
                c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
            }
            r.serial += r.serial.find_first_of("abcdef") == std::string::npos ? "a" : "";
        });
        bad("too old", [&](auto& r) { r.timestamp = at(-320); });
        bad("too early", [&](auto& r) { r.timestamp = at(320); });
        bad("in milliseconds", [](auto& r) { r.timestamp += "000"; });
        bad("time that is no number", [](auto& r) { r.timestamp = "now"; });
        bad("no nonce", [](auto& r) { r.nonce.clear(); });
        bad("nonce too long", [](auto& r) { r.nonce += "x"; });
        bad("key of another", [&](auto& r) { r.key = second_.key(); });
        add("merchant of nobody", 400, "MCH_NOT_EXISTS", [](auto& r) { r.mchid = "1900000404"; });
        add("no Accept", 400, "PARAM_ERROR", [](auto& r) { r.more.erase("Accept"); });
        add("unknown address", 404, "RESOURCE_NOT_EXISTS", [](auto& r) { r.path = "/v3/none"; });
        add("wrong verb", 404, "RESOURCE_NOT_EXISTS", [](auto& r) { r.method = "DELETE"; });
        rows.push_back({"address changed", 401, "SIGN_ERROR", queryRequest(), [](auto& r) {
                            r.path += "&x=1";
                        }});
        rows.push_back({"body changed", 401, "SIGN_ERROR", orderRequest({}), [](auto& r) {
                            r.body += " ";
                        }});
        rows.push_back({"signature no base64", 401, "SIGN_ERROR", queryRequest(), [](auto& r) {
                            r.more["Authorization"] = WechatMerchant::authorization(r, "???");
                        }});
        return rows;
    }

    std::vector<Row> orderRows() const
    {
        std::vector<Row> rows;
        const auto bad = [&](const char* name, const Json& patch, const char* kind = "native") {
            rows.push_back({name, 400, "PARAM_ERROR", orderRequest(patch, kind)});
        };
        bad("no appid", {{"appid", nullptr}});
        bad("no description", {{"description", nullptr}});
        bad("description too long", {{"description", std::string(128, 'x')}});
        bad("number too short", {{"out_trade_no", "12345"}});
        bad("number too long", {{"out_trade_no", std::string(33, '1')}});
        bad("number with a space", {{"out_trade_no", "FRESH 01"}});
        bad("end in another form", {{"time_expire", "2030-01-01 00:00:00"}});
        bad("end in the past", {{"time_expire", "2020-01-01T00:00:00+08:00"}});
        bad("attach too long", {{"attach", std::string(129, 'x')}});
        bad("no address for notices", {{"notify_url", nullptr}});
        bad("plain http", {{"notify_url", "http://merchant.example/n"}});
        bad("address with a question", {{"notify_url", "https://merchant.example/n?a=1"}});
        bad("no amount", {{"amount", nullptr}});
        bad("nothing to pay", {{"amount", {{"total", 0}}}});
        bad("amount as text", {{"amount", {{"total", "100"}}}});
        bad("amount with a fraction", {{"amount", {{"total", 1.5}}}});
        bad("another currency", {{"amount", {{"currency", "USD"}}}});
        bad("another merchant", {{"mchid", "1900000002"}});
        bad("JSAPI without a payer", Json::object(), "jsapi");
        bad("H5 without a scene", Json::object(), "h5");
        WechatRequest no_json = merchant_.request("POST", kTransactions + "native", "{");
        rows.push_back({"no JSON", 400, "PARAM_ERROR", no_json});
        WechatRequest form = orderRequest({});
        form.more["Content-Type"] = "application/x-www-form-urlencoded";
        rows.push_back({"form", 400, "PARAM_ERROR", form});
        rows.push_back({"payer of another app",
                        500,
                        "OPENID_MISMATCH",
                        orderRequest({{"payer", {{"openid", "oOTHER"}}}}, "jsapi")});
        rows.push_back({"app of another",
                        400,
                        "APPID_MCHID_NOT_MATCH",
                        orderRequest({{"appid", "wx0000000000000002"}})});
        rows.push_back({"over the limit",
                        403,
                        "RULE_LIMIT",
                        orderRequest({{"amount", {{"total", 5000001}}}})});
        rows.push_back(
            {"blocked",
             403,
             "ACCOUNT_ERROR",
             blocked_.request("POST", kTransactions + "native", blocked_.order("FRESH01").dump())});
        return rows;
    }

    std::vector<Row> stateRows() const
    {
        const auto again = [&](const char* number, const Json& patch = Json::object()) {
            Json changed{{"out_trade_no", number}};
            changed.update(patch);
            return orderRequest(changed);
        };
        const auto closing = [&](const std::string& number, const std::string& mchid) {
            return merchant_.request("POST",
                                     kTransactions + "out-trade-no/" + number + "/close",
                                     Json{{"mchid", mchid}}.dump());
        };
        const auto asking = [&](const std::string& rest) {
            return merchant_.request("GET", kTransactions + rest);
        };
        const std::string mine = "?mchid=" + merchant_.mchid();
        return {{"paid already", 403, "OUT_TRADE_NO_USED", again("PAID01")},
                {"closed already", 400, "ORDER_CLOSED", again("CLOSED01")},
                {"changed", 400, "INVALID_REQUEST", again("OPEN01", {{"attach", "other"}})},
                {"closing a paid one", 400, "INVALID_REQUEST", closing("PAID01", "1900000001")},
                {"closing a closed one", 400, "ORDER_CLOSED", closing("CLOSED01", "1900000001")},
                {"closing none", 404, "ORDER_NOT_EXIST", closing("NONE01", "1900000001")},
                {"closing another's", 400, "PARAM_ERROR", closing("OPEN01", "1900000002")},
                {"query of none", 404, "ORDER_NOT_EXIST", asking("out-trade-no/NONE01" + mine)},
                {"query by id of none", 404, "ORDER_NOT_EXIST", asking("id/4200000000" + mine)},
                {"query without mchid", 400, "PARAM_ERROR", asking("out-trade-no/PAID01")},
                {"refund query of none",
                 404,
                 "RESOURCE_NOT_EXISTS",
                 merchant_.request("GET", kRefunds + "/none")}};
    }

    std::vector<Row> refundRows() const
    {
        const auto row = [&](const char* name, int status, const char* code, const Json& patch) {
            Json body = merchant_.refund("PAID01", "fresh", 100);
            body.merge_patch(patch);
            return Row{name, status, code, merchant_.request("POST", kRefunds, body.dump())};
        };
        return {row("both keys", 400, "PARAM_ERROR", {{"transaction_id", "4200000000"}}),
                row("no key", 400, "PARAM_ERROR", {{"out_trade_no", nullptr}}),
                row("no number", 400, "PARAM_ERROR", {{"out_refund_no", nullptr}}),
                row("number with a dot", 400, "PARAM_ERROR", {{"out_refund_no", "a.b"}}),
                row("reason too long", 400, "PARAM_ERROR", {{"reason", std::string(81, 'x')}}),
                row("no currency", 400, "PARAM_ERROR", {{"amount", {{"currency", nullptr}}}}),
                row("nothing back", 400, "PARAM_ERROR", {{"amount", {{"refund", 0}}}}),
                row("another total", 400, "INVALID_REQUEST", {{"amount", {{"total", 19999}}}}),
                row("too much", 400, "INVALID_REQUEST", {{"amount", {{"refund", 20001}}}}),
                row("no order", 404, "RESOURCE_NOT_EXISTS", {{"out_trade_no", "NONE01"}}),
                row("unpaid", 403, "TRADE_ERROR", {{"out_trade_no", "OPEN01"}}),
                row("closed", 403, "TRADE_ERROR", {{"out_trade_no", "CLOSED01"}}),
                row("no money", 403, "NOT_ENOUGH", {{"amount", {{"refund", 20000}}}}),
                row("number of another order", 400, "INVALID_REQUEST", {{"out_refund_no", "r1"}}),
                row("another amount",
                    400,
                    "INVALID_REQUEST",
                    {{"out_trade_no", "PARTLY01"},
                     {"out_refund_no", "r1"},
                     {"amount", {{"refund", 101}}}})};
    }

    std::vector<Row> billRows() const
    {
        const auto row = [&](const char* name, int status, const char* code, const char* rest) {
            return Row{
                name, status, code, merchant_.request("GET", std::string("/v3/bill/") + rest)};
        };
        const std::string today = beijingTime().substr(0, 10);
        const std::string current = "tradebill?bill_date=" + today;
        return {
            row("no day", 400, "PARAM_ERROR", "tradebill"),
            row("no such day", 400, "PARAM_ERROR", "tradebill?bill_date=2026-02-30"),
            row("no such kind", 400, "PARAM_ERROR", "tradebill?bill_date=2026-01-01&bill_type=X"),
            row("nothing that day", 400, "NO_STATEMENT_EXIST", "fundflowbill?bill_date=2020-01-01"),
            row("day not over", 400, "STATEMENT_CREATING", current.c_str()),
            {"not granted",
             403,
             "NO_AUTH",
             second_.request("GET", "/v3/bill/tradebill?bill_date=2020-01-01")},
            {"file of nobody",
             404,
             "RESOURCE_NOT_EXISTS",
             merchant_.request("GET", "/v3/billdownload/file?token=none")}};
    }

    Simulator simulator_;
    WechatMerchant merchant_;
    WechatMerchant second_;
    WechatMerchant blocked_;
};

HUB_TEST_SUITE_REGISTRATION(WechatRefusalsTest, "wechat_refusals");

} // namespace simulator_test
