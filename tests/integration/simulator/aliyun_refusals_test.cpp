// Goal: what Alibaba Cloud refuses is refused, with its HTTP status and its code. Method: a table
// of requests that are right but for one thing; none of them may change the books.

#include "aliyun_merchant.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>

namespace simulator_test {

namespace {

using Spoil = std::function<void(AliyunRequest&)>;

struct Row {
    std::string name;
    int status;
    std::string code;
    AliyunRequest request;
    Spoil after_signing = nullptr;
};

constexpr const char* kPhone = "19900000001";
constexpr const char* kFresh = "19900000002";

} // namespace

class AliyunRefusalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AliyunRefusalsTest);
    CPPUNIT_TEST(everyCorruptedRequestGetsItsCodeAndBooksNothing);
    CPPUNIT_TEST(theOlderSignatureIsJudgedAlike);
    CPPUNIT_TEST(scriptedRefusalsHaveTheTablesStatus);
    CPPUNIT_TEST(aNonceServesOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    AliyunRefusalsTest()
        : simulator_([](Json& settings) {
            Json& accounts = settings["aliyun"]["accounts"];
            Json& signs = accounts[0]["signs"];
            signs.push_back({{"name", "待审签名"}, {"state", "waiting"}, {"codes_only", false}});
            Json& templates = accounts[0]["templates"];
            templates.push_back({{"code", "SMS_100000009"},
                                 {"kind", "code"},
                                 {"state", "refused"},
                                 {"text", "${code}"}});
            int count = 1;
            for (const char* state : {"abnormal", "out_of_service", "unsubscribed", "denied"}) {
                accounts.push_back({{"access_key_id", fmt::format("LTAISIMULATED{:010}", ++count)},
                                    {"state", state}});
            }
            accounts.push_back({{"access_key_id", "LTAISIMULATED0000000006"}, {"messages", 0}});
            accounts.push_back({{"access_key_id", "LTAISIMULATED0000000007"}, {"day_max", 1}});
        })
        , merchant_(simulator_)
    {}

    void setUp() override
    {
        simulator_.start();
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("FIRST01", kPhone));
        CPPUNIT_ASSERT_EQUAL(std::string("OK"),
                             AliyunMerchant(simulator_, 6).sendCode("LIMITED01", "19900000003"));
    }
    void tearDown() override { simulator_.kill(); }

    void everyCorruptedRequestGetsItsCodeAndBooksNothing()
    {
        const Json before = books();
        std::set<std::string> distinct;
        std::size_t count = 0;
        for (const auto& rows : {gateRows(), messageRows(), accountRows(), queryRows()}) {
            for (const Row& row : rows) {
                const HttpAnswer answer = send(row);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name + ": " + answer.body,
                                             std::to_string(row.status) + " " + row.code,
                                             std::to_string(answer.status) + " " +
                                                 aliyunCode(answer));
                const Json body = Json::parse(answer.body);
                CPPUNIT_ASSERT_MESSAGE(row.name, !body["Message"].get<std::string>().empty());
                CPPUNIT_ASSERT_MESSAGE(row.name, !body["RequestId"].get<std::string>().empty());
                distinct.insert(row.code);
                ++count;
            }
        }
        fmt::print("aliyun: {} corrupted requests refused with {} codes\n", count, distinct.size());
        CPPUNIT_ASSERT_MESSAGE(std::to_string(count), count >= 40);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(distinct.size()), distinct.size() >= 10);
        CPPUNIT_ASSERT_EQUAL(before.dump(), books().dump());
    }

    void theOlderSignatureIsJudgedAlike()
    {
        const Json before = books();
        const auto refused = [&](const Parameters& changed, const char* method = "GET") {
            Parameters query = merchant_.message("RPC01", kFresh);
            query["Action"] = "SendSms";
            return aliyunCode(merchant_.sendRpc(query, method, changed));
        };
        CPPUNIT_ASSERT_EQUAL(std::string("InvalidTimeStamp.Expired"),
                             refused({{"Timestamp", utcTime(-16 * 60)}}));
        CPPUNIT_ASSERT_EQUAL(std::string("InvalidTimeStamp.Format"),
                             refused({{"Timestamp", "now"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("IncompleteSignature"),
                             refused({{"SignatureMethod", "HMAC-MD5"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("InvalidAccessKeyId.NotFound"),
                             refused({{"AccessKeyId", "LTAINOBODY"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("InvalidVersion"), refused({{"Version", "2014-05-26"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("InvalidAction.NotFound"), refused({{"Action", "None"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("SignatureDoesNotMatch"),
                             refused({{"Signature", "AAAA"}}));
        CPPUNIT_ASSERT_EQUAL(before.dump(), books().dump());
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), refused({}, "POST"));
        simulator_.post("/control/clock", {{"advance_s", 61}});
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), refused({}, "GET"));
    }

    void scriptedRefusalsHaveTheTablesStatus()
    {
        for (const auto& [code, status] : std::map<std::string, int>{{"isp.SYSTEM_ERROR", 200},
                                                                     {"Throttling.User", 400},
                                                                     {"ServiceUnavailable", 503}}) {
            simulator_.post(
                "/control/faults",
                {{"fault", "refuse"}, {"code", code}, {"match", {{"method", "SendSms"}}}});
            const HttpAnswer answer =
                merchant_.send(merchant_.request("SendSms", merchant_.message("S1", kFresh)));
            CPPUNIT_ASSERT_EQUAL(status, answer.status);
            CPPUNIT_ASSERT_EQUAL(code, aliyunCode(answer));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("S2", kFresh));
    }

    void aNonceServesOnce()
    {
        AliyunRequest request = merchant_.request("SendSms", merchant_.message("N1", kFresh));
        request.headers["Authorization"] = merchant_.authorization(request);
        AliyunRequest forged = request;
        forged.query["PhoneNumbers"] = "19900000009";
        // Who can't sign can't use a nonce up.
        CPPUNIT_ASSERT_EQUAL(std::string("SignatureDoesNotMatch"),
                             aliyunCode(merchant_.send(forged)));
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), aliyunCode(merchant_.send(request)));
        CPPUNIT_ASSERT_EQUAL(std::string("SignatureNonceUsed"),
                             aliyunCode(merchant_.send(request)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             simulator_.get("/control/messages?number=N1")["messages"].size());
    }

private:
    /// Messages without what time changes.
    Json books() const
    {
        Json messages = simulator_.get("/control/messages")["messages"];
        for (Json& message : messages) {
            message.erase("state");
        }
        return {{"messages", messages}, {"balances", simulator_.get("/control/books")["balances"]}};
    }

    HttpAnswer send(const Row& row) const
    {
        AliyunRequest request = row.request;
        if (row.after_signing) {
            request.headers["Authorization"] = merchant_.authorization(request);
            row.after_signing(request);
        }
        return merchant_.send(request);
    }

    AliyunRequest message(const Parameters& changed = {}) const
    {
        Parameters query = merchant_.message("FRESH01", kFresh);
        for (const auto& [name, value] : changed) {
            query[name] = value;
        }
        return merchant_.request("SendSms", query);
    }

    /// What is wrong before anybody looks at the message.
    std::vector<Row> gateRows() const
    {
        std::vector<Row> rows;
        const auto add = [&](const char* name, int status, const char* code, const Spoil& spoil) {
            AliyunRequest request = message();
            spoil(request);
            rows.push_back({name, status, code, request});
        };
        const auto bad = [&](const char* name, const Spoil& spoil) {
            add(name, 400, "IncompleteSignature", spoil);
        };
        const auto changed = [&](const char* name, const Spoil& spoil) {
            rows.push_back({name, 400, "SignatureDoesNotMatch", message(), spoil});
        };
        bad("no authorization", [](auto& r) { r.headers["Authorization"] = ""; });
        bad("another scheme", [](auto& r) { r.scheme = "ACS3-HMAC-SM3"; });
        bad("scheme alone", [](auto& r) { r.headers["Authorization"] = r.scheme; });
        bad("malformed pairs", [](auto& r) { r.headers["Authorization"] = r.scheme + " x"; });
        bad("no signature", [](auto& r) {
            r.headers["Authorization"] = r.scheme + " Credential=a,SignedHeaders=host,Signature=";
        });
        bad("action not signed", [](auto& r) { r.unsigned_names = {"x-acs-action"}; });
        bad("nonce not signed", [](auto& r) { r.unsigned_names = {"x-acs-signature-nonce"}; });
        bad("host not signed", [](auto& r) { r.unsigned_names = {"host"}; });
        bad("empty nonce", [](auto& r) { r.headers["x-acs-signature-nonce"] = ""; });
        add("too old", 400, "InvalidTimeStamp.Expired", [](auto& r) {
            r.headers["x-acs-date"] = utcTime(-15 * 60 - 20);
        });
        add("too early", 400, "InvalidTimeStamp.Expired", [](auto& r) {
            r.headers["x-acs-date"] = utcTime(15 * 60 + 20);
        });
        add("Beijing time", 400, "InvalidTimeStamp.Format", [](auto& r) {
            r.headers["x-acs-date"] = beijingTime();
        });
        add("no time", 400, "InvalidTimeStamp.Format", [](auto& r) {
            r.headers["x-acs-date"] = "";
        });
        add("account of nobody", 404, "InvalidAccessKeyId.NotFound", [](auto& r) {
            r.access_key_id = "LTAINOBODY";
        });
        add("secret of another", 400, "SignatureDoesNotMatch", [](auto& r) { r.secret += "x"; });
        add("account of another", 400, "SignatureDoesNotMatch", [](auto& r) {
            r.access_key_id = "LTAISIMULATED0000000002";
        });
        add("another version", 400, "InvalidVersion", [](auto& r) {
            r.headers["x-acs-version"] = "2014-05-26";
        });
        add("unknown action", 404, "InvalidAction.NotFound", [](auto& r) {
            r.headers["x-acs-action"] = "SendFax";
        });
        add("another verb", 403, "UnsupportedHTTPMethod", [](auto& r) { r.method = "PUT"; });
        add("digest of another body", 400, "SignatureDoesNotMatch", [](auto& r) {
            r.headers["x-acs-content-sha256"] = std::string(64, '0');
        });
        changed("phone changed", [](auto& r) { r.query["PhoneNumbers"] = "19900000009"; });
        changed("parameter added", [](auto& r) { r.query["SmsUpExtendCode"] = "1"; });
        changed("time changed", [](auto& r) { r.headers["x-acs-date"] = utcTime(-60); });
        changed("nonce changed", [](auto& r) { r.headers["x-acs-signature-nonce"] += "x"; });
        changed("action changed", [](auto& r) { r.headers["x-acs-action"] = "QuerySendDetails"; });
        changed("body added", [](auto& r) { r.body = "x"; });
        return rows;
    }

    std::vector<Row> messageRows() const
    {
        std::vector<Row> rows;
        const auto bad = [&](const char* name, const char* code, const Parameters& changed) {
            rows.push_back({name, 200, std::string("isv.") + code, message(changed)});
        };
        const auto phone = [&](const char* name, const char* code, const char* number) {
            bad(name, code, {{"PhoneNumbers", number}});
        };
        const auto text = [&](const char* name, const char* code, const char* given) {
            bad(name, code, {{"TemplateParam", given}});
        };
        std::string many;
        for (int i = 0; i < 1001; ++i) {
            many += (many.empty() ? "" : ",") + std::to_string(19900001000 + i);
        }
        phone("no phone", "INVALID_PARAMETERS", "");
        phone("phone too short", "MOBILE_NUMBER_ILLEGAL", "1990000000");
        phone("land line", "MOBILE_NUMBER_ILLEGAL", "02100000000");
        phone("phone of letters", "MOBILE_NUMBER_ILLEGAL", "1990000000x");
        phone("one of two is none", "MOBILE_NUMBER_ILLEGAL", "19900000002,1");
        phone("another country", "DOMESTIC_NUMBER_NOT_SUPPORTED", "0085260000000");
        phone("too many", "MOBILE_COUNT_OVER_LIMIT", many.c_str());
        phone("blocked", "BLACK_KEY_CONTROL_LIMIT", "19900000403");
        phone("twice within a minute", "BUSINESS_LIMIT_CONTROL", kPhone);
        bad("no signature", "INVALID_PARAMETERS", {{"SignName", ""}});
        bad("signature of nobody", "SMS_SIGNATURE_ILLEGAL", {{"SignName", "别人"}});
        bad("signature not approved", "SIGN_STATE_ILLEGAL", {{"SignName", "待审签名"}});
        bad("template of nobody", "SMS_TEMPLATE_ILLEGAL", {{"TemplateCode", "SMS_1"}});
        bad("template not approved", "SMS_TEMPLATE_ILLEGAL", {{"TemplateCode", "SMS_100000009"}});
        bad("notice under a signature for codes",
            "SMS_SIGNATURE_SCENE_ILLEGAL",
            {{"SignName", "模拟验证码"}, {"TemplateCode", "SMS_100000003"}});
        text("no parameters", "TEMPLATE_MISSING_PARAMETERS", "");
        text("parameter of another name", "TEMPLATE_MISSING_PARAMETERS", R"({"pin":"1"})");
        text("no JSON", "INVALID_JSON_PARAM", "code=1");
        text("a list", "INVALID_JSON_PARAM", "[]");
        text("an object within", "INVALID_JSON_PARAM", R"({"code":{}})");
        text(
            "too long", "PARAM_LENGTH_LIMIT", R"({"code":"123456789012345678901234567890123456"})");
        text("a link", "PARAM_NOT_SUPPORT_URL", R"({"code":"https://example.com"})");
        text("an address", "PARAM_NOT_SUPPORT_URL", R"({"code":"10.0.0.1"})");
        text("a banned word", "SMS_CONTENT_ILLEGAL", R"({"code":"模拟违禁词"})");
        bad("OutId too long", "INVALID_PARAMETERS", {{"OutId", std::string(256, 'x')}});
        bad("extension of letters", "EXTEND_CODE_ERROR", {{"SmsUpExtendCode", "x"}});
        return rows;
    }

    std::vector<Row> accountRows() const
    {
        std::vector<Row> rows;
        std::size_t index = 0;
        for (const char* code : {"isv.ACCOUNT_ABNORMAL",
                                 "isv.OUT_OF_SERVICE",
                                 "isv.PRODUCT_UN_SUBSCRIPT",
                                 "isp.RAM_PERMISSION_DENY",
                                 "isv.AMOUNT_NOT_ENOUGH",
                                 "isv.DAY_LIMIT_CONTROL"}) {
            const AliyunMerchant other(simulator_, ++index);
            rows.push_back(
                {code, 200, code, other.request("SendSms", other.message("A1", kFresh))});
        }
        return rows;
    }

    std::vector<Row> queryRows() const
    {
        std::vector<Row> rows;
        const auto bad = [&](const char* name, const char* code, const Parameters& changed) {
            Parameters query{{"PhoneNumber", kPhone},
                             {"SendDate", beijingDay()},
                             {"PageSize", "50"},
                             {"CurrentPage", "1"}};
            for (const auto& [key, value] : changed) {
                query[key] = value;
            }
            rows.push_back({name, 200, code, merchant_.request("QuerySendDetails", query)});
        };
        bad("phone that is none", "isv.MOBILE_NUMBER_ILLEGAL", {{"PhoneNumber", "1"}});
        bad("no day", "isv.INVALID_PARAMETERS", {{"SendDate", ""}});
        bad("no such day", "isv.INVALID_PARAMETERS", {{"SendDate", "20260230"}});
        bad("long ago", "isv.INVALID_PARAMETERS", {{"SendDate", beijingDay(-40L * 86400)}});
        bad("page too large", "isv.INVALID_PARAMETERS", {{"PageSize", "51"}});
        bad("page of none", "isv.INVALID_PARAMETERS", {{"PageSize", "0"}});
        bad("page before the first", "isv.INVALID_PARAMETERS", {{"CurrentPage", "0"}});
        bad("page of letters", "isv.INVALID_PARAMETERS", {{"CurrentPage", "x"}});
        return rows;
    }

    Simulator simulator_;
    AliyunMerchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(AliyunRefusalsTest, "aliyun_refusals");

} // namespace simulator_test
