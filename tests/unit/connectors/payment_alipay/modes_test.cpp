// Goal: certificate mode, REST v3 and bills through the shipped library. Method: keys and
// certificates that openssl makes at run time; openssl verifies what leaves and signs what comes
// back; every answer that is not genuine must leave the outcome unknown.

#include "bill_fixture.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/desk.hpp"

#include <map>
#include <string>

namespace {

using namespace alipay_test;
using connector_test::Desk;
using hub::Answer;

constexpr const char* kOrigin = "https://openapi-sandbox.dl.alipaydev.com";
constexpr const char* kBill = R"({"date":"2026-11-20","kind":"trades"})";

/// Keys and certificates of both sides, made once.
struct Pki {
    Pki()
    {
        for (const char* name : {"app", "provider", "renewed"}) {
            scratch.run("openssl req -x509 -nodes -newkey rsa:2048 -sha256 -days 2 -keyout " +
                        std::string{name} + ".key -out " + name +
                        ".pem -subj '/C=CN/O=Sample/CN=" + name + "'");
        }
    }

    /// As openssl, Python and md5sum make it.
    std::string number(const std::string& name) const
    {
        std::string& known = numbers[name];
        if (known.empty()) {
            const std::string x509 = "openssl x509 -noout -in " + name + ".pem ";
            known = scratch.run("( " + x509 +
                                "-issuer -nameopt RFC2253 | sed 's/^issuer=//' | "
                                "tr -d '\\n'; python3 -c \"print(int('$(" +
                                x509 +
                                "-serial | cut -d= -f2)', 16), end='')\" ) | md5sum | cut -c1-32");
        }
        return known;
    }

    std::string sign(const std::string& name, const std::string& text) const
    {
        scratch.write("signed", text);
        scratch.run("openssl dgst -sha256 -sign " + name + ".key -out signature signed");
        return alipay::toBase64(scratch.read("signature"));
    }

    bool verifies(const std::string& name,
                  const std::string& text,
                  const std::string& signature_base64) const
    {
        scratch.write("signed", text);
        scratch.write("signature", alipay::fromBase64(signature_base64).value());
        scratch.run("openssl x509 -noout -pubkey -out key.pub -in " + name + ".pem");
        return scratch.run(
                   "(openssl dgst -sha256 -verify key.pub -signature signature signed || true)") ==
               "Verified OK";
    }

    Scratch scratch;
    mutable std::map<std::string, std::string> numbers;
};

const Pki& pki()
{
    static const Pki kPki;
    return kPki;
}

std::string create(const Json& more)
{
    Json config{{"app_id", "2021000000000001"},
                {"seller_id", "2088000000000001"},
                {"gateway_url", std::string{kOrigin} + "/gateway.do"}};
    config.update(more);
    const Json account{{"config", config},
                       {"callback_url", "https://hub.example.com/callback/payment_alipay/a/t"}};
    return Json{{"config", Json::object()}, {"accounts", {{std::string{kAccount}, account}}}}
        .dump();
}

Json certificateMode()
{
    return {{"mode", "certificate"}, {"root_certificates", pki().scratch.read("provider.pem")}};
}

/// A started library; in certificate mode its keys come with certificates.
struct Running {
    explicit Running(const Json& more, bool with_certificates = true)
    {
        const Scratch& files = pki().scratch;
        desk.addKey("app_key",
                    files.read("app.key") + (with_certificates ? files.read("app.pem") : ""));
        desk.addKey("provider_key", files.read("provider.pem"));
        desk.start(folder("HUB_BUILD_DIR") / "lib/payment_alipay/libpayment_alipay.so",
                   create(more));
    }

    Answer ask(const std::string& operation)
    {
        return desk.call(kAccount, operation, requests().at(operation).dump());
    }

    Desk desk;
};

std::map<std::string, std::string> formOf(const hub::HttpRequest& request)
{
    std::map<std::string, std::string> form;
    const auto parameters = alipay::fromForm(request.body);
    for (const auto& [name, value] : parameters.value()) {
        form[name] = value;
    }
    return form;
}

hub::HttpResponse gatewayAnswer(const std::string& node_name,
                                const std::string& node,
                                const std::string& signer = "provider")
{
    return {200,
            {},
            "{\"" + node_name + "\":" + node + ",\"alipay_cert_sn\":\"" + pki().number(signer) +
                "\",\"sign\":\"" + pki().sign(signer, node) + "\"}"};
}

hub::HttpResponse
restAnswer(std::uint32_t status, const std::string& body, const std::string& signer = "provider")
{
    return {status,
            {{"alipay-timestamp", "1795228800123"},
             {"alipay-nonce", "n1"},
             {"alipay-sn", pki().number(signer)},
             {"alipay-signature", pki().sign(signer, "1795228800123\nn1\n" + body + "\n")}},
            body};
}

std::string between(const std::string& text, const std::string& from, const std::string& to)
{
    const auto start = text.find(from) + from.size();
    return text.substr(start, to.empty() ? std::string::npos : text.find(to, start) - start);
}

const std::string kCreated =
    R"({"out_trade_no":"1400000120261121104000000001","qr_code":"https://qr.example.com/1"})";
const std::string kCreatedNode = R"({"code":"10000",)" + kCreated.substr(1);

} // namespace

class ModesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ModesTest);
    CPPUNIT_TEST(certificatesAreNamedAndSigned);
    CPPUNIT_TEST(anotherCertificateIsNamedAndNotBelieved);
    CPPUNIT_TEST(missingCertificatesAreSaidBeforeAnythingLeaves);
    CPPUNIT_TEST(wrongSettingsAreRefused);
    CPPUNIT_TEST(restRequestsAreSignedAsDocumented);
    CPPUNIT_TEST(restAnswersAreReadWhenGenuine);
    CPPUNIT_TEST(restAnswersThatAreNotGenuineAreUnknown);
    CPPUNIT_TEST(billsBecomeBlobs);
    CPPUNIT_TEST(billsThatAreNotThere);
    CPPUNIT_TEST(billsThatAreNotWholeAreNotKept);
    CPPUNIT_TEST_SUITE_END();

public:
    void certificatesAreNamedAndSigned()
    {
        for (const auto& [operation, request] : requests()) {
            Running hub(certificateMode());
            hub.desk.exchange = [](const hub::HttpRequest&) {
                return hub::HttpResponse{500, {}, {}};
            };
            hub.ask(operation);
            auto form = formOf(hub.desk.requests.at(0));
            CPPUNIT_ASSERT_EQUAL(pki().number("app"), form["app_cert_sn"]);
            CPPUNIT_ASSERT_EQUAL(pki().number("provider"), form["alipay_root_cert_sn"]);
            const std::string signature = form.extract("sign").mapped();
            std::string text;
            for (const auto& [name, value] : form) {
                text += (text.empty() ? "" : "&") + name + "=" + value;
            }
            CPPUNIT_ASSERT_MESSAGE(operation, pki().verifies("app", text, signature));
            CPPUNIT_ASSERT_MESSAGE(operation, !pki().verifies("app", text + " ", signature));
        }
        Running hub(certificateMode());
        hub.desk.exchange = [](const hub::HttpRequest&) {
            return gatewayAnswer("alipay_trade_precreate_response", kCreatedNode);
        };
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, hub.ask("create").status);
    }

    void anotherCertificateIsNamedAndNotBelieved()
    {
        Running hub(certificateMode());
        hub.desk.exchange = [](const hub::HttpRequest&) {
            return gatewayAnswer("alipay_trade_precreate_response", kCreatedNode, "renewed");
        };
        const Answer answer = hub.ask("create");
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, answer.status);
        CPPUNIT_ASSERT_EQUAL("the answer is signed with certificate " + pki().number("renewed") +
                                 ", provider_key holds " + pki().number("provider") +
                                 "; put the provider's new certificate; it says 10000",
                             answer.message);
        hub.desk.addKey("provider_key", pki().scratch.read("renewed.pem"));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, hub.ask("create").status);
    }

    void missingCertificatesAreSaidBeforeAnythingLeaves()
    {
        Running hub(certificateMode(), false);
        const Answer answer = hub.ask("create");
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_INTERNAL}, answer.status);
        CPPUNIT_ASSERT(answer.message.starts_with("app_key holds no certificate"));
        CPPUNIT_ASSERT(hub.desk.requests.empty());
    }

    void wrongSettingsAreRefused()
    {
        const std::map<std::string, Json> kCases{
            {R"("mode" must be key or certificate)", {{"mode", "sm2"}}},
            {R"("api" must be gateway or v3)", {{"api", "v2"}}},
            {R"("root_certificates" must be the text of alipayRootCert.crt: )"
             "the text holds no certificate in PEM form",
             {{"mode", "certificate"}}},
            {R"("bill_ready_hour" must be a whole number from 1 to 23)", {{"bill_ready_hour", 24}}},
        };
        for (const auto& [problem, settings] : kCases) {
            try {
                Running hub(settings);
                CPPUNIT_FAIL(problem);
            } catch (const std::runtime_error& refused) {
                CPPUNIT_ASSERT_MESSAGE(refused.what(),
                                       std::string{refused.what()}.ends_with(problem));
            }
        }
    }

    void restRequestsAreSignedAsDocumented()
    {
        const std::map<std::string, std::string> kPaths{
            {"create", "/v3/alipay/trade/precreate"},
            {"query", "/v3/alipay/trade/query"},
            {"close", "/v3/alipay/trade/close"},
            {"cancel", "/v3/alipay/trade/cancel"},
            {"refund", "/v3/alipay/trade/refund"},
            {"refund_query", "/v3/alipay/trade/fastpay/refund/query"}};
        for (const bool with_certificates : {false, true}) {
            Json settings = with_certificates ? certificateMode() : Json::object();
            settings["api"] = "v3";
            for (const auto& [operation, path] : kPaths) {
                Running hub(settings);
                hub.desk.exchange = [](const hub::HttpRequest&) {
                    return hub::HttpResponse{500, {}, {}};
                };
                hub.ask(operation);
                const hub::HttpRequest& sent = hub.desk.requests.at(0);
                CPPUNIT_ASSERT_EQUAL(kOrigin + path, sent.url);
                assertSigned(sent, "POST", path, with_certificates);
                CPPUNIT_ASSERT_EQUAL(operation == "create",
                                     Json::parse(sent.body).contains("notify_url"));
            }
        }
    }

    void restAnswersAreReadWhenGenuine()
    {
        struct Case {
            const char* operation;
            std::uint32_t http_status;
            std::string body;
            hub_status status;
            std::string payload;
        };
        const Case kCases[] = {
            {"create",
             200,
             kCreated,
             HUB_OK,
             R"({"merchant":"2088000000000001","product":"qr","qr_code":"https://qr.example.com/1"})"},
            {"query",
             404,
             R"({"code":"ACQ.TRADE_NOT_EXIST","message":"x"})",
             HUB_OK,
             R"({"state":"not_found"})"},
            {"refund",
             400,
             R"({"code":"ACQ.SELLER_BALANCE_NOT_ENOUGH"})",
             HUB_REJECTED,
             R"({"code":"40004","reason":"seller_balance_not_enough","sub_code":"ACQ.SELLER_BALANCE_NOT_ENOUGH"})"},
            {"refund",
             500,
             R"({"code":"ACQ.SYSTEM_ERROR"})",
             HUB_OUTCOME_UNKNOWN,
             R"({"code":"40004","reason":"system_error","sub_code":"ACQ.SYSTEM_ERROR"})"},
            {"refund",
             400,
             R"({"code":"something-new"})",
             HUB_OUTCOME_UNKNOWN,
             R"({"code":"","reason":"undocumented_answer","sub_code":"isv.something-new"})"},
            {"create",
             401,
             R"({"code":"invalid-signature"})",
             HUB_UNAUTHENTICATED,
             R"({"code":"40002","reason":"invalid_signature","retriable":true,"sub_code":"isv.invalid-signature"})"},
            {"refund",
             503,
             R"({"code":"unknow-error"})",
             HUB_OUTCOME_UNKNOWN,
             R"({"code":"20000","reason":"service_unavailable","sub_code":"isp.unknow-error"})"},
            {"query",
             429,
             R"({"code":"app-call-limited"})",
             HUB_THROTTLED,
             R"({"code":"40005","reason":"call_limited","sub_code":"isv.app-call-limited"})"},
            {"create", 302, kCreated, HUB_OUTCOME_UNKNOWN, ""},
            {"create", 400, "{}", HUB_OUTCOME_UNKNOWN, ""},
            {"create", 200, "[]", HUB_OUTCOME_UNKNOWN, ""},
        };
        for (const Case& one : kCases) {
            Running hub(Json{{"api", "v3"}});
            hub.desk.exchange = [&](const hub::HttpRequest&) {
                return restAnswer(one.http_status, one.body);
            };
            const Answer answer = hub.ask(one.operation);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one.body + answer.message, one.status, answer.status);
            CPPUNIT_ASSERT_EQUAL(one.payload, answer.payload);
        }
    }

    void restAnswersThatAreNotGenuineAreUnknown()
    {
        using Change = void (*)(hub::HttpResponse&);
        const std::map<std::string, Change> kChanges{{"other body",
                                                      [](hub::HttpResponse& answer) {
                                                          answer.body += ' ';
                                                      }},
                                                     {"other time",
                                                      [](hub::HttpResponse& answer) {
                                                          answer.headers[0].second += '0';
                                                      }},
                                                     {"other nonce",
                                                      [](hub::HttpResponse& answer) {
                                                          answer.headers[1].second = "n2";
                                                      }},
                                                     {"no base64",
                                                      [](hub::HttpResponse& answer) {
                                                          answer.headers[3].second += '!';
                                                      }},
                                                     {"unsigned",
                                                      [](hub::HttpResponse& answer) {
                                                          answer.headers.pop_back();
                                                      }},
                                                     {"of another", [](hub::HttpResponse& answer) {
                                                          answer =
                                                              restAnswer(200, kCreated, "renewed");
                                                      }}};
        for (const auto& [name, change] : kChanges) {
            Running hub(Json{{"api", "v3"}});
            hub.desk.exchange = [change = change](const hub::HttpRequest&) {
                hub::HttpResponse answer = restAnswer(200, kCreated);
                change(answer);
                return answer;
            };
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                name, hub_status{HUB_OUTCOME_UNKNOWN}, hub.ask("create").status);
        }
    }

    void billsBecomeBlobs()
    {
        const std::string archive =
            packed({{"1_业务明细.csv", billTable()}, {"1_业务明细(汇总).csv", "#\n"}});
        for (const bool is_rest : {false, true}) {
            Running hub(is_rest ? Json{{"api", "v3"}} : Json::object());
            hub.desk.exchange = [&](const hub::HttpRequest& request) {
                return request.url == "https://dwbillcenter.alipay.com/b?t=1"
                           ? hub::HttpResponse{200, {}, archive}
                           : billAddress(is_rest, "http://dwbillcenter.alipay.com/b?t=1");
            };
            const Answer answer = hub.desk.call(kAccount, "bill", kBill);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
            CPPUNIT_ASSERT_EQUAL(
                std::string{
                    R"({"blob":"blob0","media_type":"application/x-ndjson","state":"ready"})"},
                answer.payload);
            CPPUNIT_ASSERT_EQUAL(
                alipay::toBillLines(alipay::parseBill(billTable()).value()).value(),
                hub.desk.blobs.at(0));
            CPPUNIT_ASSERT_EQUAL(std::string{"GET"}, hub.desk.requests.at(1).method);
            CPPUNIT_ASSERT_MESSAGE("a download bears no credentials",
                                   hub.desk.requests.at(1).headers.empty());
            if (is_rest) {
                assertSigned(hub.desk.requests.at(0),
                             "GET",
                             "/v3/alipay/data/dataservice/bill/downloadurl/query"
                             "?bill_date=2026-11-20&bill_type=trade",
                             false);
            } else {
                CPPUNIT_ASSERT_EQUAL(
                    std::string{R"({"bill_date":"2026-11-20","bill_type":"trade"})"},
                    formOf(hub.desk.requests.at(0)).at("biz_content"));
            }
        }
    }

    void billsThatAreNotThere()
    {
        const std::int64_t midnight_ms = 1795190400000; // 2026-11-21 00:00 in Beijing
        const std::string none = R"({"code":"40004","sub_code":"BILL_NOT_EXIST"})";
        const std::string hollow =
            R"({"code":"10000","bill_file_code":"EMPTY_DATA_WITH_BILL_FILE"})";
        struct Case {
            std::int64_t now_ms;
            std::string node;
            std::string state;
            std::size_t exchanges;
        };
        const Case kCases[] = {{midnight_ms - 1, none, "not_yet", 0},
                               {midnight_ms, none, "not_yet", 1},
                               {midnight_ms + 12 * 3600000 - 1, none, "not_yet", 1},
                               {midnight_ms + 12 * 3600000, none, "empty", 1},
                               {midnight_ms + 12 * 3600000, hollow, "empty", 1}};
        for (const Case& one : kCases) {
            Running hub(Json::object());
            hub.desk.now_ms = one.now_ms;
            hub.desk.exchange = [&](const hub::HttpRequest&) {
                return gatewayAnswer(kBillNode, one.node);
            };
            const Answer answer = hub.desk.call(kAccount, "bill", kBill);
            CPPUNIT_ASSERT_EQUAL("{\"state\":\"" + one.state + "\"}", answer.payload);
            CPPUNIT_ASSERT_EQUAL(one.exchanges, hub.desk.requests.size());
        }
        Running hub(Json::object());
        for (const auto& [request, status] : std::map<std::string, hub_status>{
                 {R"({"date":"2026-11-20","kind":"funds"})", HUB_UNSUPPORTED},
                 {R"({"date":"2026-02-30","kind":"trades"})", HUB_BAD_REQUEST}}) {
            CPPUNIT_ASSERT_EQUAL(status, hub.desk.call(kAccount, "bill", request).status);
        }
        CPPUNIT_ASSERT(hub.desk.requests.empty());
    }

    void billsThatAreNotWholeAreNotKept()
    {
        const std::string table = billTable();
        const std::string archive = packed({{"业务明细.csv", table}});
        const std::string cut = packed({{"业务明细.csv", table.substr(0, table.find("#交易"))}});
        const std::map<std::string, hub::HttpResponse> kDownloads{
            {"not the archive", {200, {}, "<html></html>"}},
            {"half of it", {200, {}, archive.substr(0, archive.size() / 2)}},
            {"a table that is cut", {200, {}, cut}},
            {"gone", {404, {}, archive}}};
        for (const auto& [name, download] : kDownloads) {
            Running hub(Json::object());
            hub.desk.exchange = [&, download = download](const hub::HttpRequest& request) {
                return request.method == "GET"
                           ? download
                           : billAddress(false, "https://dwbillcenter.alipay.com/");
            };
            const Answer answer = hub.desk.call(kAccount, "bill", kBill);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, hub_status{HUB_OUTCOME_UNKNOWN}, answer.status);
            CPPUNIT_ASSERT_MESSAGE(name, hub.desk.blobs.empty());
        }
        Running hub(Json::object());
        hub.desk.exchange = [](const hub::HttpRequest&) {
            return billAddress(false, "ftp://dwbillcenter.alipay.com/");
        };
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN},
                             hub.desk.call(kAccount, "bill", kBill).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hub.desk.requests.size());
    }

private:
    static constexpr const char* kBillNode =
        "alipay_data_dataservice_bill_downloadurl_query_response";

    static hub::HttpResponse billAddress(bool is_rest, const std::string& address)
    {
        return is_rest
                   ? restAnswer(200, Json{{"bill_download_url", address}}.dump())
                   : gatewayAnswer(kBillNode,
                                   Json{{"code", "10000"}, {"bill_download_url", address}}.dump());
    }

    static void assertSigned(const hub::HttpRequest& sent,
                             const std::string& method,
                             const std::string& uri,
                             bool with_certificates)
    {
        const std::map<std::string, std::string> headers(sent.headers.begin(), sent.headers.end());
        const std::string authorization = headers.at("Authorization");
        const std::string credentials = between(authorization, "ALIPAY-SHA256withRSA ", ",sign=");
        const std::string number =
            with_certificates ? ",app_cert_sn=" + pki().number("app") : std::string{};
        CPPUNIT_ASSERT_EQUAL(method, sent.method);
        CPPUNIT_ASSERT(credentials.starts_with("app_id=2021000000000001" + number + ",nonce="));
        CPPUNIT_ASSERT(credentials.ends_with(",timestamp=1795228800000"));
        CPPUNIT_ASSERT(
            pki().verifies("app",
                           credentials + "\n" + method + "\n" + uri + "\n" + sent.body + "\n",
                           between(authorization, ",sign=", "")));
        CPPUNIT_ASSERT_EQUAL(with_certificates, headers.contains("alipay-root-cert-sn"));
    }
};

HUB_TEST_SUITE_REGISTRATION(ModesTest, "modes");
