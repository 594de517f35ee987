// Goal: the money rule: once a request may have left, only a genuine answer decides; before,
// nothing is ever unknown. Method: the shipped library at the desk, one table for all operations.

#include "fixture.hpp"
#include "support/suite.hpp"

#include <string>
#include <vector>

namespace {

using namespace wechat_test;
using hub::Answer;

constexpr const char* kRefusal = R"({"code":"PARAM_ERROR","message":"no"})";

std::string headerOf(const hub::HttpRequest& request, std::string_view name)
{
    for (const auto& [key, value] : request.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

/// `nonce_str` of an Authorization header, and so on.
std::string partOf(const std::string& authorization, const std::string& name)
{
    const auto start = authorization.find(name + "=\"") + name.size() + 2;
    return authorization.substr(start, authorization.find('"', start) - start);
}

class ConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectorTest);
    CPPUNIT_TEST(withoutAGenuineAnswerTheOutcomeIsUnknown);
    CPPUNIT_TEST(whatNeverLeftIsNotUnknown);
    CPPUNIT_TEST(unsignedErrorsAreBelievedAndSuccessIsNot);
    CPPUNIT_TEST(requestsAreSignedOverWhatLeaves);
    CPPUNIT_TEST(requestsThatCannotBeSaidAreRefusedUnsent);
    CPPUNIT_TEST(theInvocationIsSigned);
    CPPUNIT_TEST(platformModesAndTheMoveBetweenThem);
    CPPUNIT_TEST(newCertificatesAreKeptAndOldOnesLeftOut);
    CPPUNIT_TEST(whatIsNoListOfCertificatesIsUnknown);
    CPPUNIT_TEST(onlyFaultsOfTheAccountAreRetriable);
    CPPUNIT_TEST(thePayerIsIdentifiedInTwoSteps);
    CPPUNIT_TEST(badConfigurationIsRefusedBySentence);
    CPPUNIT_TEST_SUITE_END();

public:
    void withoutAGenuineAnswerTheOutcomeIsUnknown()
    {
        for (const auto& [operation, request] : requests()) {
            const std::string success =
                operation == "close"
                    ? ""
                    : R"({"code_url":"weixin://wxpay/bizpayurl?pr=x","trade_state":"SUCCESS",)"
                      R"("out_trade_no":"1400000120261121104000000001","status":"SUCCESS",)"
                      R"("out_refund_no":"1400000120261121120000000001",)"
                      R"("amount":{"total":20000,"refund":5000,"currency":"CNY"}})";
            const Signer forger{"other", kPublicKeyId, 0, ""};
            const Signer stranger{"platform", "PUB_KEY_ID_9999", 0, ""};
            const Signer late{"platform", kPublicKeyId, -300, ""};
            const Signer early{"platform", kPublicKeyId, 300, ""};
            const Signer probe{"platform", kPublicKeyId, 0, "WECHATPAY/SIGNTEST/"};
            struct Row {
                const char* name;
                std::uint32_t status;
                std::string body;
                Signer signer;
            };
            const Row rows[] = {
                {"forged success", 200, success, forger},
                {"forged refusal", 400, kRefusal, forger},
                {"unknown key", 200, success, stranger},
                {"unknown key refuses", 400, kRefusal, stranger},
                {"late", 200, success, late},
                {"early", 200, success, early},
                {"probe", 200, success, probe},
                {"accepted only", 202, "{}", {}},
                {"system error", 500, R"({"code":"SYSTEM_ERROR"})", {}},
                {"bank error", 500, R"({"code":"BANK_ERROR"})", {}},
                {"no code", 400, "{}", {}},
                {"undocumented code", 400, R"({"code":"SOMETHING_NEW"})", {}},
                {"documented code of another status", 418, kRefusal, {}},
                {"numeric code", 400, R"({"code":1})", {}},
                {"garbage", 200, "\x01{{", {}},
                {"no object", 200, "[]", {}},
                {"redirect", 302, "", {}},
                {"proxy", 502, "<html></html>", {}},
            };
            for (const Row& row : rows) {
                Bench bench;
                bench.answer(row.status, row.body, row.signer);
                expect(HUB_OUTCOME_UNKNOWN, operation + ": " + row.name, bench, request);
            }
            for (const auto& [status, body] :
                 {std::pair{200U, success}, {400U, std::string{kRefusal}}, {204U, ""}}) {
                Bench bench(Json{{"unsigned_errors", "unknown"}});
                bench.answerUnsigned(status, body);
                expect(HUB_OUTCOME_UNKNOWN, operation + ": unsigned", bench, request);
            }
            Bench cut;
            cut.fail(HUB_OUTCOME_UNKNOWN);
            expect(HUB_OUTCOME_UNKNOWN, operation + ": cut", cut, request);
            Bench odd;
            odd.fail(HUB_INTERNAL);
            expect(HUB_OUTCOME_UNKNOWN, operation + ": the hub's own failure", odd, request);
            // The table is no table of unknowns: the same refusal, genuine.
            Bench genuine;
            genuine.answer(400, kRefusal);
            expect(HUB_REJECTED, operation + ": genuine refusal", genuine, request);
        }
    }

    void whatNeverLeftIsNotUnknown()
    {
        for (const auto& [operation, request] : requests()) {
            Bench unsent;
            unsent.fail(HUB_UNAVAILABLE);
            expect(HUB_UNAVAILABLE, operation + ": not sent", unsent, request);
            Bench refused;
            refused.fail(HUB_REJECTED);
            expect(HUB_INTERNAL, operation + ": not allowed", refused, request);
            Bench keyless;
            keyless.removeKey("merchant_key");
            expect(HUB_INTERNAL, operation + ": no key", keyless, request);
            CPPUNIT_ASSERT(keyless.requests.empty());
            Bench trustless(Json{{"platform_keys", "certificates"}});
            trustless.removeKey("platform_certificate");
            expect(HUB_INTERNAL, operation + ": no certificate", trustless, request);
            CPPUNIT_ASSERT(trustless.requests.empty());
        }
    }

    void unsignedErrorsAreBelievedAndSuccessIsNot()
    {
        Bench bench; // as it is when nothing is said
        bench.answerUnsigned(404, R"({"code":"ORDER_NOT_EXIST","message":"none"})");
        const Answer absent = bench.ask("query", requests().at("query"));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, absent.status);
        CPPUNIT_ASSERT_EQUAL(std::string{R"({"state":"not_found"})"}, absent.payload);
        // A wrong signature is worse than none, and success is never believed unsigned.
        bench.answer(404, R"({"code":"ORDER_NOT_EXIST"})", {"other", kPublicKeyId, 0, ""});
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN},
                             bench.ask("query", requests().at("query")).status);
        bench.answerUnsigned(204, "");
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN},
                             bench.ask("close", requests().at("close")).status);
    }

    void requestsAreSignedOverWhatLeaves()
    {
        for (const auto& [operation, request] : requests()) {
            Bench bench;
            bench.answer(400, kRefusal);
            bench.ask(operation, request);
            const hub::HttpRequest& sent = bench.requests.at(0);
            const std::string header = headerOf(sent, "Authorization");
            CPPUNIT_ASSERT(header.starts_with("WECHATPAY2-SHA256-RSA2048 mchid=\"1900000001\","));
            CPPUNIT_ASSERT_EQUAL(Pki::get().serial("merchant"), partOf(header, "serial_no"));
            CPPUNIT_ASSERT_EQUAL(std::string{kPublicKeyId}, headerOf(sent, "Wechatpay-Serial"));
            const std::string uri = sent.url.substr(std::string_view{kOrigin}.size());
            const std::string text = sent.method + "\n" + uri + "\n" + partOf(header, "timestamp") +
                                     "\n" + partOf(header, "nonce_str") + "\n" + sent.body + "\n";
            CPPUNIT_ASSERT_MESSAGE(
                operation, Pki::get().isSignature("merchant", text, partOf(header, "signature")));
            CPPUNIT_ASSERT(
                !Pki::get().isSignature("merchant", text + " ", partOf(header, "signature")));
        }
    }

    void requestsThatCannotBeSaidAreRefusedUnsent()
    {
        struct Row {
            const char* operation;
            Json change;
            hub_status status;
        };
        const Row rows[] = {
            {"create", {{"product", "page"}}, HUB_UNSUPPORTED},
            {"create", {{"product", "jsapi"}}, HUB_BAD_REQUEST},
            {"create", {{"product", "h5"}}, HUB_BAD_REQUEST},
            {"create", {{"currency", "USD"}}, HUB_BAD_REQUEST},
            {"create", {{"amount_minor", 0}}, HUB_BAD_REQUEST},
            {"create", {{"amount_minor", 1.5}}, HUB_BAD_REQUEST},
            {"create", {{"amount_minor", 10000000001}}, HUB_BAD_REQUEST},
            {"create", {{"number", "12345"}}, HUB_BAD_REQUEST},
            {"create", {{"number", "123456/7"}}, HUB_BAD_REQUEST},
            {"create", {{"number", std::string(33, '1')}}, HUB_BAD_REQUEST},
            {"create", {{"subject", "\n "}}, HUB_BAD_REQUEST},
            {"create", {{"expires_at_ms", 0}}, HUB_BAD_REQUEST},
            {"query", {{"number", nullptr}}, HUB_BAD_REQUEST},
            {"close", {{"number", ""}}, HUB_BAD_REQUEST},
            {"refund", {{"amount_minor", 20001}}, HUB_BAD_REQUEST},
            {"refund", {{"refund_number", "a b c d"}}, HUB_BAD_REQUEST},
            {"refund", {{"total_minor", nullptr}}, HUB_BAD_REQUEST},
            {"refund_query", {{"refund_number", nullptr}}, HUB_BAD_REQUEST},
        };
        for (const Row& row : rows) {
            Bench bench;
            Json request = requests().at(row.operation);
            request.merge_patch(row.change);
            expect(row.status, row.operation + row.change.dump(), bench, request, row.operation);
            CPPUNIT_ASSERT(bench.requests.empty());
        }
        Bench bench;
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNSUPPORTED},
                             bench.ask("cancel", Json::object()).status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST},
                             bench.call(kAccount, "query", "[").status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_INTERNAL}, bench.call("nobody", "query", "{}").status);
    }

    void theInvocationIsSigned()
    {
        Bench bench;
        bench.answer(200, R"({"prepay_id":"wx201410272009395522657a690389285100"})");
        Json request = requests().at("create");
        request["product"] = "jsapi";
        request["payer"] = {{"identity", "oSampleSampleSampleSample0001"}};
        const Answer answer = bench.ask("create", request);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        const Json given = Json::parse(answer.payload)["parameters"];
        const std::string text = "wx0000000000000001\n" + given["timeStamp"].get<std::string>() +
                                 "\n" + given["nonceStr"].get<std::string>() +
                                 "\nprepay_id=wx201410272009395522657a690389285100\n";
        CPPUNIT_ASSERT(
            Pki::get().isSignature("merchant", text, given["paySign"].get<std::string>()));
        CPPUNIT_ASSERT_EQUAL(std::string{"RSA"}, given["signType"].get<std::string>());
        const Json body = Json::parse(bench.requests.at(0).body);
        CPPUNIT_ASSERT_EQUAL(std::string{"oSampleSampleSampleSample0001"},
                             body["payer"]["openid"].get<std::string>());
    }

    void platformModesAndTheMoveBetweenThem()
    {
        const Signer by_key;
        const Signer by_certificate{"platform", Pki::get().serial("platform"), 0, ""};
        struct Row {
            const char* mode;
            const Signer& signer;
            hub_status status;
        };
        const Row rows[] = {
            {"public_key", by_key, HUB_REJECTED},
            {"public_key", by_certificate, HUB_OUTCOME_UNKNOWN},
            {"certificates", by_key, HUB_OUTCOME_UNKNOWN},
            {"certificates", by_certificate, HUB_REJECTED},
            {"both", by_key, HUB_REJECTED},
            {"both", by_certificate, HUB_REJECTED},
        };
        for (const Row& row : rows) {
            Bench bench(Json{{"platform_keys", row.mode}});
            bench.answer(400, kRefusal, row.signer);
            expect(row.status, row.mode, bench, requests().at("query"), "query");
            const std::string wanted = row.mode == std::string{"certificates"}
                                           ? Pki::get().serial("platform")
                                           : kPublicKeyId;
            CPPUNIT_ASSERT_EQUAL(wanted, headerOf(bench.requests.at(0), "Wechatpay-Serial"));
        }
        Bench later(Json{{"platform_keys", "certificates"}});
        later.now_ms += std::int64_t{3651} * 24 * 3600 * 1000;
        later.answer(400, kRefusal, by_certificate);
        expect(HUB_OUTCOME_UNKNOWN, "over", later, requests().at("query"), "query");
    }

    void newCertificatesAreKeptAndOldOnesLeftOut()
    {
        const auto refresh = [](Bench& bench, const std::string& signer) {
            bench.now_ms += std::int64_t{2} * 24 * 3600 * 1000; // beyond the brief one's time
            bench.answer(
                200, listOf({"brief", "platform", "other"}), {signer, serialOf(signer), 0, ""});
            return bench.ask("refresh_trust", Json::object());
        };
        Bench bench(Json{{"platform_keys", "certificates"}});
        const Answer answer = refresh(bench, "platform");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        CPPUNIT_ASSERT_EQUAL((Json{{"state", "added"}, {"added", {serialOf("other")}}}).dump(),
                             Json::parse(answer.payload).dump());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.added.size());
        CPPUNIT_ASSERT_EQUAL(Pki::get().certificate("other"), bench.added[0].second);
        // What is over signs no list either, though it stands in it.
        Bench late(Json{{"platform_keys", "certificates"}});
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, refresh(late, "brief").status);
        CPPUNIT_ASSERT(late.added.empty());
    }

    void whatIsNoListOfCertificatesIsUnknown()
    {
        const Signer signer{"platform", serialOf("platform"), 0, ""};
        for (const auto& [status, body] : {std::pair{204U, ""}, std::pair{200U, "{}"}}) {
            Bench bench(Json{{"platform_keys", "certificates"}});
            bench.answer(status, body, signer);
            const Answer answer = bench.ask("refresh_trust", Json::object());
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, answer.status);
            CPPUNIT_ASSERT(!answer.message.empty() && bench.added.empty());
        }
    }

    void onlyFaultsOfTheAccountAreRetriable()
    {
        const auto isRetriable =
            [](const std::string& operation, std::uint32_t status, const std::string& code) {
                Bench bench;
                bench.answer(status, Json{{"code", code}, {"message", "no"}}.dump());
                const Json payload =
                    Json::parse(bench.ask(operation, requests().at(operation)).payload);
                CPPUNIT_ASSERT_EQUAL(code, payload.value("code", ""));
                CPPUNIT_ASSERT(!payload.contains("retriable") || payload["retriable"] == true);
                return payload.contains("retriable");
            };
        const std::pair<std::uint32_t, const char*> ours[] = {{400, "APPID_MCHID_NOT_MATCH"},
                                                              {400, "MCH_NOT_EXISTS"},
                                                              {401, "SIGN_ERROR"},
                                                              {403, "NO_AUTH"}};
        for (const auto& [status, code] : ours) {
            CPPUNIT_ASSERT_MESSAGE(code, isRetriable("create", status, code));
            CPPUNIT_ASSERT_MESSAGE(code, !isRetriable("refund", status, code));
        }
        const std::pair<std::uint32_t, const char*> others[] = {{400, "PARAM_ERROR"},
                                                                {400, "INVALID_REQUEST"},
                                                                {403, "OUT_TRADE_NO_USED"},
                                                                {403, "RULE_LIMIT"},
                                                                {403, "USER_ACCOUNT_ABNORMAL"},
                                                                {429, "FREQUENCY_LIMITED"},
                                                                {500, "SYSTEM_ERROR"}};
        for (const auto& [status, code] : others) {
            CPPUNIT_ASSERT_MESSAGE(code, !isRetriable("create", status, code));
        }
    }

    void thePayerIsIdentifiedInTwoSteps()
    {
        Bench bench;
        const Answer page =
            bench.ask("payer_identity",
                      {{"return_url", "https://fair.example.com/pay/t0k"}, {"state", "t0k"}});
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, page.status);
        const std::string url = Json::parse(page.payload).at("url");
        CPPUNIT_ASSERT(url.find("redirect_uri=https%3A%2F%2Ffair.example.com%2Fpay%2Ft0k&") !=
                       std::string::npos);
        CPPUNIT_ASSERT(url.ends_with("&state=t0k#wechat_redirect"));
        CPPUNIT_ASSERT(bench.requests.empty());

        bench.answerUnsigned(200, R"({"openid":"oSample1","access_token":"x"})");
        const Answer identity = bench.ask("payer_identity", {{"code", "001sample"}});
        CPPUNIT_ASSERT_EQUAL(std::string("oSample1"),
                             Json::parse(identity.payload).at("identity").get<std::string>());
        CPPUNIT_ASSERT(bench.requests.at(0).url.find("&secret={secret:app_secret}&") !=
                       std::string::npos);
    }

    void badConfigurationIsRefusedBySentence()
    {
        const std::pair<Json, const char*> rows[] = {
            {{{"mchid", "x"}}, "mchid"},
            {{{"appid", "x"}}, "appid"},
            {{{"public_key_id", nullptr}}, "public_key_id"},
            {{{"public_key_id", "PUB_KEY_ID_"}}, "public_key_id"},
            {{{"previous_public_key_id", "1"}}, "previous_public_key_id"},
            {{{"platform_keys", "none"}}, "platform_keys"},
            {{{"base_url", "http://api.mch.weixin.qq.com"}}, "base_url"},
            {{{"base_url", "https://api.mch.weixin.qq.com/v3"}}, "base_url"},
            {{{"unsigned_errors", "ignore"}}, "unsigned_errors"},
            {{{"merchant_serial", "abc"}}, "merchant_serial"},
            {{{"http_timeout_ms", 0}}, "http_timeout_ms"},
        };
        for (const auto& [change, names] : rows) {
            std::string said;
            try {
                Bench bench(change);
            } catch (const std::exception& problem) {
                said = problem.what();
            }
            CPPUNIT_ASSERT_MESSAGE(change.dump() + " " + said,
                                   said.find("\"" + std::string{names} + "\"") !=
                                       std::string::npos);
        }
    }

private:
    static std::string serialOf(const std::string& name) { return Pki::get().serial(name); }

    /// What GET /v3/certificates answers.
    static std::string listOf(const std::vector<std::string>& names)
    {
        Json list = Json::array();
        for (const std::string& name : names) {
            list.push_back(
                {{"serial_no", serialOf(name)},
                 {"encrypt_certificate", sealed(Pki::get().certificate(name), "certificate")}});
        }
        return Json{{"data", list}}.dump();
    }

    static void expect(hub_status status,
                       const std::string& name,
                       Bench& bench,
                       const Json& request,
                       const std::string& operation = {})
    {
        const Answer answer =
            bench.ask(operation.empty() ? name.substr(0, name.find(':')) : operation, request);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name + " " + answer.message, status, answer.status);
        CPPUNIT_ASSERT_MESSAGE(name, !answer.message.empty() || !answer.payload.empty());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ConnectorTest, "connector");
