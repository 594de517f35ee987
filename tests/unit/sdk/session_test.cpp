// Goal: a plugin's author sees in a test what the hub would do with sessions. Method: a plugin that
// logs in, against the fake.
#include "support/suite.hpp"

#include <hub/session.hpp>
#include <hub/testing/plugin_fake.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace {

using hub::testing::PluginFake;

class Door : public hub::Plugin {
public:
    Door(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        const std::string own = "session-1";
        if (event.operation() == "leave") {
            return hub::endSession(unit, own) ? hub::Answer{}
                                              : hub::Answer{HUB_NOT_FOUND, "", "", 0};
        }
        if (event.operation() == "change") {
            hub::rescopeSession(unit, own, R"(["b:read"])");
            return {};
        }
        if (event.operation() == "leave.all") {
            hub::endSessions(unit, "p1", own);
            return {};
        }
        hub::SessionGrant grant;
        grant.subject = "p1";
        grant.scopes = R"(["a:read"])";
        grant.expires_unix_ms = unit.nowMs() + 1000;
        const auto id = hub::grantSession(unit, grant);
        const hub_status status = id.ok() ? HUB_OK : id.error().code;
        return {event.operation() == "refuse" ? HUB_REJECTED : status, "", "", 0};
    }

    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override
    {
        std::string all{event.payload()};
        for (const std::string& session : hub::openSessions(snapshot, "p1")) {
            all += session;
        }
        return {HUB_OK, "", all, 0};
    }
};

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Door>(major, "door", "1.0.0");
}

class SessionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionTest);
    CPPUNIT_TEST(showsWhatWasGrantedAndEnded);
    CPPUNIT_TEST(keepsNothingOfARefusedUnit);
    CPPUNIT_TEST(grantsToPersonsOnly);
    CPPUNIT_TEST(makesRequestsOfASession);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        const auto none = std::filesystem::temp_directory_path() / "expohub-no-migrations";
        std::filesystem::create_directories(none);
        fake_ = std::make_unique<PluginFake>();
        fake_->start(&entry, "door", none, "{}");
    }
    void tearDown() override { fake_.reset(); }

    void showsWhatWasGrantedAndEnded()
    {
        CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, visit("log_in").status + 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, fake_->sessions().size());
        CPPUNIT_ASSERT_EQUAL(std::string("p1"), fake_->sessions()[0].subject);
        visit("log_in", "session-1"); // another one: the first ends
        CPPUNIT_ASSERT(fake_->sessions()[0].is_ended);
        CPPUNIT_ASSERT(!fake_->sessions()[1].is_ended);
        visit("leave.all");
        CPPUNIT_ASSERT(fake_->sessions()[1].is_ended);
        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0, visit("leave").status + 0);
    }

    void keepsNothingOfARefusedUnit()
    {
        visit("log_in");
        visit("refuse", "session-1");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, fake_->sessions().size());
        CPPUNIT_ASSERT(!fake_->sessions()[0].is_ended);
    }

    void grantsToPersonsOnly()
    {
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, fake_->request("log_in", "{}").status + 0);
        CPPUNIT_ASSERT(fake_->sessions().empty());
    }

    void makesRequestsOfASession()
    {
        visit("log_in");
        visit("change", "session-1");
        const std::string seen = fake_->visit(HUB_KIND_READ, "get", "{}", "session-1").payload;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            seen,
            std::size_t{0},
            seen.find(R"({"session":{"id":"session-1","scopes":["b:read"]}}{"id":"session-1")"));
        fake_->passTime(1000);
        CPPUNIT_ASSERT_THROW(visit("change", "session-1"), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(std::string("{}"), fake_->visit(HUB_KIND_READ, "get", "{}").payload);
    }

private:
    hub::Answer visit(const std::string& operation, const std::string& session = {})
    {
        return fake_->visit(HUB_KIND_UNIT, operation, "{}", session);
    }

    std::unique_ptr<PluginFake> fake_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(SessionTest, "session");
