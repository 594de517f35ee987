// Goal: an order that a payer's browser brings lives as at Alipay: taken with a genuine signature
// only, paid on the page, told, led back. Method: forms signed by openssl or by the connector that
// ships, posted as a browser does; refusals by a table of forms that are right but for one thing.

#include "receiver.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/desk.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <vector>

namespace simulator_test {

namespace {

const char* const kWap = "alipay.trade.wap.pay";
const char* const kPage = "alipay.trade.page.pay";
const char* const kQuery = "alipay.trade.query";
const char* const kReturnUrl = "https://fair.example.com/pay/01?lang=zh&x=%2B";
const char* const kQuitUrl = "https://fair.example.com/left";

Json order(const std::string& method, const std::string& number)
{
    Json content{{"out_trade_no", number},
                 {"total_amount", "200.00"},
                 {"subject", "胸牌费 Badge fee"},
                 {"product_code", method == kWap ? "QUICK_WAP_WAY" : "FAST_INSTANT_TRADE_PAY"},
                 {"time_expire", beijingTime(600)}};
    if (method == kWap) {
        content["quit_url"] = kQuitUrl;
    }
    return content;
}

/// The order with one member changed; a null removes it.
Json orderBut(const std::string& method, const char* member, const Json& value)
{
    Json content = order(method, "FRESH");
    content[member] = value;
    if (value.is_null()) {
        content.erase(member);
    }
    return content;
}

std::string readText(const std::filesystem::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/// A form that is wrong in one way, and what the gateway says to it.
struct Row {
    std::string name;
    std::string method;
    Json content;
    std::string code;
    std::string sub_code;
    std::function<void(Parameters&)> before_signing = nullptr;
    std::function<void(Parameters&)> after_signing = nullptr;
};

std::function<void(Parameters&)> set(const char* name, const std::string& value)
{
    return [=](Parameters& parameters) {
        parameters[name] = value;
    };
}

std::function<void(Parameters&)> drop(const char* name)
{
    return [=](Parameters& parameters) {
        parameters.erase(name);
    };
}

std::vector<Row> gatewayRows(const std::string& method)
{
    const auto row = [&](const char* name,
                         const char* code,
                         const char* sub_code,
                         std::function<void(Parameters&)> before,
                         std::function<void(Parameters&)> after = nullptr) {
        return Row{name,
                   method,
                   order(method, "FRESH"),
                   code,
                   sub_code,
                   std::move(before),
                   std::move(after)};
    };
    const std::string dearer = orderBut(method, "total_amount", "2.00").dump();
    return {
        row("no app", "40001", "isv.missing-app-id", drop("app_id")),
        row("other app", "40002", "isv.invalid-app-id", set("app_id", "9021000000009999")),
        row("no signature", "40001", "isv.missing-signature", nullptr, drop("sign")),
        row("no time", "40001", "isv.missing-timestamp", drop("timestamp")),
        row("old form", "40002", "isv.invalid-timestamp", set("timestamp", beijingTime(-3600))),
        row("RSA", "40002", "isv.invalid-signature-type", set("sign_type", "RSA")),
        row("GBK", "40002", "isv.invalid-charset", set("charset", "GBK")),
        row("relative return", "40002", "isv.invalid-parameter", set("return_url", "/pay/01")),
        row("long return",
            "40002",
            "isv.invalid-parameter",
            set("return_url", "https://fair.example.com/" + std::string(240, 'r'))),
        row("no content", "40002", "isv.invalid-parameter", drop("biz_content")),
        row("amount changed by the payer",
            "40002",
            "isv.invalid-signature",
            nullptr,
            set("biz_content", dearer)),
        row("return changed by the payer",
            "40002",
            "isv.invalid-signature",
            nullptr,
            set("return_url", "https://evil.example.com/")),
        row("notice changed by the payer",
            "40002",
            "isv.invalid-signature",
            nullptr,
            drop("notify_url")),
    };
}

std::vector<Row> contentRows(const std::string& method)
{
    const auto row = [&](const char* member, const Json& value, const char* sub_code) {
        return Row{fmt::format("{} {}", member, value.dump()),
                   method,
                   orderBut(method, member, value),
                   "40004",
                   std::string("ACQ.") + sub_code};
    };
    return {
        row("out_trade_no", nullptr, "INVALID_PARAMETER"),
        row("out_trade_no", "T-1", "INVALID_PARAMETER"),
        row("total_amount", "0.00", "INVALID_PARAMETER"),
        row("total_amount", "200.001", "INVALID_PARAMETER"),
        row("total_amount", "100000000.01", "TOTAL_FEE_EXCEED"),
        row("subject", "a&b", "INVALID_PARAMETER"),
        row("product_code", nullptr, "INVALID_PARAMETER"),
        row("product_code", "FACE_TO_FACE_PAYMENT", "INVALID_PARAMETER"),
        row("product_code",
            method == kWap ? "FAST_INSTANT_TRADE_PAY" : "QUICK_WAP_WAY",
            "INVALID_PARAMETER"),
        row("time_expire", "soon", "INVALID_PARAMETER"),
        row("time_expire", beijingTime(-60), "NOW_TIME_AFTER_EXPIRE_TIME_ERROR"),
        row("subject", "含违禁词示例", "EXIST_FORBIDDEN_WORD"),
        row("seller_id", "2088000000000404", "SELLER_NOT_EXIST"),
        row("out_trade_no", "PAID", "TRADE_HAS_SUCCESS"),
        row("out_trade_no", "CLOSED", "TRADE_HAS_CLOSE"),
        row("out_trade_no", "CODE", "CONTEXT_INCONSISTENT"),
    };
}

std::vector<Row> productRows()
{
    const auto row = [](const char* method, const char* member, const Json& value) {
        return Row{
            member, method, orderBut(method, member, value), "40004", "ACQ.INVALID_PARAMETER"};
    };
    return {row(kWap, "quit_url", nullptr),
            row(kWap, "quit_url", "fair.example.com"),
            row(kWap, "quit_url", "https://fair.example.com/" + std::string(400, 'q')),
            row(kPage, "qr_pay_mode", "9"),
            row(kPage, "qrcode_width", "wide")};
}

} // namespace

class AlipayPagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AlipayPagesTest);
    CPPUNIT_TEST(payerIsLedToThePageAndBack);
    CPPUNIT_TEST(addressIsAsGoodAsAForm);
    CPPUNIT_TEST(orderExistsFromTheLoginOn);
    CPPUNIT_TEST(sameFormLeadsToTheSamePage);
    CPPUNIT_TEST(whoLeavesIsLedToTheQuitAddress);
    CPPUNIT_TEST(pageEndsWithTheOrder);
    CPPUNIT_TEST(everyCorruptedFormIsRefusedByAPage);
    CPPUNIT_TEST(connectorsFormIsPaidToldAndRefunded);
    CPPUNIT_TEST(connectorsFormThatNobodyPostedIsNotFound);
    CPPUNIT_TEST_SUITE_END();

public:
    AlipayPagesTest()
        : merchant_(simulator_)
    {
        merchant_.notify_url = receiver_.url();
    }

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void payerIsLedToThePageAndBack()
    {
        for (const char* method : {kWap, kPage}) {
            const std::string number = method == kWap ? "W1" : "P1";
            const std::string page = bring(method, number);
            assertShows(page, {"登录后付款", "Log in to pay", "模拟商户", page + "/open"});

            press(page + "/open");
            assertShows(page, {"200.00", "胸牌费 Badge fee", number});
            press(page + "/pay");

            const HttpAnswer paid = simulator_.request("GET", page);
            CPPUNIT_ASSERT(paid.body.find("支付成功") != std::string::npos);
            CPPUNIT_ASSERT(
                paid.body.find("method=\"get\" action=\"https://fair.example.com/pay/01\"") !=
                std::string::npos);
            const std::string refresh = paid.headers.at("Refresh");
            const std::string start = "3; url=https://fair.example.com/pay/01?";
            CPPUNIT_ASSERT_MESSAGE(refresh, refresh.starts_with(start));
            assertReturn(decodeForm(refresh.substr(start.size())), method, number);
        }
        CPPUNIT_ASSERT(receiver_.waitFor(2));
        Parameters notice = receiver_.messages().front();
        CPPUNIT_ASSERT_EQUAL(std::string("W1"), notice["out_trade_no"]);
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_SUCCESS"), notice["trade_status"]);
        const std::string signature = notice.extract("sign").mapped();
        notice.erase("sign_type");
        CPPUNIT_ASSERT(verifyWithOpenssl(merchant_.providerKey(), joinSorted(notice), signature));
    }

    void addressIsAsGoodAsAForm()
    {
        const Parameters form = merchant_.sign(parameters(kPage, order(kPage, "G1")));
        const HttpAnswer answer = simulator_.request("GET", "/gateway.do?" + encodeForm(form));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body, 303, answer.status);
        press(answer.location + "/pay");
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_SUCCESS"), status("G1"));
    }

    void orderExistsFromTheLoginOn()
    {
        const std::string page = bring(kWap, "L1");
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.TRADE_NOT_EXIST"), query("L1").subCode());
        press(page + "/open");
        CPPUNIT_ASSERT_EQUAL(std::string("WAIT_BUYER_PAY"), status("L1"));
        CPPUNIT_ASSERT_EQUAL(std::string("10000"),
                             merchant_.call("alipay.trade.close", {{"out_trade_no", "L1"}}).code());
        CPPUNIT_ASSERT_EQUAL(409, simulator_.request("POST", page + "/pay").status);
    }

    void sameFormLeadsToTheSamePage()
    {
        const Parameters form = merchant_.sign(parameters(kPage, order(kPage, "S1")));
        const std::string page = post(form).location;
        CPPUNIT_ASSERT(page.starts_with("/qr/"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("before the login", page, post(form).location);
        press(page + "/open");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("after it", page, post(form).location);
        press(page + "/pay");

        const HttpAnswer again = post(form);

        CPPUNIT_ASSERT_EQUAL(200, again.status);
        CPPUNIT_ASSERT_MESSAGE(again.body,
                               again.body.find("ACQ.TRADE_HAS_SUCCESS") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, simulator_.get("/control/books")["trades"].size());
    }

    void whoLeavesIsLedToTheQuitAddress()
    {
        const std::string wap = bring(kWap, "Q1");
        const std::string quit = "method=\"get\" action=\"" + std::string(kQuitUrl) + "\"";
        CPPUNIT_ASSERT(simulator_.request("POST", wap + "/leave").body.find(quit) !=
                       std::string::npos);
        press(wap + "/decline");
        const HttpAnswer declined = simulator_.request("GET", wap);
        CPPUNIT_ASSERT(declined.body.find(quit) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE("nobody is led away unasked", !declined.headers.contains("Refresh"));

        const std::string page = bring(kPage, "Q2");
        CPPUNIT_ASSERT(simulator_.request("POST", page + "/leave").body.find("fair.example.com") ==
                       std::string::npos);
    }

    void pageEndsWithTheOrder()
    {
        const std::string unopened = bring(kWap, "E1");
        const std::string opened = bring(kPage, "E2");
        press(opened + "/open");

        simulator_.post("/control/clock", {{"advance_s", 601}});

        CPPUNIT_ASSERT_EQUAL(409, simulator_.request("POST", unopened + "/pay").status);
        CPPUNIT_ASSERT_EQUAL(409, simulator_.request("POST", opened + "/pay").status);
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.TRADE_NOT_EXIST"), query("E1").subCode());
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_CLOSED"), status("E2"));
    }

    void everyCorruptedFormIsRefusedByAPage()
    {
        merchant_.orderAndPay("PAID");
        merchant_.order("CODE");
        merchant_.order("CLOSED");
        simulator_.post("/control/decline", {{"out_trade_no", "CLOSED"}});
        CPPUNIT_ASSERT(receiver_.waitFor(1));
        CPPUNIT_ASSERT(becomesTrue(
            [this] { return simulator_.get("/control/books")["deliveries"].size() == 1; }));
        const Json before = simulator_.get("/control/books");
        std::set<std::string> distinct;
        std::size_t count = 0;
        for (const auto& rows : {gatewayRows(kWap),
                                 gatewayRows(kPage),
                                 contentRows(kWap),
                                 contentRows(kPage),
                                 productRows()}) {
            for (const Row& row : rows) {
                refuses(row);
                distinct.insert(row.sub_code);
                ++count;
            }
        }
        CPPUNIT_ASSERT_MESSAGE(std::to_string(count), count >= 40);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(distinct.size()), distinct.size() >= 10);
        CPPUNIT_ASSERT_EQUAL(before.dump(), simulator_.get("/control/books").dump());
    }

    void connectorsFormIsPaidToldAndRefunded()
    {
        for (const bool with_certificates : {false, true}) {
            for (const char* product : {"wap", "page"}) {
                connector_test::Desk desk;
                startConnector(desk, with_certificates);
                const std::string number = fmt::format("14000001202611211040000000{}{}",
                                                       with_certificates ? 1 : 0,
                                                       *product == 'w' ? 1 : 2);
                const Json payment = paymentOf(number, product);

                const Json form = formOf(desk, payment);
                const std::string url = form["url"];
                Parameters fields;
                for (const auto& [name, value] : form["fields"].items()) {
                    fields[name] = value.get<std::string>();
                }
                CPPUNIT_ASSERT(desk.requests.empty());
                CPPUNIT_ASSERT_EQUAL(with_certificates, fields.contains("app_cert_sn"));
                const HttpAnswer led = simulator_.request(
                    "POST", url.substr(simulator_.url().size()), encodeForm(fields));
                CPPUNIT_ASSERT_EQUAL_MESSAGE(led.body, 303, led.status);
                expect(desk, "query", payment, HUB_OK, "not_found");
                press(led.location + "/open");
                expect(desk, "query", payment, HUB_OK, "waiting");
                press(led.location + "/pay");
                expect(desk, "query", payment, HUB_OK, "paid");
                expectNotice(desk, number);
                Json refund = payment;
                refund["amount_minor"] = 5000;
                refund["total_minor"] = 20000;
                refund["refund_number"] = "R" + number;
                expect(desk, "refund", refund, HUB_OK, "succeeded");
                expect(desk, "refund_query", refund, HUB_OK, "succeeded");
                CPPUNIT_ASSERT_EQUAL(5000, simulator_.trade(number)["refunded_minor"].get<int>());
            }
        }
    }

    void connectorsFormThatNobodyPostedIsNotFound()
    {
        connector_test::Desk desk;
        startConnector(desk, false);
        const Json payment = paymentOf("1400000120261121104000000003", "wap");

        formOf(desk, payment);

        CPPUNIT_ASSERT(simulator_.get("/control/books")["trades"].empty());
        expect(desk, "query", payment, HUB_OK, "not_found");
        expect(desk, "close", payment, HUB_OK, "not_found");
    }

private:
    static std::int64_t nowMs() { return std::time(nullptr) * std::int64_t{1000}; }

    Parameters parameters(const std::string& method, const Json& content) const
    {
        Parameters all = merchant_.parameters(method, content);
        all["return_url"] = kReturnUrl;
        return all;
    }
    HttpAnswer post(const Parameters& form) const
    {
        // The address names the form's charset, as Alipay wants.
        const auto charset = form.find("charset");
        return simulator_.request("POST",
                                  "/gateway.do?charset=" +
                                      (charset == form.end() ? "utf-8" : charset->second),
                                  encodeForm(form));
    }
    /// Posts the form as a browser; returns the page that it leads to.
    std::string bring(const char* method, const std::string& number) const
    {
        const HttpAnswer answer = post(merchant_.sign(parameters(method, order(method, number))));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body, 303, answer.status);
        CPPUNIT_ASSERT(answer.location.starts_with("/qr/"));
        return answer.location;
    }
    void press(const std::string& path) const
    {
        const HttpAnswer answer = simulator_.request("POST", path);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body, 303, answer.status);
    }
    void assertShows(const std::string& path, const std::vector<std::string>& texts) const
    {
        const HttpAnswer answer = simulator_.request("GET", path);
        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        for (const std::string& text : texts) {
            CPPUNIT_ASSERT_MESSAGE(text, answer.body.find(text) != std::string::npos);
        }
    }
    GatewayAnswer query(const std::string& number) const
    {
        return merchant_.call(kQuery, {{"out_trade_no", number}});
    }
    std::string status(const std::string& number) const
    {
        return query(number).fields.value("trade_status", "absent");
    }

    /// What the browser brings back, beside what return_url itself says.
    void assertReturn(Parameters back, const std::string& method, const std::string& number) const
    {
        CPPUNIT_ASSERT_EQUAL(std::string("zh"), back.extract("lang").mapped());
        CPPUNIT_ASSERT_EQUAL(std::string("+"), back.extract("x").mapped());
        const std::string signature = back.extract("sign").mapped();
        CPPUNIT_ASSERT_EQUAL(std::string("RSA2"), back.extract("sign_type").mapped());
        CPPUNIT_ASSERT_EQUAL(method + ".return", back["method"]);
        CPPUNIT_ASSERT_EQUAL(number, back["out_trade_no"]);
        CPPUNIT_ASSERT_EQUAL(std::string("200.00"), back["total_amount"]);
        CPPUNIT_ASSERT_EQUAL(simulator_.trade(number)["trade_no"].get<std::string>(),
                             back["trade_no"]);
        CPPUNIT_ASSERT(verifyWithOpenssl(merchant_.providerKey(), joinSorted(back), signature));
    }

    void refuses(const Row& row) const
    {
        Parameters form = parameters(row.method, row.content);
        if (row.before_signing) {
            row.before_signing(form);
        }
        form = merchant_.sign(form);
        if (row.after_signing) {
            row.after_signing(form);
        }
        const HttpAnswer answer = post(form);
        const std::string name = row.method + ", " + row.name + ": " + answer.body;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 200, answer.status);
        CPPUNIT_ASSERT_MESSAGE(name, answer.headers.at("Content-Type").starts_with("text/html"));
        CPPUNIT_ASSERT_MESSAGE(name,
                               answer.body.find("The order was not taken: " + row.code + " " +
                                                row.sub_code + "<") != std::string::npos);
        const Json last = simulator_.get("/control/exchanges?limit=1")["exchanges"][0];
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name, row.sub_code, last["sub_code"].get<std::string>());
    }

    void startConnector(connector_test::Desk& desk, bool with_certificates) const
    {
        const auto file = [this](const char* name) {
            return readText(simulator_.folder() / "alipay" / name);
        };
        Json config{{"app_id", "9021000000000001"},
                    {"seller_id", "2088000000000001"},
                    {"gateway_url", simulator_.url() + "/gateway.do"}};
        if (with_certificates) {
            config["mode"] = "certificate";
            config["root_certificates"] = file("root_certificates.pem");
        }
        desk.addKey("app_key", file("app_private_key.pem") + file("app_certificate.pem"));
        desk.addKey("provider_key", file("provider_certificate.pem"));
        desk.now_ms = nowMs();
        desk.exchange = [this](const hub::HttpRequest& request) {
            return carry(request);
        };
        const Json account{{"config", config}, {"callback_url", receiver_.url()}};
        // NOLINTNEXTLINE(concurrency-mt-unsafe): a test of one thread.
        const std::string build = std::getenv("HUB_BUILD_DIR");
        desk.start(build + "/lib/payment_alipay/libpayment_alipay.so",
                   Json{{"config", Json::object()}, {"accounts", {{"a", account}}}}.dump());
    }

    hub::Result<hub::HttpResponse> carry(const hub::HttpRequest& request) const
    {
        const HttpAnswer answer = simulator_.request(
            request.method, request.url.substr(simulator_.url().size()), request.body);
        if (answer.status == 0) {
            return hub::Error{HUB_OUTCOME_UNKNOWN, answer.failure};
        }
        return hub::HttpResponse{static_cast<std::uint32_t>(answer.status), {}, answer.body};
    }

    static Json paymentOf(const std::string& number, const char* product)
    {
        return {{"number", number},
                {"product", product},
                {"created_at_ms", nowMs()},
                {"refund_created_at_ms", nowMs()},
                {"expires_at_ms", nowMs() + 600000},
                {"amount_minor", 20000},
                {"currency", "CNY"},
                {"subject", "展位费 & more / \"x\""},
                {"return_url", "https://fair.example.com/pay/01"}};
    }

    static Json formOf(connector_test::Desk& desk, const Json& payment)
    {
        const hub::Answer answer = desk.call("a", "create", payment.dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        const Json result = Json::parse(answer.payload);
        CPPUNIT_ASSERT_EQUAL(payment["product"].dump(), result["product"].dump());
        return result["form"];
    }

    static void expect(connector_test::Desk& desk,
                       const std::string& operation,
                       const Json& request,
                       hub_status status,
                       const std::string& state)
    {
        const hub::Answer answer = desk.call("a", operation, request.dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(operation + ": " + answer.message, status, answer.status);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            operation, state, Json::parse(answer.payload).value("state", ""));
    }

    /// The notice of the payment, read by the connector.
    void expectNotice(connector_test::Desk& desk, const std::string& number) const
    {
        std::string body;
        CPPUNIT_ASSERT(becomesTrue([&] {
            for (const std::string& one : receiver_.bodies()) {
                body = one.find("out_trade_no=" + number) == std::string::npos ? body : one;
            }
            return !body.empty();
        }));
        const Json request{{"method", "POST"},
                           {"path", "/"},
                           {"query", ""},
                           {"headers", Json::object()},
                           {"body_base64", runProgram({"openssl", "base64", "-A"}, body)}};
        const hub::Answer answer = desk.call("a", "callback", request.dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        const Json reading = Json::parse(answer.payload)["reading"];
        CPPUNIT_ASSERT_EQUAL(number, reading["number"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), reading["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(20000, reading["amount_minor"].get<int>());
    }

    Simulator simulator_;
    Receiver receiver_;
    Merchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(AlipayPagesTest, "alipay_pages");

} // namespace simulator_test
