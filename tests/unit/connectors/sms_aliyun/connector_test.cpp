// Goal: the money rule: once a message may have left, only what the provider's documents call final
// is a refusal; before, nothing is ever unknown. And nothing that is said holds phone or code.
// Method: the shipped library at the desk, tables of answers and of requests.

#include "fixture.hpp"
#include "sms_aliyun/acs3.hpp"
#include "support/suite.hpp"

#include <algorithm>

namespace {

using namespace aliyun_test;
using hub::Answer;

std::string headerOf(const hub::HttpRequest& request, std::string_view name)
{
    for (const auto& [key, value] : request.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::string code(const std::string& word)
{
    return Json{{"RequestId", "R"}, {"Code", word}, {"Message", "to 19900000001: 739251"}}.dump();
}

void expectStatus(hub_status expected, const std::string& what, const Answer& answer)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what + ": " + answer.message, expected, answer.status);
}

class ConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectorTest);
    CPPUNIT_TEST(whatIsNotFinalIsUnknown);
    CPPUNIT_TEST(whatNeverLeftIsNotUnknown);
    CPPUNIT_TEST(requestsThatCannotBeSaidAreRefusedUnsent);
    CPPUNIT_TEST(addressesInVariablesAreRefusedUnsent);
    CPPUNIT_TEST(requestsAreSignedOverWhatLeaves);
    CPPUNIT_TEST(everyRequestHasItsOwnNonce);
    CPPUNIT_TEST(aQueryFollowsDaysAndPages);
    CPPUNIT_TEST(aListThatNeverEndsIsUnknown);
    CPPUNIT_TEST(nothingSaidHoldsPhoneOrCode);
    CPPUNIT_TEST(whatIsNoReportIsRefused);
    CPPUNIT_TEST(badConfigurationIsRefusedBySentence);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsNotFinalIsUnknown()
    {
        struct Row {
            const char* name;
            std::uint32_t status;
            std::string body;
        };
        const Row rows[] = {
            {"system error", 200, code("isp.SYSTEM_ERROR")},
            {"undocumented code", 200, code("isv.SOMETHING_NEW")},
            {"undocumented code of the gate", 400, code("Something.New")},
            {"nonce used", 400, code("SignatureNonceUsed")},
            {"unavailable", 503, code("ServiceUnavailable")},
            {"a refusal with status 500", 500, code("isv.MOBILE_NUMBER_ILLEGAL")},
            {"throttled with status 503", 503, code("Throttling")},
            {"OK with status 400", 400, code("OK")},
            {"in another case", 200, code("ok")},
            {"no code", 200, R"({"Message":"OK","BizId":"1"})"},
            {"a numeric code", 200, R"({"Code":0})"},
            {"no object", 200, "[]"},
            {"garbage", 200, "\x01{{"},
            {"nothing", 200, ""},
            {"redirect", 302, code("OK")},
            {"proxy", 502, "<html></html>"},
        };
        for (const Row& row : rows) {
            for (const char* operation : {"send", "query"}) {
                Bench bench;
                bench.answer(row.status, row.body);
                expectStatus(HUB_OUTCOME_UNKNOWN,
                             std::string(operation) + ": " + row.name,
                             bench.ask(operation,
                                       std::string_view(operation) == "send" ? sendRequest()
                                                                             : queryRequest()));
                CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.requests.size());
            }
        }
        for (const hub_status failure : {HUB_OUTCOME_UNKNOWN, HUB_INTERNAL, HUB_REJECTED}) {
            Bench cut;
            cut.fail(failure);
            expectStatus(HUB_OUTCOME_UNKNOWN, "cut", cut.ask("send", sendRequest()));
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, cut.requests.size());
        }
    }

    void whatNeverLeftIsNotUnknown()
    {
        Bench unsent;
        unsent.fail(HUB_UNAVAILABLE);
        expectStatus(HUB_UNAVAILABLE, "unsent", unsent.ask("send", sendRequest()));
        Bench keyless;
        keyless.removeKey("access_key_secret");
        for (const auto& [operation, request] :
             {std::pair{"send", sendRequest()}, {"query", queryRequest()}}) {
            expectStatus(HUB_INTERNAL, "no key", keyless.ask(operation, request));
        }
        CPPUNIT_ASSERT(keyless.requests.empty());
    }

    void requestsThatCannotBeSaidAreRefusedUnsent()
    {
        struct Row {
            const char* name;
            Json patch;
            hub_status status;
            const char* reason;
            bool is_retriable;
        };
        const Row rows[] = {
            {"number too short", {{"number", "123"}}, HUB_BAD_REQUEST, "", false},
            {"number with a dash", {{"number", "0198-0000000000000"}}, HUB_BAD_REQUEST, "", false},
            {"another country", {{"phone", "+85260000000"}}, HUB_REJECTED, "phone_invalid", false},
            {"too many digits",
             {{"phone", "+86199000000011"}},
             HUB_REJECTED,
             "phone_invalid",
             false},
            {"a land line", {{"phone", "+8602100000000"}}, HUB_REJECTED, "phone_invalid", false},
            {"no such template", {{"template", "none"}}, HUB_REJECTED, "configuration", true},
            {"not in this language",
             {{"template", "event.reminder"}, {"language", "en"}},
             HUB_REJECTED,
             "configuration",
             true},
            {"a variable more",
             {{"variables", {{"more", "1"}}}},
             HUB_REJECTED,
             "configuration",
             true},
            {"a variable less",
             {{"variables", {{"code", nullptr}}}},
             HUB_REJECTED,
             "configuration",
             true},
            {"no variables", {{"variables", nullptr}}, HUB_BAD_REQUEST, "", false},
        };
        for (const Row& row : rows) {
            Bench bench;
            const Answer answer = bench.ask("send", sendRequest(row.patch));
            expectStatus(row.status, row.name, answer);
            CPPUNIT_ASSERT_MESSAGE(row.name, bench.requests.empty());
            if (row.status == HUB_REJECTED) {
                const Json refusal = Json::parse(answer.payload).at("refusal");
                CPPUNIT_ASSERT_EQUAL(std::string(row.reason), refusal["reason"].get<std::string>());
                CPPUNIT_ASSERT_EQUAL(row.is_retriable, refusal["retriable"].get<bool>());
            }
        }
    }

    void addressesInVariablesAreRefusedUnsent()
    {
        const char* addresses[] = {"https://example.com/x",
                                   "HTTP://EXAMPLE",
                                   "see www.example",
                                   "example.com",
                                   "a.example.CN!",
                                   "at 10.0.0.1 now",
                                   "192.168.100.200"};
        const char* texts[] = {
            "739251", "10:40", "2026.11.21", "Hall 3.1", "v1.2.3", "A.B.", "1.2.3.4000", "1..2"};
        for (const char* text : addresses) {
            Bench bench;
            const Answer answer = bench.ask("send", sendRequest({{"variables", {{"code", text}}}}));
            expectStatus(HUB_REJECTED, text, answer);
            CPPUNIT_ASSERT_EQUAL(
                std::string("content"),
                Json::parse(answer.payload)["refusal"]["reason"].get<std::string>());
            CPPUNIT_ASSERT(bench.requests.empty());
        }
        for (const char* text : texts) {
            Bench bench;
            bench.answer(200, code("OK"));
            expectStatus(
                HUB_OK, text, bench.ask("send", sendRequest({{"variables", {{"code", text}}}})));
        }
    }

    void requestsAreSignedOverWhatLeaves()
    {
        Bench bench;
        bench.answer(200, code("OK"));
        bench.ask("send", sendRequest());
        const hub::HttpRequest& sent = bench.requests.at(0);
        const std::string names =
            "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
        // By hand, from what left: the query is canonical as it stands.
        std::string canonical = "POST\n/\n" + sent.url.substr(sent.url.find('?') + 1) +
                                "\nhost:dysmsapi.aliyuncs.com\n";
        for (const char* name : {"x-acs-action",
                                 "x-acs-content-sha256",
                                 "x-acs-date",
                                 "x-acs-signature-nonce",
                                 "x-acs-version"}) {
            canonical += std::string(name) + ":" + headerOf(sent, name) + "\n";
        }
        canonical += "\n" + names + "\n" + aliyun::sha256("");
        const auto mac = hub::security::hmacBytes(
            "hmac_sha256", kSecret, "ACS3-HMAC-SHA256\n" + aliyun::sha256(canonical));
        CPPUNIT_ASSERT_EQUAL("ACS3-HMAC-SHA256 Credential=LTAISIMULATED0000000001,SignedHeaders=" +
                                 names + ",Signature=" + aliyun::toHex(mac.value()),
                             headerOf(sent, "Authorization"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-21T02:40:00Z"), headerOf(sent, "x-acs-date"));
        CPPUNIT_ASSERT_EQUAL(std::string("SendSms"), headerOf(sent, "x-acs-action"));
        CPPUNIT_ASSERT_EQUAL(std::string("2017-05-25"), headerOf(sent, "x-acs-version"));
    }

    void everyRequestHasItsOwnNonce()
    {
        Bench bench;
        for (int i = 0; i < 2; ++i) {
            bench.answer(200, code("OK"));
            bench.ask("send", sendRequest());
        }
        const std::string first = headerOf(bench.requests.at(0), "x-acs-signature-nonce");
        const std::string second = headerOf(bench.requests.at(1), "x-acs-signature-nonce");
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, first.size());
        CPPUNIT_ASSERT(first != second);
    }

    void aQueryFollowsDaysAndPages()
    {
        Bench bench;
        bench.now_ms = kCreatedMs + 14 * 3600'000;                         // 00:40 of the next day
        const Json created{{"created_at_ms", kCreatedMs + 13 * 3600'000}}; // 23:40
        bench.answer(200, page({}, 51));
        bench.answer(200, page({record("none", 3)}, 51));
        bench.answer(200, page({record(kNumber, 3)}, 1));
        const Answer answer = bench.ask("query", queryRequest(created));
        expectStatus(HUB_OUTCOME_UNKNOWN, "the first page is empty, but not all", [&] {
            Bench short_one;
            short_one.answer(200, R"({"Code":"OK"})");
            return short_one.ask("query", queryRequest());
        }());
        expectStatus(HUB_OK, "found", answer);
        CPPUNIT_ASSERT_EQUAL(std::string("delivered"),
                             Json::parse(answer.payload)["state"].get<std::string>());
        const auto asked = [&](std::size_t at, const char* what) {
            CPPUNIT_ASSERT_MESSAGE(bench.requests.at(at).url,
                                   bench.requests.at(at).url.find(what) != std::string::npos);
        };
        asked(0, "SendDate=20261121");
        asked(0, "CurrentPage=1");
        asked(1, "SendDate=20261122");
        asked(1, "CurrentPage=1");
        asked(2, "SendDate=20261122");
        asked(2, "CurrentPage=2");
    }

    void aListThatNeverEndsIsUnknown()
    {
        Bench bench;
        for (int i = 0; i < 20; ++i) {
            bench.answer(200, page({record("none", 3)}, 100000));
        }
        expectStatus(HUB_OUTCOME_UNKNOWN, "endless", bench.ask("query", queryRequest()));
        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, bench.requests.size());
    }

    void nothingSaidHoldsPhoneOrCode()
    {
        const std::pair<std::uint32_t, std::string> answers[] = {
            {200, code("OK")},
            {200, code("isv.MOBILE_NUMBER_ILLEGAL")},
            {200, code("19900000001")},
            {200, code("739251")},
            {400, code("SignatureDoesNotMatch")},
            {500, "19900000001 739251"},
            {200, "19900000001 739251"},
        };
        for (const auto& [status, body] : answers) {
            Bench bench;
            bench.answer(status, body);
            const Answer answer = bench.ask("send", sendRequest());
            for (const char* secret : {"9900000001", "739251"}) {
                CPPUNIT_ASSERT_MESSAGE(answer.message,
                                       answer.message.find(secret) == std::string::npos &&
                                           answer.payload.find(secret) == std::string::npos);
            }
        }
    }

    void whatIsNoReportIsRefused()
    {
        const std::string good =
            R"({"phone_number":"19900000001","success":true,"out_id":"01980000000070008000000000000001"})";
        const std::string bodies[] = {"",
                                      "{",
                                      "null",
                                      "7",
                                      good,
                                      "[7]",
                                      "[" + good + ",{}]",
                                      "[" + good,
                                      R"([{"phone_number":"19900000001","out_id":"x"}])",
                                      R"([{"phone_number":"1990000000","success":true}])",
                                      R"([{"phone_number":19900000001,"success":true}])",
                                      R"([{"phone_number":"19900000001","success":"true"}])",
                                      "[{\"phone_number\":\"\xff\",\"success\":true}]"};
        Bench bench;
        for (const std::string& body : bodies) {
            const Answer answer = bench.push(body);
            expectStatus(HUB_REJECTED, body, answer);
            CPPUNIT_ASSERT(Json::parse(answer.payload).contains("nack"));
        }
        expectStatus(HUB_REJECTED, "GET", bench.push("[" + good + "]", "GET"));
        expectStatus(HUB_OK, "the like", bench.push("[" + good + "]"));
        CPPUNIT_ASSERT(bench.requests.empty());
    }

    void badConfigurationIsRefusedBySentence()
    {
        const std::pair<Json, const char*> rows[] = {
            {{{"access_key_id", nullptr}}, "access_key_id"},
            {{{"sign_name", "【模拟展会】"}}, "sign_name"},
            {{{"sign_name", ""}}, "sign_name"},
            {{{"templates", nullptr}}, "templates"},
            {{{"templates", 7}}, "templates"},
            {{{"endpoint_url", "http://dysmsapi.aliyuncs.com"}}, "endpoint_url"},
            {{{"endpoint_url", "https://dysmsapi.aliyuncs.com/path"}}, "endpoint_url"},
            {{{"http_timeout_ms", 10}}, "http_timeout_ms"},
            {{{"delivery_reasons", {{"X", 1}}}}, "delivery_reasons"},
        };
        for (const auto& [patch, key] : rows) {
            try {
                const Bench bench(patch);
                CPPUNIT_FAIL(std::string(key) + " was taken");
            } catch (const std::runtime_error& refusal) {
                const std::string said = refusal.what();
                CPPUNIT_ASSERT_MESSAGE(said, said.find(key) != std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(said, said.find(kAccount) != std::string::npos);
            }
        }
    }

private:
    static Json record(const std::string& number, int status)
    {
        return {{"PhoneNum", "19900000001"}, {"SendStatus", status}, {"OutId", number}};
    }

    static std::string page(const std::vector<Json>& records, int total)
    {
        return Json{{"Code", "OK"},
                    {"TotalCount", total},
                    {"SmsSendDetailDTOs", {{"SmsSendDetailDTO", records}}}}
            .dump();
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ConnectorTest, "connector");
