// Goal: each request under /api/v1 is either refused with the problem that says why, or reaches
// the backend exactly as sdk/ABI.md describes it. Method: real sockets, a recording backend.

#include "base/encoding.hpp"
#include "fixture.hpp"

#include <thread>

namespace {

using namespace hub::gateway::testing; // NOLINT: the shared names of these tests
using hub::base::Json;
using hub::gateway::Reply;
using hub::gateway::Wait;

const std::string kJson = "Content-Type: application/json\r\nIdempotency-Key: k\r\n";

class ApiTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ApiTest);
    CPPUNIT_TEST(handsARequestToTheBackend);
    CPPUNIT_TEST(refusesWhatIsNotWellFormed);
    CPPUNIT_TEST(namesAllViolationsOfTheSchema);
    CPPUNIT_TEST(asksForAKeyWithTheScope);
    CPPUNIT_TEST(answersInTheClientsLanguage);
    CPPUNIT_TEST(mapsRepliesToAnswers);
    CPPUNIT_TEST(passesOnTheProblemOfAPlugin);
    CPPUNIT_TEST(speaksThePluginsWordsInTheClientsLanguage);
    CPPUNIT_TEST(answers304ToAKnownRevision);
    CPPUNIT_TEST(waitsForTheOutcomeAndReads);
    CPPUNIT_TEST(answersAtTheTimeOutWithWhatIsKnown);
    CPPUNIT_TEST(answersAtOnceWhenTooManyWait);
    CPPUNIT_TEST(doesNotReadForAKeyThatMayNot);
    CPPUNIT_TEST(marksAReplayedAnswer);
    CPPUNIT_TEST(carriesTheTraceOfTheClient);
    CPPUNIT_TEST(announcesTheEndOfARoute);
    CPPUNIT_TEST(answers503WhenTheBackendThrows);
    CPPUNIT_TEST(sendsNoFieldThatAPluginForges);
    CPPUNIT_TEST(takesNewRoutesWhileItRuns);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { hub_ = std::make_unique<Fixture>(); }
    void tearDown() override { hub_.reset(); }

    void handsARequestToTheBackend()
    {
        hub_->start();
        const std::string body = R"({"name":"发票"})";

        const Answer answer = hub_->exchange(post("/api/v1/things", body));

        CPPUNIT_ASSERT_EQUAL(201, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("application/json"), answer.header("content-type"));
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), answer.header("cache-control"));
        CPPUNIT_ASSERT_EQUAL(std::string("nosniff"), answer.header("x-content-type-options"));
        const auto request = hub_->backend.last();
        CPPUNIT_ASSERT_EQUAL(std::string("thing.create"), request.route->operation);
        CPPUNIT_ASSERT_EQUAL(std::string("key:k1"), request.principal);
        CPPUNIT_ASSERT_EQUAL(std::string("key-1"), request.idempotency_key);
        CPPUNIT_ASSERT_EQUAL(hub::base::sha256Hex(body), request.body_digest);
        CPPUNIT_ASSERT_EQUAL(std::string("7"), request.edition);
        CPPUNIT_ASSERT_EQUAL(answer.header("trace-id"), request.trace);
        CPPUNIT_ASSERT(request.deadline_ms > hub_->clock.nowMs());
        CPPUNIT_ASSERT_EQUAL(Json({{"path", Json::object()},
                                   {"query", Json::object()},
                                   {"body", {{"name", "发票"}}},
                                   {"client_ip", "127.0.0.1"}}),
                             hub::base::parseJson(request.payload).value());

        hub_->exchange(post("/api/v1/things", body, "Edition: past-4\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("past-4"), hub_->backend.last().edition);
        CPPUNIT_ASSERT_EQUAL(std::string("past-4 key-1"), hub_->backend.last().idempotency_key);

        hub_->exchange(::request("GET", "/api/v1/things/a%2Fb%20c?limit=50"));

        CPPUNIT_ASSERT_EQUAL(Json({{"path", {{"id", "a/b c"}}},
                                   {"query", {{"limit", "50"}}},
                                   {"client_ip", "127.0.0.1"}}),
                             hub::base::parseJson(hub_->backend.last().payload).value());
    }

    void refusesWhatIsNotWellFormed()
    {
        hub_->start();
        struct Row {
            std::string name;
            std::string bytes;
            int status;
            std::string code;
            std::string pointer; // "-": none
        };
        const std::string things = "/api/v1/things";
        const std::vector<Row> rows = {
            {"unknown path", request("GET", "/api/v1/nothing"), 404, "not_found", "-"},
            {"empty parameter", request("GET", things + "/"), 404, "not_found", "-"},
            {"broken escape", request("GET", things + "/%zz"), 404, "not_found", "-"},
            {"control in path", request("GET", things + "/%00"), 404, "not_found", "-"},
            {"wrong method", request("PUT", things + "/1"), 405, "method_not_allowed", "-"},
            {"no media type",
             request("POST", things, "Idempotency-Key: k\r\n", "{}"),
             415,
             "media_type_unsupported",
             "-"},
            {"form",
             request("POST",
                     things,
                     "Idempotency-Key: k\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                     "a=1"),
             415,
             "media_type_unsupported",
             "-"},
            {"no idempotency key",
             request("POST", things, "Content-Type: application/json\r\n", "{}"),
             400,
             "idempotency_key_required",
             "-"},
            {"long idempotency key",
             request("POST",
                     things,
                     "Content-Type: application/json\r\nIdempotency-Key: " + std::string(256, 'k') +
                         "\r\n",
                     "{}"),
             400,
             "idempotency_key_required",
             "-"},
            {"empty body", request("POST", things, kJson), 400, "invalid_json", ""},
            {"half JSON", request("POST", things, kJson, R"({"name":)"), 400, "invalid_json", ""},
            {"two documents", request("POST", things, kJson, "{} {}"), 400, "invalid_json", ""},
            {"name twice",
             request("POST", things, kJson, R"({"name":"a","name":"b"})"),
             400,
             "invalid_json",
             ""},
            {"broken UTF-8",
             request("POST", things, kJson, "{\"name\":\"\xff\"}"),
             400,
             "invalid_json",
             ""},
            {"wrong type",
             request("POST", things, kJson, R"({"name":1})"),
             400,
             "invalid_body",
             "/name"},
            {"unasked body",
             request("DELETE", things + "/1", kJson, "{}"),
             400,
             "invalid_body",
             "-"},
            {"wrong query", request("GET", things + "/1?limit=x"), 400, "invalid_query", "/limit"},
            {"unknown query", request("GET", things + "/1?x=1"), 400, "invalid_query", "/x"},
            {"query twice",
             request("GET", things + "/1?limit=1&limit=2"),
             400,
             "invalid_query",
             ""},
            {"broken query", request("GET", things + "/1?limit=%f"), 400, "invalid_query", ""},
            {"wrong edition",
             request("GET", things + "/1", "Edition: Seventh!\r\n"),
             400,
             "invalid_edition",
             "-"}};
        for (const Row& row : rows) {
            const Answer answer = hub_->exchange(row.bytes);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name + answer.body, row.status, answer.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, std::string("application/problem+json"), answer.header("content-type"));
            const Json problem = answer.json();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.code, problem["code"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, "/problems/" + row.code, problem["type"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.status, problem["status"].get<int>());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, answer.header("trace-id"), problem["trace_id"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.pointer, problem.value("pointer", "-"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD, DELETE"),
                             hub_->exchange(request("PUT", things + "/1")).header("allow"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->backend.count());
    }

    void namesAllViolationsOfTheSchema()
    {
        hub_->start();

        const Json problem =
            hub_->exchange(post("/api/v1/things", R"({"name":1,"other":2})")).json();

        std::set<std::string> pointers;
        for (const Json& violation : problem["violations"]) {
            pointers.insert(violation["pointer"].get<std::string>());
        }
        CPPUNIT_ASSERT_MESSAGE(problem.dump(),
                               pointers.count("/name") == 1 && pointers.count("/other") == 1);
    }

    void asksForAKeyWithTheScope()
    {
        hub_->start();
        const auto get = [](const std::string& fields) {
            return "GET /api/v1/things/1 HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
        };

        const Answer none = hub_->exchange(get(""));
        const Answer wrong = hub_->exchange(get("Authorization: Bearer nobody\r\n"));
        const Answer other = hub_->exchange(get("Authorization: Basic YWxsOg==\r\n"));
        const Answer scope = hub_->exchange(get("Authorization: Bearer writer\r\n"));
        const Answer good = hub_->exchange(get("authorization: bearer reader\r\n"));

        CPPUNIT_ASSERT_EQUAL(401, none.status);
        CPPUNIT_ASSERT_EQUAL(std::string("Bearer realm=\"hub\""), none.header("www-authenticate"));
        CPPUNIT_ASSERT_EQUAL(401, wrong.status);
        CPPUNIT_ASSERT(wrong.header("www-authenticate").find("invalid_token") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(401, other.status);
        CPPUNIT_ASSERT_EQUAL(403, scope.status);
        CPPUNIT_ASSERT_EQUAL(std::string("things:read"),
                             scope.json()["parameters"]["scope"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(200, good.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hub_->backend.count());
    }

    void answersInTheClientsLanguage()
    {
        hub_->start();
        struct Row {
            std::string accept;
            std::string language;
        };
        for (const Row& row : std::vector<Row>{{"zh-CN,zh;q=0.9,en;q=0.8", "zh"},
                                               {"en,zh;q=0.9", "en"},
                                               {"en;q=0.5, zh;q=0.75", "zh"},
                                               {"fr", "en"},
                                               {"zh;q=0", "en"},
                                               {"", "en"}}) {
            const Answer answer = hub_->exchange(
                request("GET", "/nowhere", "Accept-Language: " + row.accept + "\r\n"));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.accept, row.language, answer.header("content-language"));
            CPPUNIT_ASSERT_EQUAL(row.language == "zh"
                                     ? std::string("该地址不存在")
                                     : std::string("There is nothing at this address"),
                                 answer.json()["title"].get<std::string>());
        }
    }

    void mapsRepliesToAnswers()
    {
        hub_->start();
        struct Row {
            std::string name;
            hub_status status;
            Json answer;
            int expected;
            std::string code;
        };
        const std::vector<Row> rows = {
            {"bad request", HUB_BAD_REQUEST, nullptr, 400, "invalid_body"},
            {"not found", HUB_NOT_FOUND, nullptr, 404, "not_found"},
            {"rejected", HUB_REJECTED, nullptr, 409, "conflict"},
            {"forbidden", HUB_UNAUTHENTICATED, nullptr, 403, "forbidden"},
            {"throttled", HUB_THROTTLED, nullptr, 429, "throttled"},
            {"unavailable", HUB_UNAVAILABLE, nullptr, 503, "unavailable"},
            {"internal", HUB_INTERNAL, nullptr, 500, "internal"},
            {"unknown status", 4711, nullptr, 500, "internal"},
            {"success without an answer", HUB_OK, nullptr, 500, "internal"},
            {"success with a wrong status", HUB_OK, {{"status", 302}}, 500, "internal"},
            {"done before", HUB_ALREADY_DONE, {{"body", 1}}, 200, ""},
            {"no content", HUB_OK, {{"status", 204}}, 204, ""}};
        for (const Row& row : rows) {
            hub_->backend.on_write = [&row](const hub::gateway::Request&) {
                return Reply{row.status, row.answer, {}, false};
            };

            const Answer answer = hub_->exchange(post("/api/v1/things", R"({"name":"a"})"));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.expected, answer.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name,
                                         row.expected == 503 || row.expected == 429,
                                         !answer.header("retry-after").empty());
            if (!row.code.empty()) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    row.name, row.code, answer.json()["code"].get<std::string>());
            }
        }
    }

    void passesOnTheProblemOfAPlugin()
    {
        hub_->backend.on_write = [](const hub::gateway::Request&) {
            return Reply{HUB_REJECTED,
                         {{"status", 422},
                          {"problem",
                           {{"code", "too_many"},
                            {"pointer", "/name"},
                            {"detail", "at most \"7\""},
                            {"parameters", {{"limit", 7}}}}}},
                         {},
                         false};
        };
        hub_->start();

        const Answer answer =
            hub_->exchange(post("/api/v1/things", R"({"name":"a"})", "Accept-Language: zh\r\n"));

        const Json problem = answer.json();
        CPPUNIT_ASSERT_EQUAL(422, answer.status);
        CPPUNIT_ASSERT_EQUAL(Json({{"type", "/problems/too_many"},
                                   {"title", "请求违反业务规则"},
                                   {"status", 422},
                                   {"detail", "at most \"7\""},
                                   {"code", "too_many"},
                                   {"pointer", "/name"},
                                   {"parameters", {{"limit", 7}}},
                                   {"instance", "/api/v1/things"},
                                   {"trace_id", answer.header("trace-id")}}),
                             problem);
    }

    void speaksThePluginsWordsInTheClientsLanguage()
    {
        hub_->backend.on_write = [](const hub::gateway::Request&) {
            return Reply{HUB_THROTTLED,
                         Json::parse(R"({"status": 429, "problem": {
                             "code": "too_many", "retry_after_s": 60,
                             "detail": {"en": "Wait.", "zh": "请稍候。"},
                             "violations": [
                                 {"pointer": "/phone", "message": {"en": "Often.", "zh": "过于频繁。"}},
                                 {"pointer": "/code", "message": "Plain."},
                                 {"pointer": "/mail", "message": {"en": "English only."}}]}})"),
                         {},
                         false};
        };
        hub_->start();
        const auto asked = [this](const char* language) {
            return hub_->exchange(post("/api/v1/things",
                                       R"({"name":"a"})",
                                       std::string("Accept-Language: ") + language + "\r\n"));
        };

        const Answer zh = asked("zh-CN");
        CPPUNIT_ASSERT_EQUAL(std::string("60"), zh.header("retry-after"));
        CPPUNIT_ASSERT_EQUAL(std::string("请稍候。"), zh.json()["detail"].get<std::string>());
        const Json violations = zh.json()["violations"];
        CPPUNIT_ASSERT_EQUAL(std::string("过于频繁。"),
                             violations[0]["message"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("Plain."), violations[1]["message"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("English only."),
                             violations[2]["message"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("Wait."), asked("en").json()["detail"].get<std::string>());
    }

    void answers304ToAKnownRevision()
    {
        hub_->start();
        struct Row {
            std::string if_none_match;
            int status;
        };
        for (const Row& row : std::vector<Row>{{"\"3\"", 304},
                                               {"W/\"3\"", 304},
                                               {"\"1\", \"3\"", 304},
                                               {"*", 304},
                                               {"\"2\"", 200},
                                               {"3", 200},
                                               {"\"3", 200}}) {
            const Answer answer = hub_->exchange(
                request("GET", "/api/v1/things/1", "If-None-Match: " + row.if_none_match + "\r\n"));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.if_none_match, row.status, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::string("\"3\""), answer.header("etag"));
            CPPUNIT_ASSERT_EQUAL(row.status == 304, answer.body.empty());
        }
    }

    void waitsForTheOutcomeAndReads()
    {
        givenAWait();
        hub_->start();
        Client client = hub_->connect();

        client.send(
            post("/api/v1/things", R"({"name":"a"})", "Prefer: respond-async, wait=20\r\n"));
        CPPUNIT_ASSERT(hub_->backend.awaitWaiter());
        hub_->backend.endCall(17);
        const Answer answer = client.receive();

        CPPUNIT_ASSERT_EQUAL(201, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("open"), answer.json()["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("wait=20"), answer.header("preference-applied"));
        CPPUNIT_ASSERT_EQUAL(std::string("/api/v1/things/1"), answer.header("location"));
        CPPUNIT_ASSERT_EQUAL(std::string("\"3\""), answer.header("etag"));
        CPPUNIT_ASSERT_EQUAL(std::string("thing.get"), hub_->backend.last().route->operation);
        CPPUNIT_ASSERT_EQUAL(std::string(), hub_->backend.last().idempotency_key);
    }

    void answersAtTheTimeOutWithWhatIsKnown()
    {
        givenAWait();
        hub_->start();

        const Answer answer =
            hub_->exchange(post("/api/v1/things", R"({"name":"a"})", "Prefer: wait=1\r\n"));
        const Answer at_once =
            hub_->exchange(post("/api/v1/things", R"({"name":"a"})", "Prefer: wait=x\r\n"));

        CPPUNIT_ASSERT_EQUAL(std::string("open"), answer.json()["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("creating"), at_once.json()["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string(), at_once.header("preference-applied"));
    }

    void answersAtOnceWhenTooManyWait()
    {
        givenAWait();
        hub_->settings.api.waiters_max = 1;
        hub_->start();
        Client waiting = hub_->connect();
        const std::string bytes = post("/api/v1/things", R"({"name":"a"})", "Prefer: wait=20\r\n");
        waiting.send(bytes);
        CPPUNIT_ASSERT(hub_->backend.awaitWaiter());

        const Answer second = hub_->exchange(bytes);
        hub_->backend.endCall(17);
        const Answer first = waiting.receive();

        CPPUNIT_ASSERT_EQUAL(std::string("creating"), second.json()["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string(), second.header("preference-applied"));
        CPPUNIT_ASSERT_EQUAL(std::string("open"), first.json()["state"].get<std::string>());
    }

    void doesNotReadForAKeyThatMayNot()
    {
        givenAWait();
        hub_->start();

        const Answer answer = hub_->exchange(
            "POST /api/v1/things HTTP/1.1\r\nHost: x\r\nX-Api-Key: writer\r\nPrefer: wait=20\r\n" +
            kJson + "Content-Length: 12\r\n\r\n{\"name\":\"a\"}");

        CPPUNIT_ASSERT_EQUAL(std::string("creating"), answer.json()["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hub_->backend.count());
    }

    void marksAReplayedAnswer()
    {
        hub_->backend.on_write = [](const hub::gateway::Request&) {
            return Reply{HUB_OK, {{"status", 201}, {"body", 1}}, {}, true};
        };
        hub_->start();

        const Answer answer = hub_->exchange(post("/api/v1/things", R"({"name":"a"})"));

        CPPUNIT_ASSERT_EQUAL(std::string("true"), answer.header("idempotency-replayed"));
    }

    void carriesTheTraceOfTheClient()
    {
        hub_->start();
        const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        const Answer own = hub_->exchange(request(
            "GET", "/api/v1/things/1", "traceparent: 00-" + trace + "-00f067aa0ba902b7-01\r\n"));
        const Answer made =
            hub_->exchange(request("GET", "/api/v1/things/1", "traceparent: nonsense\r\n"));

        CPPUNIT_ASSERT_EQUAL(trace, own.header("trace-id"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, made.header("trace-id").size());
        CPPUNIT_ASSERT_EQUAL(made.header("trace-id"), hub_->backend.last().trace);
    }

    void announcesTheEndOfARoute()
    {
        hub_->start();

        const Answer answer = hub_->exchange(request("GET", "/api/v1/things/1"));

        CPPUNIT_ASSERT_EQUAL(std::string("@1767225600"), answer.header("deprecation"));
        CPPUNIT_ASSERT_EQUAL(std::string("Fri, 01 Jan 2027 00:00:00 GMT"), answer.header("sunset"));
        CPPUNIT_ASSERT_EQUAL(std::string("<https://example.org/changes>; rel=\"deprecation\""),
                             answer.header("link"));
    }

    void answers503WhenTheBackendThrows()
    {
        hub_->backend.on_write = [](const hub::gateway::Request&) -> Reply {
            throw hub::base::Failure(HUB_UNAVAILABLE, "the store is gone: SECRET");
        };
        hub_->backend.on_read = [](const hub::gateway::Request&) -> Reply {
            throw std::runtime_error("SECRET");
        };
        hub_->start();

        const Answer gone = hub_->exchange(post("/api/v1/things", R"({"name":"a"})"));
        const Answer broken = hub_->exchange(request("GET", "/api/v1/things/1"));

        CPPUNIT_ASSERT_EQUAL(503, gone.status);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), gone.header("retry-after"));
        CPPUNIT_ASSERT_EQUAL(500, broken.status);
        CPPUNIT_ASSERT((gone.body + broken.body).find("SECRET") == std::string::npos);
    }

    void sendsNoFieldThatAPluginForges()
    {
        hub_->backend.on_write = [](const hub::gateway::Request&) {
            return Reply{HUB_OK,
                         {{"status", 201},
                          {"body", "\xff"},
                          {"location", "/a\r\nSet-Cookie: x=y"},
                          {"etag", "\"1\"\r\nX: y"}},
                         {},
                         false};
        };
        hub_->start();

        const Answer split = hub_->exchange(post("/api/v1/things", R"({"name":"a"})"));
        hub_->backend.on_write = [](const hub::gateway::Request&) {
            return Reply{HUB_OK, {{"location", "//evil.example/"}}, {}, false};
        };
        const Answer away = hub_->exchange(post("/api/v1/things", R"({"name":"a"})"));

        CPPUNIT_ASSERT_EQUAL(201, split.status);
        CPPUNIT_ASSERT_EQUAL(std::string(), split.header("set-cookie"));
        CPPUNIT_ASSERT_EQUAL(std::string(), split.header("location"));
        CPPUNIT_ASSERT_EQUAL(std::string(), split.header("etag"));
        CPPUNIT_ASSERT_EQUAL(std::string(), away.header("location"));
    }

    void takesNewRoutesWhileItRuns()
    {
        hub_->start();
        hub_->backend.routes_.pop_back();

        hub_->gateway->reloadRoutes();

        CPPUNIT_ASSERT_EQUAL(405, hub_->exchange(request("DELETE", "/api/v1/things/1")).status);
        hub_->backend.routes_.push_back(hub_->backend.routes_.back());
        CPPUNIT_ASSERT_THROW(hub_->gateway->reloadRoutes(), hub::base::Failure);
        CPPUNIT_ASSERT_EQUAL(200, hub_->exchange(request("GET", "/api/v1/things/1")).status);
    }

private:
    void givenAWait()
    {
        hub_->backend.on_write = [](const hub::gateway::Request&) {
            return Reply{HUB_OK,
                         {{"status", 201},
                          {"body", {{"state", "creating"}}},
                          {"location", "/api/v1/things/1"},
                          {"etag", "\"1\""}},
                         Wait{17, "thing.get", {{"id", "1"}}},
                         false};
        };
    }

    std::unique_ptr<Fixture> hub_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ApiTest, "api");
