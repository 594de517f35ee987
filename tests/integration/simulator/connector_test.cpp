// Goal: the shipped connector and the simulated Alipay, which share no code, understand each other
// in certificate mode too. Method: the connector's library over the hub's own cryptography, its
// exchanges carried to the simulator's process; wrong numbers by hand, signed by openssl.

#include "merchant.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/desk.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>

namespace simulator_test {

namespace {

constexpr const char* kNumber = "1400000120261121104000000001";

std::string read(const std::filesystem::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/// As openssl prints issuer and serial number; Python writes the number in decimal.
std::string numberOf(const std::filesystem::path& certificate)
{
    const auto print = [&](std::vector<std::string> what) {
        what.insert(what.begin(), {"openssl", "x509", "-noout", "-in", certificate.string()});
        std::string text = runProgram(what);
        text.pop_back();
        return text.substr(text.find('=') + 1);
    };
    const std::string issuer = print({"-issuer", "-nameopt", "RFC2253,utf8,-esc_msb"});
    const std::string serial =
        runProgram({"python3", "-c", "print(int('" + print({"-serial"}) + "', 16), end='')"});
    return runProgram({"openssl", "dgst", "-md5", "-r"}, issuer + serial).substr(0, 32);
}

} // namespace

class ConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectorTest);
    CPPUNIT_TEST(aPaymentAndItsRefundWithCertificates);
    CPPUNIT_TEST(wrongNumbersAreRefused);
    CPPUNIT_TEST(anAppMayInsistOnCertificates);
    CPPUNIT_TEST(theBillIsWhatWasBooked);
    CPPUNIT_TEST_SUITE_END();

public:
    ConnectorTest()
        : simulator_([](Json& settings) {
            // The day after the payment asks for the bill.
            settings["alipay"]["timestamp_tolerance_s"] = 3 * 24 * 3600;
            settings["alipay"]["apps"].push_back(
                {{"app_id", "9021000000000002"},
                 {"seller_id", "2088000000000002"},
                 {"mode", "certificate"},
                 {"app_private_key", "alipay/app2_private_key.pem"},
                 {"app_public_key", "alipay/app2_public_key.pem"}});
        })
        , merchant_(simulator_)
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void aPaymentAndItsRefundWithCertificates()
    {
        connector_test::Desk desk;
        startConnector(desk, file("provider_certificate.pem"));
        const Json payment{{"number", kNumber}, {"created_at_ms", now_ms()}, {"currency", "CNY"}};

        Json order = payment;
        order.update({{"product", "qr"},
                      {"amount_minor", 20000},
                      {"subject", "Badge fee"},
                      {"expires_at_ms", now_ms() + 600000}});
        expect(desk, "create", order, HUB_OK, "product", "qr");
        simulator_.post("/control/pay", {{"out_trade_no", kNumber}});
        expect(desk, "query", payment, HUB_OK, "state", "paid");
        expect(desk, "close", payment, HUB_REJECTED, "reason", "already_paid");
        Json refund = payment;
        refund.update({{"refund_number", "1400000120261121120000000001"},
                       {"refund_created_at_ms", now_ms()},
                       {"amount_minor", 5000},
                       {"total_minor", 20000}});
        expect(desk, "refund", refund, HUB_OK, "state", "succeeded");
        expect(desk, "refund_query", refund, HUB_OK, "state", "succeeded");
        CPPUNIT_ASSERT_EQUAL(5000, simulator_.trade(kNumber)["refunded_minor"].get<int>());
        for (const hub::HttpRequest& request : desk.requests) {
            CPPUNIT_ASSERT(request.body.find("app_cert_sn=" + number("app_certificate.pem")) !=
                           std::string::npos);
        }

        // Another certificate than the one that signs: nothing of it is believed.
        connector_test::Desk other;
        startConnector(other, file("app_certificate.pem"));
        const hub::Answer answer = other.call("a", "query", payment.dump());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, answer.status);
        CPPUNIT_ASSERT_MESSAGE(answer.message,
                               answer.message.starts_with("the answer is signed with certificate " +
                                                          number("provider_certificate.pem")));
    }

    void wrongNumbersAreRefused()
    {
        const std::string app = number("app_certificate.pem");
        const std::string root = runProgram(
            {"openssl", "storeutl", "-certs", "-noout", "-text", file("root_certificates.pem")});
        CPPUNIT_ASSERT_MESSAGE("the bundle mixes algorithms",
                               root.find("ecdsa-with-SHA384") != std::string::npos);
        for (const char* name : {"app_certificate.pem", "provider_certificate.pem"}) {
            CPPUNIT_ASSERT_EQUAL(
                file(name) + ": OK\n",
                runProgram(
                    {"openssl", "verify", "-CAfile", file("root_certificates.pem"), file(name)}));
        }
        const std::string genuine = rootNumber();
        struct Row {
            std::string app;
            std::string root;
            std::string sub_code;
        };
        for (const Row& row :
             {Row{app, genuine, ""},
              Row{"", "", ""},
              Row{"", genuine, "isv.missing-app-cert-sn"},
              Row{std::string(32, '0'), genuine, "isv.app-cert-not-exist"},
              Row{number("provider_certificate.pem"), genuine, "isv.app-cert-not-exist"},
              Row{app, "", "isv.missing-alipay-root-cert-sn"},
              Row{app, genuine.substr(0, 32), "isv.invalid-alipay-root-cert-sn"}}) {
            Parameters parameters = merchant_.parameters(
                "alipay.trade.precreate",
                {{"out_trade_no", "C1"}, {"total_amount", "1.00"}, {"subject", "Badge"}});
            parameters["app_cert_sn"] = row.app;
            parameters["alipay_root_cert_sn"] = row.root;
            const GatewayAnswer answer = merchant_.send(merchant_.sign(parameters));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.raw, row.sub_code, answer.subCode());
            const std::string named = Json::parse(answer.raw).value("alipay_cert_sn", "");
            const bool is_named = row.sub_code.empty() && !row.app.empty();
            CPPUNIT_ASSERT_EQUAL(is_named ? number("provider_certificate.pem") : std::string{},
                                 named);
        }
    }

    void anAppMayInsistOnCertificates()
    {
        const Merchant second(simulator_, "9021000000000002", "alipay/app2_private_key.pem");
        const Json content{{"out_trade_no", "C2"}};
        CPPUNIT_ASSERT_EQUAL(std::string{"isv.missing-app-cert-sn"},
                             second.call("alipay.trade.query", content).subCode());
        Parameters parameters = second.parameters("alipay.trade.query", content);
        parameters["app_cert_sn"] = number("app2_certificate.pem");
        parameters["alipay_root_cert_sn"] = rootNumber();
        CPPUNIT_ASSERT_EQUAL(std::string{"ACQ.TRADE_NOT_EXIST"},
                             second.send(second.sign(parameters)).subCode());
    }

    void theBillIsWhatWasBooked()
    {
        const std::string day = beijingTime().substr(0, 10);
        merchant_.orderAndPay("B1", "200.00");
        merchant_.orderAndPay("B2", "0.01");
        merchant_.order("B3");
        merchant_.call(
            "alipay.trade.refund",
            {{"out_trade_no", "B1"}, {"refund_amount", "50.00"}, {"out_request_no", "r1"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "the day did not end meanwhile", day, beijingTime().substr(0, 10));

        connector_test::Desk desk;
        startConnector(desk, file("provider_certificate.pem"));
        const Json request{{"date", day}, {"kind", "trades"}};
        expect(desk, "bill", request, HUB_OK, "state", "not_yet");
        desk.now_ms += 2 * kDayMs;
        expect(desk, "bill", request, HUB_OK, "state", "empty"); // not closed by the test clock
        simulator_.post("/control/clock", {{"advance_s", 24 * 3600}});
        expect(desk, "bill", request, HUB_OK, "state", "ready");
        expect(
            desk, "bill", {{"date", "2026-01-01"}, {"kind", "trades"}}, HUB_OK, "state", "empty");

        std::string lines;
        std::istringstream bill(desk.blobs.at(0));
        for (std::string line; std::getline(bill, line);) {
            const Json row = Json::parse(line);
            lines += row["type"].get<std::string>() + " " + row["number"].get<std::string>() + " " +
                     row.value("refund_number", "-") + " " + row["amount_minor"].dump() + "\n";
            CPPUNIT_ASSERT_EQUAL(simulator_.trade(row["number"])["trade_no"].dump(),
                                 row["provider_number"].dump());
        }
        CPPUNIT_ASSERT_EQUAL(std::string{"payment B1 - 20000\nrefund B1 r1 5000\npayment B2 - 1\n"},
                             lines);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, desk.blobs.size());

        const std::string address = desk.requests.at(2).url;
        CPPUNIT_ASSERT_EQUAL(std::string{"GET"}, desk.requests.at(2).method);
        const std::string path = address.substr(simulator_.url().size());
        CPPUNIT_ASSERT_EQUAL(200, simulator_.request("GET", path).status);
        CPPUNIT_ASSERT_EQUAL(404, simulator_.request("GET", path + "x").status);
        // What Python's zipfile and codec make of the same bytes.
        CPPUNIT_ASSERT_EQUAL(
            std::string{"2\n3\n"},
            runProgram({"python3",
                        "-c",
                        "import sys,io,zipfile\n"
                        "z=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))\n"
                        "assert z.testzip() is None\n"
                        "names=z.namelist()\n"
                        "text=z.read(names[0]).decode('gbk')\n"
                        "print(len(names))\n"
                        "print(sum(not l.startswith('#') for l in text.splitlines())-1)"},
                       simulator_.request("GET", path).body));
    }

private:
    static constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

    static std::int64_t now_ms() { return std::time(nullptr) * std::int64_t{1000}; }

    std::string file(const std::string& name) const
    {
        return (simulator_.folder() / "alipay" / name).string();
    }
    std::string number(const std::string& name) const { return numberOf(file(name)); }

    /// Of the first and the last of the bundle, which are signed with RSA.
    std::string rootNumber() const
    {
        const std::string bundle = read(file("root_certificates.pem"));
        const auto last = bundle.rfind("-----BEGIN");
        const std::filesystem::path path = makeFolder() / "last.pem";
        std::ofstream(path, std::ios::binary) << bundle.substr(last);
        return number("root_certificates.pem") + "_" + numberOf(path);
    }

    void startConnector(connector_test::Desk& desk, const std::string& provider_certificate) const
    {
        const Json config{{"app_id", "9021000000000001"},
                          {"seller_id", "2088000000000001"},
                          {"gateway_url", simulator_.url() + "/gateway.do"},
                          {"mode", "certificate"},
                          {"root_certificates", read(file("root_certificates.pem"))}};
        desk.addKey("app_key",
                    read(file("app_private_key.pem")) + read(file("app_certificate.pem")));
        desk.addKey("provider_key", read(provider_certificate));
        desk.now_ms = now_ms();
        desk.exchange = [this](const hub::HttpRequest& request) {
            return carry(request);
        };
        // NOLINTNEXTLINE(concurrency-mt-unsafe): a test of one thread.
        const std::string build = std::getenv("HUB_BUILD_DIR");
        desk.start(
            build + "/lib/payment_alipay/libpayment_alipay.so",
            Json{{"config", Json::object()}, {"accounts", {{"a", {{"config", config}}}}}}.dump());
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

    static void expect(connector_test::Desk& desk,
                       const std::string& operation,
                       const Json& request,
                       hub_status status,
                       const char* member,
                       const std::string& value)
    {
        const hub::Answer answer = desk.call("a", operation, request.dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(operation + ": " + answer.message, status, answer.status);
        CPPUNIT_ASSERT_EQUAL(value, Json::parse(answer.payload).value(member, ""));
    }

    Simulator simulator_;
    Merchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(ConnectorTest, "connector");

} // namespace simulator_test
