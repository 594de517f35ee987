// Goal: a person's browser gets pages and their files, with a policy that keeps foreign scripts
// out, and refusals in words. Method: real sockets; a plugin of two pages and a style sheet.

#include "fixture.hpp"

namespace {

using namespace hub::gateway::testing; // NOLINT: the shared names of these tests
using namespace hub::gateway;          // NOLINT
using hub::base::Json;

Route page(const std::string& operation, const std::string& method, Route::Mode mode)
{
    Route route;
    route.library = "sample";
    route.operation = operation;
    route.method = method;
    route.path = "/desk/{id}";
    route.mode = mode;
    route.scope = "public";
    route.page = true;
    route.title = {{"en", operation}, {"zh", "样例"}};
    route.query = {{"code", {{"type", "string"}}}};
    return route;
}

/// As a browser without a session or key asks.
std::string ask(const std::string& method,
                const std::string& target,
                const std::string& fields = "",
                const std::string& body = "")
{
    return method + " " + target + " HTTP/1.1\r\nHost: hub.example.org\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string kForm = "Content-Type: application/x-www-form-urlencoded\r\n";

class PagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PagesTest);
    CPPUNIT_TEST(showsWhatThePluginRenders);
    CPPUNIT_TEST(tellsThePluginWhoLooks);
    CPPUNIT_TEST(takesAFormAndLeadsOn);
    CPPUNIT_TEST(takesLinesInAFormOnly);
    CPPUNIT_TEST(leadsToOtherSitesOverHttpsOnly);
    CPPUNIT_TEST(waitsForTheCallOfAForm);
    CPPUNIT_TEST(refusesInWords);
    CPPUNIT_TEST(refusesTheFormOfAnotherSite);
    CPPUNIT_TEST(servesFiles);
    CPPUNIT_TEST(keepsPagesOutOfTheApi);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        hub_ = std::make_unique<Fixture>();
        Route pay = page("desk.pay", "POST", Route::Mode::Unit);
        pay.request = {{"type", "object"},
                       {"additionalProperties", false},
                       {"required", Json::array({"wallet"})},
                       {"properties", {{"wallet", {{"type", "string"}, {"maxLength", 8}}}}}};
        hub_->backend.routes_.push_back(page("desk.show", "GET", Route::Mode::Read));
        hub_->backend.routes_.push_back(pay);
        hub_->backend.assets_ = {{"/static/sample/desk.css", "text/css; charset=utf-8", "p{}"}};
        hub_->backend.on_read = [this](const Request& request) {
            seen_ = Json::parse(request.payload);
            return Reply{HUB_OK, {{"body", "<p>好</p>"}}, {}, false};
        };
        hub_->backend.on_write = [this](const Request& request) {
            seen_ = Json::parse(request.payload);
            return Reply{HUB_OK, {{"location", to_}}, wait_, false};
        };
        hub_->start();
    }
    void tearDown() override { hub_.reset(); }

    void showsWhatThePluginRenders()
    {
        const Answer answer = hub_->exchange(ask("GET", "/desk/7"));

        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("<p>好</p>"), answer.body);
        CPPUNIT_ASSERT_EQUAL(std::string("text/html; charset=utf-8"),
                             answer.header("content-type"));
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), answer.header("cache-control"));
        CPPUNIT_ASSERT_EQUAL(std::string("strict-origin"), answer.header("referrer-policy"));
        const std::string policy = answer.header("content-security-policy");
        CPPUNIT_ASSERT(policy.find("default-src 'none'") != std::string::npos);
        CPPUNIT_ASSERT(policy.find("script-src 'self';") != std::string::npos);
        CPPUNIT_ASSERT(policy.find("unsafe") == std::string::npos);
    }

    void tellsThePluginWhoLooks()
    {
        hub_->exchange(ask("GET",
                           "/desk/7?code=a%20b",
                           "User-Agent: Wallet/1.0\r\nAccept-Language: zh-CN,en;q=0.5\r\n"));

        CPPUNIT_ASSERT_EQUAL(std::string("7"), seen_["path"]["id"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("a b"), seen_["query"]["code"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("Wallet/1.0"), seen_["user_agent"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("zh"), seen_["language"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), seen_["client_ip"].get<std::string>());
    }

    void takesAFormAndLeadsOn()
    {
        const Answer answer = hub_->exchange(ask("POST", "/desk/7", kForm, "wallet=a%2Bb"));

        CPPUNIT_ASSERT_EQUAL(303, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/desk/7"), answer.header("location"));
        CPPUNIT_ASSERT_EQUAL(std::string("a+b"), seen_["body"]["wallet"].get<std::string>());
    }

    void takesLinesInAFormOnly()
    {
        const Answer taken = hub_->exchange(ask("POST", "/desk/7", kForm, "wallet=a%0D%0Ab"));
        CPPUNIT_ASSERT_EQUAL(303, taken.status);
        CPPUNIT_ASSERT_EQUAL(std::string("a\r\nb"), seen_["body"]["wallet"].get<std::string>());
        for (const char* control : {"wallet=a%00", "wallet=a%1B", "wa%0Allet=a"}) {
            const Answer refused = hub_->exchange(ask("POST", "/desk/7", kForm, control));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(control, 400, refused.status);
        }
        CPPUNIT_ASSERT_EQUAL(400, hub_->exchange(ask("GET", "/desk/7?a=b%0A", "", "")).status);
    }

    void leadsToOtherSitesOverHttpsOnly()
    {
        to_ = "https://wallet.example.com/pay?x=1";
        const Answer answer = hub_->exchange(ask("POST", "/desk/7", kForm, "wallet=a"));
        CPPUNIT_ASSERT_EQUAL(to_, answer.header("location"));
        for (const char* bad : {"http://wallet.example.com/",
                                "//wallet.example.com/",
                                "javascript:alert(1)",
                                "/\\wallet.example.com",
                                "/\t/wallet.example.com",
                                "https://a.example.com/\"><b>"}) {
            to_ = bad;
            const Answer refused = hub_->exchange(ask("POST", "/desk/7", kForm, "wallet=a"));
            CPPUNIT_ASSERT_EQUAL(std::string(), refused.header("location"));
        }
    }

    void waitsForTheCallOfAForm()
    {
        wait_ = Wait{9, "desk.show", Json::object()};
        Client client = hub_->connect();
        client.send(ask("POST", "/desk/7", kForm, "wallet=a"));
        CPPUNIT_ASSERT(hub_->backend.awaitWaiter());
        hub_->backend.endCall(9);

        CPPUNIT_ASSERT_EQUAL(303, client.receive().status);
    }

    void refusesInWords()
    {
        const Answer wrong = hub_->exchange(
            ask("POST", "/desk/7", kForm + "Accept-Language: zh\r\n", "wallet=<b>&wallet=2"));
        CPPUNIT_ASSERT_EQUAL(400, wrong.status);
        CPPUNIT_ASSERT_EQUAL(std::string("text/html; charset=utf-8"), wrong.header("content-type"));
        CPPUNIT_ASSERT(wrong.body.find("请求体不符合约定的结构") != std::string::npos);

        const Answer long_name =
            hub_->exchange(ask("POST", "/desk/7", kForm, "wallet=<b>345678901"));
        CPPUNIT_ASSERT_EQUAL(400, long_name.status);
        CPPUNIT_ASSERT(long_name.body.find("<b>") == std::string::npos);

        const Answer json = hub_->exchange(
            ask("POST", "/desk/7", "Content-Type: application/json\r\n", "{\"wallet\":\"a\"}"));
        CPPUNIT_ASSERT_EQUAL(415, json.status);

        const Answer other = hub_->exchange(ask("DELETE", "/desk/7"));
        CPPUNIT_ASSERT_EQUAL(405, other.status);
        CPPUNIT_ASSERT_EQUAL(std::string("text/html; charset=utf-8"), other.header("content-type"));
    }

    void refusesTheFormOfAnotherSite()
    {
        const Answer answer = hub_->exchange(
            ask("POST", "/desk/7", kForm + "Sec-Fetch-Site: cross-site\r\n", "wallet=a"));

        CPPUNIT_ASSERT_EQUAL(403, answer.status);
        CPPUNIT_ASSERT(seen_.is_null());
    }

    void servesFiles()
    {
        const Answer answer = hub_->exchange(ask("GET", "/static/sample/desk.css"));
        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("p{}"), answer.body);
        CPPUNIT_ASSERT_EQUAL(std::string("text/css; charset=utf-8"), answer.header("content-type"));
        const std::string etag = answer.header("etag");
        CPPUNIT_ASSERT(!etag.empty());

        const Answer again = hub_->exchange(
            ask("GET", "/static/sample/desk.css", "If-None-Match: " + etag + "\r\n"));
        CPPUNIT_ASSERT_EQUAL(304, again.status);
        CPPUNIT_ASSERT_EQUAL(404, hub_->exchange(ask("GET", "/static/sample/../desk.css")).status);
        CPPUNIT_ASSERT_EQUAL(404, hub_->exchange(ask("GET", "/static/other/desk.css")).status);
    }

    void keepsPagesOutOfTheApi()
    {
        CPPUNIT_ASSERT_EQUAL(404, hub_->exchange(request("GET", "/api/v1/desk/7")).status);
        const Json api = hub_->exchange(request("GET", "/api/openapi.json")).json();
        CPPUNIT_ASSERT(!api["paths"].contains("/desk/{id}"));
    }

private:
    std::unique_ptr<Fixture> hub_;
    Json seen_;
    std::string to_ = "/desk/7";
    std::optional<Wait> wait_;
};

HUB_TEST_SUITE_REGISTRATION(PagesTest, "pages");

} // namespace
