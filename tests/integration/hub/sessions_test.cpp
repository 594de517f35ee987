// Goal: a person logs in, works and logs out over HTTPS; the session is there after the answer,
// whatever happens to the hub, and gone after its end. Method: the real hub with a plugin that logs
// in whoever says a name, a client that keeps cookies, restarts and kills.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <map>
#include <memory>
#include <string>

namespace hub::test {

namespace {

const std::string kCookie = "__Host-expohub=";

/// A browser's part: one cookie, one cross-site token.
class Browser {
public:
    explicit Browser(HubProcess& hub)
        : hub_(&hub)
    {}

    ApiAnswer send(const std::string& method,
                   const std::string& path,
                   const Json& body = {},
                   std::map<std::string, std::string> headers = {})
    {
        if (!cookie_.empty()) {
            headers.emplace("Cookie", kCookie + cookie_);
        }
        if (!body.is_null()) {
            headers.emplace("Content-Type", "application/json");
        }
        if (!csrf_.empty() && method != "GET") {
            headers.emplace("X-CSRF-Token", csrf_);
        }
        const ApiAnswer answer = hub_->requestSecurely(
            method, "/api/v1" + path, body.is_null() ? "" : body.dump(), headers);
        if (const auto set = answer.headers.find("Set-Cookie"); set != answer.headers.end()) {
            last_set_ = set->second;
            cookie_ = last_set_.substr(kCookie.size(), last_set_.find(';') - kCookie.size());
            csrf_.clear();
        }
        return answer;
    }

    ApiAnswer logIn(const Json& body) { return send("POST", "/login", body); }
    /// Reads the cross-site token, as a page does after it was loaded.
    ApiAnswer whoAmI()
    {
        const ApiAnswer answer = send("GET", "/session");
        csrf_ = answer.status == 200 ? answer.body.at("csrf_token").get<std::string>() : "";
        return answer;
    }

    const std::string& cookie() const { return cookie_; }
    const std::string& lastSet() const { return last_set_; }
    const std::string& csrf() const { return csrf_; }

private:
    HubProcess* hub_;
    std::string cookie_;
    std::string csrf_;
    std::string last_set_;
};

Json person(const std::string& subject)
{
    return {{"subject", subject},
            {"scopes", Json::array({"profile:read", "profile:write", "delegation:17"})}};
}

class SessionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionsTest);
    CPPUNIT_TEST(aPersonLogsInWorksAndLogsOut);
    CPPUNIT_TEST(whatIsForeignOrUnprovenIsRefused);
    CPPUNIT_TEST(aUnitThatFailsLogsNobodyIn);
    CPPUNIT_TEST(aLogInIsNotReplayed);
    CPPUNIT_TEST(sessionsEnd);
    CPPUNIT_TEST(operatorsSeeAndEndSessions);
    CPPUNIT_TEST(anAnsweredLogInSurvivesAnything);
    CPPUNIT_TEST(aRestoredStoreKnowsNobody);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<HubProcess> hub_;

    std::string codeOf(const ApiAnswer& answer) const { return answer.body.value("code", ""); }

public:
    void setUp() override
    {
        hub_ = std::make_unique<HubProcess>(
            HubOptions{{"gateway.sessions_per_subject_max = 3"}, {}, false});
        hub_->configure("hub_test_login", {{"library", "hub_test_login"}, {"enabled", true}});
        hub_->startSimulator();
        hub_->start();
    }
    void tearDown() override { hub_.reset(); }

    void aPersonLogsInWorksAndLogsOut()
    {
        Browser browser(*hub_);
        CPPUNIT_ASSERT_EQUAL(401, browser.whoAmI().status);
        CPPUNIT_ASSERT_EQUAL(401, browser.send("GET", "/profile").status);

        const ApiAnswer in = browser.logIn(person("p1"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(in.body.dump(), 200, in.status);
        CPPUNIT_ASSERT_EQUAL(kCookie + browser.cookie() +
                                 "; Secure; HttpOnly; SameSite=Lax; Path=/",
                             browser.lastSet());
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, browser.cookie().size());
        CPPUNIT_ASSERT(in.body.dump().find(browser.cookie()) == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("anonymous"), in.body.at("principal").get<std::string>());

        const ApiAnswer who = browser.whoAmI();
        CPPUNIT_ASSERT_EQUAL(in.body.at("id"), who.body.at("id"));
        const ApiAnswer profile = browser.send("GET", "/profile");
        CPPUNIT_ASSERT_EQUAL(200, profile.status);
        CPPUNIT_ASSERT_EQUAL(std::string("person:p1"),
                             profile.body.at("principal").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(in.body.at("id"), profile.body.at("session").at("id"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, profile.body.at("session").at("scopes").size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, profile.body.at("open").size());
        CPPUNIT_ASSERT_EQUAL(200, browser.send("POST", "/profile", Json::object()).status);

        // Who logs in again gets another session, and the first one ends.
        Browser before = browser;
        CPPUNIT_ASSERT_EQUAL(200, browser.logIn(person("p1")).status);
        CPPUNIT_ASSERT(before.cookie() != browser.cookie());
        CPPUNIT_ASSERT_EQUAL(401, before.send("GET", "/profile").status);

        CPPUNIT_ASSERT_EQUAL(200, browser.whoAmI().status);
        Browser thief = browser;
        CPPUNIT_ASSERT_EQUAL(204, browser.send("DELETE", "/session").status);
        CPPUNIT_ASSERT(browser.lastSet().find("Max-Age=0") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("session_missing"), codeOf(thief.send("GET", "/profile")));
        CPPUNIT_ASSERT(hub_->log().find(before.cookie()) == std::string::npos);
    }

    void whatIsForeignOrUnprovenIsRefused()
    {
        Browser browser(*hub_);
        CPPUNIT_ASSERT_EQUAL(200, browser.logIn(person("p1")).status);
        const auto write = [&](std::map<std::string, std::string> headers) {
            return codeOf(browser.send("POST", "/profile", Json::object(), std::move(headers)));
        };
        CPPUNIT_ASSERT_EQUAL(std::string("csrf_token_missing"), write({}));
        CPPUNIT_ASSERT_EQUAL(std::string("csrf_token_wrong"),
                             write({{"X-CSRF-Token", std::string(64, '0')}}));
        CPPUNIT_ASSERT_EQUAL(200, browser.whoAmI().status);
        CPPUNIT_ASSERT_EQUAL(std::string("cross_site_request"),
                             write({{"Origin", "https://evil.example"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("cross_site_request"),
                             write({{"Sec-Fetch-Site", "cross-site"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(), write({}));
        CPPUNIT_ASSERT_EQUAL(
            std::string("credentials_ambiguous"),
            codeOf(browser.send(
                "GET", "/profile", {}, {{"Authorization", "Bearer " + hub_->token()}})));
        CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"),
                             codeOf(browser.send("GET", "/payments/none")));

        Browser reader(*hub_);
        reader.logIn({{"subject", "p2"}, {"scopes", Json::array({"profile:read"})}});
        reader.whoAmI();
        const ApiAnswer refused = reader.send("POST", "/profile", Json::object());
        CPPUNIT_ASSERT_EQUAL(403, refused.status);
        CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"), codeOf(refused));
    }

    void aUnitThatFailsLogsNobodyIn()
    {
        for (const auto& [how, status] : {std::pair{"refused", 409}, {"thrown", 500}}) {
            Browser browser(*hub_);
            Json body = person("p1");
            body["ends"] = how;
            CPPUNIT_ASSERT_EQUAL(status, browser.logIn(body).status);
            CPPUNIT_ASSERT(browser.cookie().empty());
        }
        Json body = person("p1");
        body["subject"] = "";
        CPPUNIT_ASSERT_EQUAL(400, Browser(*hub_).logIn(body).status);
        const ApiAnswer by_key = hub_->post("/api/v1/login", person("p1"));
        CPPUNIT_ASSERT_EQUAL(400, by_key.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->ask({"session", "list"}).size());
    }

    void aLogInIsNotReplayed()
    {
        Browser browser(*hub_);
        const std::map<std::string, std::string> key = {{"Idempotency-Key", "one"}};
        const ApiAnswer first = browser.send("POST", "/login/once", person("p1"), key);
        CPPUNIT_ASSERT_EQUAL(200, first.status);
        CPPUNIT_ASSERT(!browser.cookie().empty());

        Browser other(*hub_);
        const ApiAnswer again = other.send("POST", "/login/once", person("p1"), key);
        CPPUNIT_ASSERT_EQUAL(200, again.status);
        CPPUNIT_ASSERT_EQUAL(first.body.dump(), again.body.dump());
        CPPUNIT_ASSERT_EQUAL(std::string("true"), again.headers.at("Idempotency-Replayed"));
        CPPUNIT_ASSERT(other.cookie().empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hub_->ask({"session", "list"}).size());
    }

    void sessionsEnd()
    {
        Browser passing(*hub_);
        Json brief = person("p2");
        brief["life_ms"] = 1500;
        CPPUNIT_ASSERT_EQUAL(200, passing.logIn(brief).status);
        CPPUNIT_ASSERT(becomesTrue([&] { return passing.send("GET", "/profile").status == 401; }));

        Browser a(*hub_);
        Browser b(*hub_);
        a.logIn(person("p1"));
        b.logIn(person("p1"));
        a.whoAmI();
        CPPUNIT_ASSERT_EQUAL(
            200, a.send("POST", "/profile", {{"scopes", Json::array({"profile:write"})}}).status);
        CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"), codeOf(a.send("GET", "/profile")));
        CPPUNIT_ASSERT_EQUAL(200, a.send("POST", "/profile", {{"end", "others"}}).status);
        CPPUNIT_ASSERT_EQUAL(401, b.send("GET", "/profile").status);
        CPPUNIT_ASSERT_EQUAL(200, a.whoAmI().status);
        CPPUNIT_ASSERT_EQUAL(200, a.send("POST", "/profile", {{"end", "own"}}).status);
        CPPUNIT_ASSERT(a.lastSet().find("Max-Age=0") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(401, a.whoAmI().status);

        Browser oldest(*hub_);
        oldest.logIn(person("p3"));
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(200, oldest.send("GET", "/profile").status);
            Browser(*hub_).logIn(person("p3"));
        }
        CPPUNIT_ASSERT_EQUAL(401, oldest.send("GET", "/profile").status);
    }

    void operatorsSeeAndEndSessions()
    {
        Browser a(*hub_);
        Browser b(*hub_);
        const std::string id = a.logIn(person("p1")).body.at("id").get<std::string>();
        b.logIn(person("p2"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, hub_->ask({"session", "list"}).size());
        const Json listed = hub_->ask({"session", "list", "--subject", "p1"});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed.size());
        CPPUNIT_ASSERT_EQUAL(id, listed[0].at("id").get<std::string>());
        CPPUNIT_ASSERT(listed.dump().find(a.cookie()) == std::string::npos);

        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"session", "end", id}).code);
        CPPUNIT_ASSERT_EQUAL(401, a.send("GET", "/profile").status);
        CPPUNIT_ASSERT_EQUAL(200, b.send("GET", "/profile").status);
        CPPUNIT_ASSERT(hub_->command({"session", "end", id}).code != 0);
        const std::string audit = hub_->command({"audit", "list"}).output;
        CPPUNIT_ASSERT(audit.find("session.ended") != std::string::npos);
        CPPUNIT_ASSERT(audit.find("session.listed") != std::string::npos);
    }

    void anAnsweredLogInSurvivesAnything()
    {
        Browser ended(*hub_);
        ended.logIn(person("p1"));
        ended.whoAmI();
        Browser kept = ended;
        CPPUNIT_ASSERT_EQUAL(204, ended.send("DELETE", "/session").status);
        Browser browser(*hub_);
        CPPUNIT_ASSERT_EQUAL(200, browser.logIn(person("p1")).status);
        hub_->kill(); // right after the answer
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(200, browser.send("GET", "/profile").status);
        CPPUNIT_ASSERT_EQUAL(401, kept.send("GET", "/profile").status);
        CPPUNIT_ASSERT_EQUAL(200, browser.whoAmI().status);
        const std::string csrf = browser.csrf();

        CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(200, browser.send("POST", "/profile", Json::object()).status);
        CPPUNIT_ASSERT_EQUAL(200, browser.whoAmI().status);
        CPPUNIT_ASSERT_EQUAL(csrf, browser.csrf());

        // Without its plugin a session stays; only its routes are gone.
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"plugin", "disable", "hub_test_login"}).code);
        CPPUNIT_ASSERT(browser.send("GET", "/profile").status >= 404);
        CPPUNIT_ASSERT_EQUAL(200, browser.whoAmI().status);
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"plugin", "enable", "hub_test_login"}).code);
        CPPUNIT_ASSERT(becomesTrue([&] { return browser.send("GET", "/profile").status == 200; }));
    }

    /// Who logged out after the backup must not be logged in again by it.
    void aRestoredStoreKnowsNobody()
    {
        Browser browser(*hub_);
        CPPUNIT_ASSERT_EQUAL(200, browser.logIn(person("p1")).status);
        const std::string backup = (hub_->folder() / "backup").string();
        const std::string persons = (hub_->folder() / "persons-backup").string();
        CPPUNIT_ASSERT_EQUAL(
            0, hub_->command({"backup", "--to", backup, "--persons-to", persons}).code);
        CPPUNIT_ASSERT_EQUAL(200, browser.whoAmI().status);
        Browser kept = browser;
        CPPUNIT_ASSERT_EQUAL(204, browser.send("DELETE", "/session").status);
        CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
        const ProgramEnd restored =
            hub_->command({"restore", "--from", backup, "--persons-from", persons, "--replace"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(restored.error, 0, restored.code);
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(401, kept.whoAmI().status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->ask({"session", "list"}).size());
    }
};

HUB_TEST_SUITE_REGISTRATION(SessionsTest, "sessions");

} // namespace

} // namespace hub::test
