// Goal: a cookie opens what its session's scopes open and nothing else; nothing that changes
// something passes without the proof that our own page asked. Method: real sockets, sessions in a
// real store, a recording backend.

#include "fixture.hpp"
#include "gateway/session_door.hpp"
#include "observe/metrics.hpp"
#include "store/database.hpp"

#include <Poco/TemporaryFile.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace {

using namespace hub::gateway::testing; // NOLINT: the shared names of these tests
using hub::base::Json;
using hub::gateway::originOf;
using hub::gateway::readCookie;
using hub::gateway::Refusal;
using hub::gateway::Reply;
using hub::gateway::Request;
using hub::gateway::Route;
using hub::security::Sessions;

const std::string kUnknown(64, 'a');

struct CsrfRow {
    std::string name;
    std::string fields; // $ stands for the right token
    int status;
    std::string code; // empty: it reaches the backend
};

std::ostream& operator<<(std::ostream& out, const CsrfRow& row)
{
    return out << row.name;
}

std::vector<CsrfRow> csrfRows()
{
    const std::string right = "X-CSRF-Token: $\r\n";
    const std::string own = "Origin: https://hub.example.org\r\n";
    return {
        {"the token alone", right, 201, ""},
        {"from our own page", right + own + "Sec-Fetch-Site: same-origin\r\n", 201, ""},
        {"typed by the person", right + "Sec-Fetch-Site: none\r\n", 201, ""},
        {"no token", own, 403, "csrf_token_missing"},
        {"empty token", "X-CSRF-Token:\r\n", 403, "csrf_token_missing"},
        {"made up", "X-CSRF-Token: " + kUnknown + "\r\n", 403, "csrf_token_wrong"},
        {"longer", "X-CSRF-Token: $0\r\n", 403, "csrf_token_wrong"},
        {"two tokens", right + right, 400, "malformed_request"},
        {"another site", right + "Origin: https://evil.example\r\n", 403, "cross_site_request"},
        {"begins like ours",
         right + "Origin: https://hub.example.org.evil.example\r\n",
         403,
         "cross_site_request"},
        {"our host in the clear",
         right + "Origin: http://hub.example.org\r\n",
         403,
         "cross_site_request"},
        {"our host on another port",
         right + "Origin: https://hub.example.org:8443\r\n",
         403,
         "cross_site_request"},
        {"nowhere", right + "Origin: null\r\n", 403, "cross_site_request"},
        {"a sister site", right + own + "Sec-Fetch-Site: same-site\r\n", 403, "cross_site_request"},
        {"a foreign site", right + "Sec-Fetch-Site: cross-site\r\n", 403, "cross_site_request"},
    };
}

/// A form can't send X-CSRF-Token.
std::vector<CsrfRow> formRows()
{
    const std::string own = "Origin: https://hub.example.org\r\n";
    return {
        {"as browsers send it", own + "Sec-Fetch-Site: same-origin\r\n", 303, ""},
        {"of an older browser", own, 303, ""},
        {"nobody says from where", "", 403, ""},
        {"typed by the person", "Sec-Fetch-Site: none\r\n", 403, ""},
        {"a foreign site", "Sec-Fetch-Site: cross-site\r\n", 403, ""},
        {"a sister site", own + "Sec-Fetch-Site: same-site\r\n", 403, ""},
        {"another origin", "Origin: https://evil.example\r\n", 403, ""},
        {"nowhere", "Origin: null\r\n", 403, ""},
    };
}

class SessionDoorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionDoorTest);
    CPPUNIT_TEST_PARAMETERIZED(asksForTheProofOfOurOwnPage, csrfRows());
    CPPUNIT_TEST(readsWithoutProof);
    CPPUNIT_TEST(handsThePersonToTheBackend);
    CPPUNIT_TEST(asksForTheScope);
    CPPUNIT_TEST(refusesCookiesOfNoSession);
    CPPUNIT_TEST(refusesTwoCredentials);
    CPPUNIT_TEST(refusesTwoCookies);
    CPPUNIT_TEST(letsEverybodyUseAPublicRoute);
    CPPUNIT_TEST(noForeignPageUsesAPublicRoute);
    CPPUNIT_TEST_PARAMETERIZED(takesTheFormsOfOurOwnPages, formRows());
    CPPUNIT_TEST(aPublicPageKnowsNoSession);
    CPPUNIT_TEST(givesTheCookieWithTheAnswer);
    CPPUNIT_TEST(takesTheCookieBack);
    CPPUNIT_TEST(tellsWhoIsLoggedIn);
    CPPUNIT_TEST(logsOut);
    CPPUNIT_TEST(usesAPlainCookieInADemoOnly);
    CPPUNIT_TEST(describesSessionsInOpenApi);
    CPPUNIT_TEST(readsCookiesStrictly);
    CPPUNIT_TEST(knowsOrigins);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        hub_ = std::make_unique<Fixture>();
        hub::store::Settings store;
        store.folder = folder_.path();
        database_ = hub::store::Database::open(store, hub_->clock);
        sessions_ = std::make_unique<Sessions>(hub_->clock, std::string(32, 'k'), 20);
        hub_->sessions = sessions_.get();
        Route login = hub_->backend.routes_.front();
        login.operation = "login.create";
        login.path = "/login";
        login.scope = "public";
        login.idempotent = false;
        hub_->backend.routes_.push_back(login);
        for (const auto& [path, scope] :
             {std::pair{"/desk", "things:write"}, {"/open", "public"}}) {
            Route form = login;
            form.operation = std::string("form") + scope;
            form.path = path;
            form.scope = scope;
            form.page = true;
            hub_->backend.routes_.push_back(form);
        }
        token_ = grant(R"(["things:write","things:read"])");
    }
    void tearDown() override
    {
        hub_.reset();
        sessions_.reset();
        database_.reset();
    }

    void asksForTheProofOfOurOwnPage(const CsrfRow& row)
    {
        hub_->start();
        std::string fields = row.fields;
        for (std::size_t at = 0; (at = fields.find('$')) != std::string::npos;) {
            fields.replace(at, 1, sessions_->csrfToken(token_));
        }

        const Answer answer = hub_->exchange(postThing(cookie(token_) + fields));

        CPPUNIT_ASSERT_EQUAL(row.status, answer.status);
        CPPUNIT_ASSERT_EQUAL(row.code.empty(), hub_->backend.count() == 1);
        if (!row.code.empty()) {
            CPPUNIT_ASSERT_EQUAL(row.code, answer.json()["code"].get<std::string>());
        }
    }

    void takesTheFormsOfOurOwnPages(const CsrfRow& row)
    {
        hub_->backend.on_write = [](const Request&) {
            return Reply{HUB_OK, {{"location", "/desk"}}, {}, false};
        };
        hub_->start();

        const Answer answer = hub_->exchange(postForm("/desk", cookie(token_) + row.fields));

        CPPUNIT_ASSERT_EQUAL(row.status, answer.status);
        CPPUNIT_ASSERT_EQUAL(row.status == 303, hub_->backend.count() == 1);
        if (row.status == 303) {
            CPPUNIT_ASSERT(hub_->backend.last().session == sessions_->find(token_));
        }
    }

    /// Else a payer who is logged in could not pay.
    void aPublicPageKnowsNoSession()
    {
        hub_->backend.on_write = [](const Request&) {
            return Reply{HUB_OK, {{"location", "/open"}}, {}, false};
        };
        hub_->start();

        CPPUNIT_ASSERT_EQUAL(303, hub_->exchange(postForm("/open", cookie(token_))).status);
        CPPUNIT_ASSERT(hub_->backend.last().session == nullptr);
        CPPUNIT_ASSERT_EQUAL(std::string("anonymous"), hub_->backend.last().principal);
        CPPUNIT_ASSERT_EQUAL(
            403,
            hub_->exchange(postForm("/open", cookie(token_) + "Sec-Fetch-Site: cross-site\r\n"))
                .status);
    }

    void readsWithoutProof()
    {
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(200, get("/things/1", cookie(token_)).status);
        // A link on another site may lead here: it reads what the person may read.
        CPPUNIT_ASSERT_EQUAL(
            200, get("/things/1", cookie(token_) + "Sec-Fetch-Site: cross-site\r\n").status);
    }

    void handsThePersonToTheBackend()
    {
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(201, hub_->exchange(postThing(cookie(token_) + csrf(token_))).status);
        const Request request = hub_->backend.last();
        CPPUNIT_ASSERT_EQUAL(std::string("person:p1"), request.principal);
        CPPUNIT_ASSERT(request.session == sessions_->find(token_));
        CPPUNIT_ASSERT(request.keyless);
        hub_->exchange(post("/api/v1/things", R"({"name":"x"})"));
        CPPUNIT_ASSERT(hub_->backend.last().session == nullptr);
        CPPUNIT_ASSERT(!hub_->backend.last().keyless);
    }

    void asksForTheScope()
    {
        hub_->start();
        for (const char* scopes :
             {R"(["things:read"])", R"(["*"])", "[]", R"(["things:writer"])"}) {
            const std::string other = grant(scopes);
            const Answer answer = hub_->exchange(postThing(cookie(other) + csrf(other)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(scopes, 403, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"),
                                 answer.json()["code"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::string("things:write"),
                                 answer.json()["parameters"]["scope"].get<std::string>());
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->backend.count());
    }

    void refusesCookiesOfNoSession()
    {
        hub_->start();
        const std::string before = hub::observe::metricsText();
        for (const std::string& token : {kUnknown, std::string("x"), std::string()}) {
            const Answer answer = get("/things/1", cookie(token));
            CPPUNIT_ASSERT_EQUAL(401, answer.status);
            CPPUNIT_ASSERT_EQUAL(token.empty() ? std::string("unauthenticated")
                                               : std::string("session_missing"),
                                 answer.json()["code"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::string(), answer.header("set-cookie"));
        }
        CPPUNIT_ASSERT(before != hub::observe::metricsText());
        CPPUNIT_ASSERT(hub::observe::metricsText().find("hub_session_cookies_refused_total") !=
                       std::string::npos);
    }

    void refusesTwoCredentials()
    {
        hub_->start();
        for (const std::string& token : {token_, kUnknown}) {
            const Answer answer = get("/things/1", cookie(token) + "X-Api-Key: all\r\n");
            CPPUNIT_ASSERT_EQUAL(400, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::string("credentials_ambiguous"),
                                 answer.json()["code"].get<std::string>());
        }
        // Cookies of others are no credentials of ours.
        CPPUNIT_ASSERT_EQUAL(200,
                             get("/things/1", "Cookie: theme=dark\r\nX-Api-Key: all\r\n").status);
    }

    void refusesTwoCookies()
    {
        hub_->start();
        const std::string one = "__Host-expohub=" + token_;
        CPPUNIT_ASSERT_EQUAL(400, get("/things/1", "Cookie: " + one + "; " + one + "\r\n").status);
        CPPUNIT_ASSERT_EQUAL(400, get("/things/1", cookie(token_) + cookie(token_)).status);
        CPPUNIT_ASSERT_EQUAL(
            200, get("/things/1", "Cookie: a=b; " + one + "; __Host-expohub2=x\r\n").status);
    }

    void letsEverybodyUseAPublicRoute()
    {
        hub_->start();
        for (const std::string& fields : {std::string(), cookie(kUnknown)}) {
            CPPUNIT_ASSERT_EQUAL(201, login(fields).status);
            CPPUNIT_ASSERT_EQUAL(std::string("anonymous"), hub_->backend.last().principal);
            CPPUNIT_ASSERT(hub_->backend.last().keyless);
            CPPUNIT_ASSERT(hub_->backend.last().session == nullptr);
        }
        CPPUNIT_ASSERT_EQUAL(201, login("X-Api-Key: reader\r\n").status);
        CPPUNIT_ASSERT_EQUAL(std::string("key:k1"), hub_->backend.last().principal);
        CPPUNIT_ASSERT_EQUAL(401, login("X-Api-Key: wrong\r\n").status);
        CPPUNIT_ASSERT_EQUAL(201, login(cookie(token_) + csrf(token_)).status);
        CPPUNIT_ASSERT_EQUAL(std::string("person:p1"), hub_->backend.last().principal);
    }

    void noForeignPageUsesAPublicRoute()
    {
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(403, login("Origin: https://evil.example\r\n").status);
        CPPUNIT_ASSERT_EQUAL(403, login("Sec-Fetch-Site: cross-site\r\n").status);
        CPPUNIT_ASSERT_EQUAL(403, login(cookie(token_)).status); // logged in: with the token only
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->backend.count());
    }

    void givesTheCookieWithTheAnswer()
    {
        hub_->backend.on_write = [](const Request&) {
            Reply reply{HUB_OK, {{"status", 200}}, {}, false};
            reply.session_token = kUnknown;
            reply.session_ended = true; // replaced
            return reply;
        };
        hub_->start();
        CPPUNIT_ASSERT_EQUAL("__Host-expohub=" + kUnknown +
                                 "; Secure; HttpOnly; SameSite=Lax; Path=/",
                             login("").header("set-cookie"));
    }

    void takesTheCookieBack()
    {
        hub_->backend.on_write = [](const Request&) {
            Reply reply{HUB_OK, {{"status", 200}}, {}, false};
            reply.session_ended = true;
            return reply;
        };
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(
            std::string("__Host-expohub=; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"),
            login("").header("set-cookie"));
    }

    void tellsWhoIsLoggedIn()
    {
        hub_->start();
        const Answer answer = get("/session", cookie(token_));
        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), answer.header("cache-control"));
        const Json body = answer.json();
        const auto session = sessions_->find(token_);
        CPPUNIT_ASSERT_EQUAL(session->id, body["id"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("p1"), body["subject"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, body["scopes"].size());
        CPPUNIT_ASSERT_EQUAL(sessions_->csrfToken(token_), body["csrf_token"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{24}, body["expires_at"].get<std::string>().size());
        for (const std::string& fields : {std::string(), cookie(kUnknown)}) {
            CPPUNIT_ASSERT_EQUAL(401, get("/session", fields).status);
            CPPUNIT_ASSERT_EQUAL(std::string("session_missing"),
                                 get("/session", fields).json()["code"].get<std::string>());
        }
        CPPUNIT_ASSERT_EQUAL(401, get("/session", "X-Api-Key: all\r\n").status);
        CPPUNIT_ASSERT_EQUAL(405, hub_->exchange(send("PUT", "/session", cookie(token_))).status);
    }

    void logsOut()
    {
        std::string ended;
        hub_->backend.on_end = [&ended](const std::string& id) {
            ended = id;
        };
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(403,
                             hub_->exchange(send("DELETE", "/session", cookie(token_))).status);
        CPPUNIT_ASSERT_EQUAL(std::string(), ended);
        const Answer answer =
            hub_->exchange(send("DELETE", "/session", cookie(token_) + csrf(token_)));
        CPPUNIT_ASSERT_EQUAL(204, answer.status);
        CPPUNIT_ASSERT(answer.header("set-cookie").find("Max-Age=0") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(sessions_->find(token_)->id, ended);
    }

    void usesAPlainCookieInADemoOnly()
    {
        const std::string plain = "Cookie: expohub=" + token_ + "\r\n";
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(401, get("/things/1", plain).status);

        hub_->gateway.reset();
        hub_->settings.plain_cookie = true;
        hub_->backend.on_write = [](const Request&) {
            Reply reply{HUB_OK, {{"status", 200}}, {}, false};
            reply.session_token = kUnknown;
            return reply;
        };
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(200, get("/things/1", plain).status);
        CPPUNIT_ASSERT_EQUAL(401, get("/things/1", cookie(token_)).status);
        CPPUNIT_ASSERT_EQUAL("expohub=" + kUnknown + "; HttpOnly; SameSite=Lax; Path=/",
                             login("").header("set-cookie"));
        CPPUNIT_ASSERT_EQUAL(200, login("Origin: http://x\r\n").status); // the Host of the request
        CPPUNIT_ASSERT_EQUAL(403, login("Origin: http://y\r\n").status);
    }

    void describesSessionsInOpenApi()
    {
        hub_->start();
        const Json api = hub_->exchange(request("GET", "/api/openapi.json")).json();
        const Json& schemes = api["components"]["securitySchemes"];
        CPPUNIT_ASSERT_EQUAL(std::string("cookie"), schemes["session"]["in"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("__Host-expohub"),
                             schemes["session"]["name"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("X-CSRF-Token"),
                             schemes["csrf"]["name"].get<std::string>());
        const auto ways = [&](const char* path, const char* method) {
            return api["paths"][path][method]["security"];
        };
        const Json proven = Json::parse(R"({"session":[],"csrf":[]})");
        CPPUNIT_ASSERT(ways("/things", "post")[2] == proven);
        CPPUNIT_ASSERT(ways("/things/{id}", "get")[2] == Json::parse(R"({"session":[]})"));
        CPPUNIT_ASSERT(ways("/login", "post")[3] == Json::object());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, ways("/things", "post").size());
        CPPUNIT_ASSERT(ways("/session", "delete") == Json::array({proven}));
        CPPUNIT_ASSERT(api["paths"]["/session"]["get"]["responses"]["200"].contains("content"));
    }

    void readsCookiesStrictly()
    {
        const auto value = [](const std::string& field) -> std::string {
            const auto read = readCookie(field, "n");
            if (std::holds_alternative<Refusal>(read)) {
                return "refused";
            }
            const auto text = std::get<0>(read);
            return text ? "=" + std::string(*text) : "none";
        };
        CPPUNIT_ASSERT_EQUAL(std::string("none"), value(""));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), value(";;; ;"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), value("n"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), value("N=1; nn=2; xn=3; =n=4"));
        CPPUNIT_ASSERT_EQUAL(std::string("="), value("n="));
        CPPUNIT_ASSERT_EQUAL(std::string("=1=2"), value("a=b;n=1=2;c"));
        CPPUNIT_ASSERT_EQUAL(std::string("=\"1\""), value("n=\"1\""));
        CPPUNIT_ASSERT_EQUAL(std::string("refused"), value("n=1; n=1"));
        CPPUNIT_ASSERT_EQUAL(std::string("refused"), value("n=; x=y; \tn=2"));
    }

    void knowsOrigins()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("https://a.example"), originOf("HTTPS://A.example:443/x"));
        CPPUNIT_ASSERT_EQUAL(std::string("http://a.example"), originOf("http://a.example:80"));
        CPPUNIT_ASSERT_EQUAL(std::string("https://a.example:80"), originOf("https://a.example:80"));
        CPPUNIT_ASSERT_EQUAL(std::string(), originOf("a.example"));
        CPPUNIT_ASSERT_EQUAL(std::string(), originOf("javascript#://a.example"));
        CPPUNIT_ASSERT_EQUAL(std::string(), originOf("https://"));
    }

private:
    std::string grant(const std::string& scopes)
    {
        std::vector<std::function<void()>> actions;
        hub::security::SessionChange change{
            database_->writer(), hub_->clock.nowMs(), [&](auto action) {
                actions.push_back(action);
            }};
        const auto granted = sessions_->grant(
            change, {"sample", "p1", scopes, "", hub_->clock.nowMs() + 3'600'000, 0, ""});
        CPPUNIT_ASSERT(granted.ok());
        for (const auto& action : actions) {
            action();
        }
        return granted.value().token;
    }
    static std::string cookie(const std::string& token)
    {
        return token.empty() ? "Cookie: a=b\r\n" : "Cookie: __Host-expohub=" + token + "\r\n";
    }
    std::string csrf(const std::string& token) const
    {
        return "X-CSRF-Token: " + sessions_->csrfToken(token) + "\r\n";
    }
    static std::string send(const std::string& method,
                            const std::string& path,
                            const std::string& fields,
                            const std::string& body = "")
    {
        return method + " /api/v1" + path + " HTTP/1.1\r\nHost: x\r\n" + fields +
               (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") +
               "\r\n" + body;
    }
    static std::string postThing(const std::string& fields)
    {
        return send("POST",
                    "/things",
                    "Content-Type: application/json\r\nIdempotency-Key: k\r\n" + fields,
                    R"({"name":"a"})");
    }
    static std::string postForm(const std::string& path, const std::string& fields)
    {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + fields +
               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\n"
               "name=a";
    }
    Answer get(const std::string& path, const std::string& fields)
    {
        return hub_->exchange(send("GET", path, fields));
    }
    Answer login(const std::string& fields)
    {
        return hub_->exchange(send(
            "POST", "/login", "Content-Type: application/json\r\n" + fields, R"({"name":"a"})"));
    }

    Poco::TemporaryFile folder_;
    std::unique_ptr<hub::store::Database> database_;
    std::unique_ptr<Sessions> sessions_;
    std::unique_ptr<Fixture> hub_;
    std::string token_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(SessionDoorTest, "session_door");
