// Goal: the gateway's own addresses say what they should, the API's description is sound, and
// the access log holds no secret. Method: real sockets; the description is walked.

#include "fixture.hpp"
#include "gateway/problems.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <stdlib.h>

namespace {

using namespace hub::gateway::testing; // NOLINT: the shared names of these tests
using hub::base::Json;

class GatewayTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GatewayTest);
    CPPUNIT_TEST(tellsHealthAndReadiness);
    CPPUNIT_TEST(showsMetrics);
    CPPUNIT_TEST(explainsEachProblem);
    CPPUNIT_TEST(describesTheApi);
    CPPUNIT_TEST(resolvesEveryReferenceOfTheDescription);
    CPPUNIT_TEST(hidesTheDocumentsWhenTold);
    CPPUNIT_TEST(answers404And405Elsewhere);
    CPPUNIT_TEST(logsNoSecretAndNoQuery);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { hub_ = std::make_unique<Fixture>(); }
    void tearDown() override { hub_.reset(); }

    void tellsHealthAndReadiness()
    {
        hub_->start();
        const Answer health = hub_->exchange(request("GET", "/healthz"));
        const Answer ready = hub_->exchange(request("GET", "/readyz"));
        hub_->backend.ready = false;
        const Answer not_ready = hub_->exchange(request("GET", "/readyz"));

        CPPUNIT_ASSERT_EQUAL(std::string("ok\n"), health.body);
        CPPUNIT_ASSERT_EQUAL(200, ready.status);
        CPPUNIT_ASSERT_EQUAL(503, not_ready.status);
        CPPUNIT_ASSERT_EQUAL(std::string("gone"),
                             not_ready.json()["detail"]["store"].get<std::string>());
    }

    void showsMetrics()
    {
        hub_->start();
        hub_->exchange(request("GET", "/api/v1/things/private"));

        const Answer answer = hub_->exchange(request("GET", "/metrics"));

        CPPUNIT_ASSERT_EQUAL(std::string("text/plain; version=0.0.4; charset=utf-8"),
                             answer.header("content-type"));
        CPPUNIT_ASSERT(answer.body.find(
                           "hub_http_requests_total{route=\"GET /things/{id}\",status=\"200\"}") !=
                       std::string::npos);
        CPPUNIT_ASSERT(answer.body.find("private") == std::string::npos);
    }

    void explainsEachProblem()
    {
        hub_->start();
        std::set<std::string_view> codes;
        for (const auto& text : hub::gateway::problemCatalogue()) {
            CPPUNIT_ASSERT(codes.insert(text.code).second);
            for (const char* language : {"en", "zh"}) {
                const Answer page =
                    hub_->exchange(request("GET",
                                           "/problems/" + std::string(text.code),
                                           std::string("Accept-Language: ") + language + "\r\n"));

                CPPUNIT_ASSERT_EQUAL(200, page.status);
                const auto remedy = language == std::string("zh") ? text.remedy_zh : text.remedy_en;
                CPPUNIT_ASSERT(!remedy.empty() && page.body.find(remedy) != std::string::npos);
            }
        }
        CPPUNIT_ASSERT_EQUAL(404, hub_->exchange(request("GET", "/problems/nothing")).status);
    }

    void describesTheApi()
    {
        hub_->start();

        const Json api = hub_->exchange(request("GET", "/api/openapi.json")).json();

        CPPUNIT_ASSERT_EQUAL(std::string("3.1.0"), api["openapi"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(Json::array({Json{{"url", "https://hub.example.org/api/v1"}}}),
                             api["servers"]);
        CPPUNIT_ASSERT(api["info"]["title"].is_string() && api["info"]["version"].is_string());
        std::set<std::string> ids;
        for (const auto& [path, item] : api["paths"].items()) {
            CPPUNIT_ASSERT_EQUAL('/', path[0]);
            for (const auto& [method, operation] : item.items()) {
                CPPUNIT_ASSERT((std::set<std::string>{"get", "post", "delete"}.count(method) == 1));
                checkOperation(path, operation);
                CPPUNIT_ASSERT(ids.insert(operation["operationId"].get<std::string>()).second);
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, ids.size()); // two are the hub's own
        const Json& create = api["paths"]["/things"]["post"];
        CPPUNIT_ASSERT(create["security"] ==
                       Json::parse(R"([{"bearer":[]},{"api_key":[]},{"session":[],"csrf":[]}])"));
        CPPUNIT_ASSERT_EQUAL(std::string("string"),
                             create["requestBody"]["content"]["application/json"]["schema"]
                                   ["properties"]["name"]["type"]
                                       .get<std::string>());
        CPPUNIT_ASSERT(
            contains(create["parameters"], {{"$ref", "#/components/parameters/IdempotencyKey"}}));
        CPPUNIT_ASSERT(!contains(api["paths"]["/things/{id}"]["delete"]["parameters"],
                                 {{"$ref", "#/components/parameters/IdempotencyKey"}}));
        CPPUNIT_ASSERT(api["paths"]["/things/{id}"]["get"]["deprecated"].get<bool>());
    }

    void resolvesEveryReferenceOfTheDescription()
    {
        hub_->start();

        const Json api = hub_->exchange(request("GET", "/api/openapi.json")).json();

        int references = 0;
        const std::function<void(const Json&)> walk = [&](const Json& node) {
            if (node.is_object() && node.contains("$ref")) {
                const auto target = node["$ref"].get<std::string>();
                CPPUNIT_ASSERT_MESSAGE(
                    target, target[0] == '#' && api.contains(Json::json_pointer(target.substr(1))));
                ++references;
            }
            for (const Json& child : node.is_structured() ? node : Json::array()) {
                walk(child);
            }
        };
        walk(api);
        CPPUNIT_ASSERT(references > 10);
    }

    void hidesTheDocumentsWhenTold()
    {
        hub_->settings.docs = false;
        hub_->start();

        CPPUNIT_ASSERT_EQUAL(404, hub_->exchange(request("GET", "/api/openapi.json")).status);
        CPPUNIT_ASSERT_EQUAL(404, hub_->exchange(request("GET", "/api/asyncapi.json")).status);
        CPPUNIT_ASSERT_EQUAL(404, hub_->exchange(request("GET", "/problems/not_found")).status);
    }

    void answers404And405Elsewhere()
    {
        hub_->start();
        const Answer wrong = hub_->exchange(request("DELETE", "/healthz"));

        CPPUNIT_ASSERT_EQUAL(405, wrong.status);
        CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD"), wrong.header("allow"));
        for (const std::string path :
             {"/", "/api", "/api/v1", "/api/v2/things", "/healthz/", "//healthz"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, 404, hub_->exchange(request("GET", path)).status);
        }
        CPPUNIT_ASSERT_EQUAL(
            200,
            hub_->exchange("GET http://evil.example/healthz HTTP/1.1\r\nHost: x\r\n\r\n").status);
    }

    void logsNoSecretAndNoQuery()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "hub-log-XXXXXX").string();
        const std::filesystem::path folder = ::mkdtemp(pattern.data());
        hub::observe::LogSettings settings;
        settings.file = folder / "hub.log";
        settings.console = false;
        hub_->start();
        hub::observe::startLogging(settings);

        hub_->exchange(request("GET", "/api/v1/things/CANARY?limit=CANARY"));
        hub_->exchange(request("GET", "/callback/demo/acc/CANARY?x=CANARY", "X: CANARY\r\n"));
        hub_->exchange(request("GET", "/callback/demo/acc/CANARY/x"));
        hub_->exchange(request("GET", "/nowhere?phone=CANARY", "Authorization: Bearer CANARY\r\n"));
        hub_->exchange(request("GET", "/a/13900001234/ehk_k1_CANARY"));
        hub_->exchange("GET /CANARY\x01 HTTP/1.1\r\nCANARY\r\n\r\n");

        settings.file.clear();
        hub::observe::startLogging(settings);
        std::stringstream log;
        log << std::ifstream(folder / "hub.log").rdbuf();
        std::filesystem::remove_all(folder);
        CPPUNIT_ASSERT_MESSAGE(log.str(), log.str().find("CANARY") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log.str(), log.str().find("13900001234") == std::string::npos);
        CPPUNIT_ASSERT(log.str().find("GET /things/{id}") != std::string::npos);
    }

private:
    static bool contains(const Json& list, const Json& wanted)
    {
        return std::find(list.begin(), list.end(), wanted) != list.end();
    }

    static void checkOperation(const std::string& path, const Json& operation)
    {
        std::set<std::string> in_path;
        for (const Json& parameter : operation["parameters"]) {
            if (parameter.value("in", "") == "path") {
                in_path.insert("{" + parameter["name"].get<std::string>() + "}");
                CPPUNIT_ASSERT(parameter["required"].get<bool>());
            }
        }
        for (const std::string& name : in_path) {
            CPPUNIT_ASSERT(path.find(name) != std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(static_cast<std::ptrdiff_t>(in_path.size()),
                             std::count(path.begin(), path.end(), '{'));
        CPPUNIT_ASSERT(!operation["security"].empty());
        for (const auto& [status, response] : operation["responses"].items()) {
            CPPUNIT_ASSERT(status == "default" || status.size() == 3);
            CPPUNIT_ASSERT(response.contains("description") || response.contains("$ref"));
        }
        CPPUNIT_ASSERT(operation["responses"].contains("200") ||
                       operation["responses"].contains("204"));
    }

    std::unique_ptr<Fixture> hub_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GatewayTest, "gateway");
