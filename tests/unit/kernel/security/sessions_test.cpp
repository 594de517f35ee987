// Goal: a token opens its session until it ends, whatever ends it; memory follows the store at each
// commit and at no other time; the store does not hold the token. Method: sessions in a real store,
// transactions that are committed or rolled back, a clock of the test.

#include "base/encoding.hpp"
#include "open_store.hpp"
#include "security/sessions.hpp"
#include "support/suite.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace {

using hub::security::GrantedSession;
using hub::security::Session;
using hub::security::SessionChange;
using hub::security::SessionPtr;
using hub::security::Sessions;
using hub::security::SessionWish;
using hub::store::Backend;
using hub::testing::OpenStore;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::size_t kOpenMax = 3;
const std::string kKey(32, 'k');

class SetClock final : public hub::base::Clock {
public:
    std::int64_t nowMs() const override { return now_ms; }
    std::int64_t monotonicMs() const override { return now_ms; }
    std::int64_t now_ms = 1767225600000;
};

/// A transaction of the writer, with what its commit makes visible.
class Change {
public:
    Change(OpenStore& store, std::int64_t now_ms)
        : transaction_(store.writer())
        , change{store.writer(), now_ms, [this](auto action) {
                     actions_.push_back(action);
                 }}
    {}

    void commit()
    {
        transaction_.commit();
        for (const auto& action : actions_) {
            action();
        }
    }

private:
    hub::store::Transaction transaction_;
    std::vector<std::function<void()>> actions_;

public:
    SessionChange change;
};

template <Backend kBackend>
class SessionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionsTest);
    CPPUNIT_TEST(theTokenFindsItsSession);
    CPPUNIT_TEST(noOtherTokenFindsOne);
    CPPUNIT_TEST(theStoreDoesNotHoldTheToken);
    CPPUNIT_TEST(whatIsRolledBackNeverWas);
    CPPUNIT_TEST(expiresToTheMillisecond);
    CPPUNIT_TEST(endsWhenNobodyComes);
    CPPUNIT_TEST(aClockThatGoesBackWakesNoSession);
    CPPUNIT_TEST(changesScopesWithTheCommit);
    CPPUNIT_TEST(endsWithTheCommit);
    CPPUNIT_TEST(endsAllButOne);
    CPPUNIT_TEST(theNewOneReplacesTheOld);
    CPPUNIT_TEST(theOldestMakesRoom);
    CPPUNIT_TEST(librariesDoNotReachEachOther);
    CPPUNIT_TEST(isThereAfterARestart);
    CPPUNIT_TEST(readsAgainWhatTheStoreSays);
    CPPUNIT_TEST(writesOncePerMinuteThatItWasSeen);
    CPPUNIT_TEST(sweepsWhatNobodyAsksFor);
    CPPUNIT_TEST(removesRowsAfterThirtyDays);
    CPPUNIT_TEST(refusesWhatBreaksALimit);
    CPPUNIT_TEST(csrfTokensBelongToTheirToken);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { store_ = std::make_unique<OpenStore>(kBackend, clock_); }
    void tearDown() override { store_.reset(); }

    void theTokenFindsItsSession()
    {
        const auto granted = grant(wish("p1", R"(["desk:read","delegation:17"])"));

        const SessionPtr session = sessions_.find(granted.token);

        CPPUNIT_ASSERT(session != nullptr);
        CPPUNIT_ASSERT_EQUAL(granted.id, session->id);
        CPPUNIT_ASSERT_EQUAL(std::string("p1"), session->subject);
        CPPUNIT_ASSERT_EQUAL(std::string("Firefox, Linux"), session->label);
        CPPUNIT_ASSERT(session->holds("desk:read") && session->holds("delegation:17"));
        for (const char* scope : {"desk", "desk:", "desk:rea", "delegation:1", "*", ""}) {
            CPPUNIT_ASSERT_MESSAGE(scope, !session->holds(scope));
        }
        CPPUNIT_ASSERT(!sessions_.find(grant(wish("p1", R"(["*"])")).token)->holds("desk:read"));
    }

    void noOtherTokenFindsOne()
    {
        const std::string token = grant(wish("p1")).token;
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, token.size());
        for (std::size_t i = 0; i < token.size(); ++i) {
            std::string changed = token;
            changed[i] = changed[i] == 'a' ? 'b' : 'a';
            CPPUNIT_ASSERT(sessions_.find(changed) == nullptr);
            CPPUNIT_ASSERT(sessions_.find(token.substr(0, i)) == nullptr);
        }
        CPPUNIT_ASSERT(sessions_.find(token + "0") == nullptr);
        CPPUNIT_ASSERT(sessions_.find(std::string(1000000, 'a')) == nullptr);
        CPPUNIT_ASSERT(sessions_.find(token) != nullptr);
    }

    void theStoreDoesNotHoldTheToken()
    {
        const auto granted = grant(wish("p1"));
        auto& row = store_->writer().prepare("SELECT digest, id, label FROM hub_session");
        CPPUNIT_ASSERT(row.step());
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, row.text(0).size());
        for (int column = 0; column < 3; ++column) {
            CPPUNIT_ASSERT(row.text(column).find(granted.token) == std::string::npos);
        }
        CPPUNIT_ASSERT(row.text(0) != hub::base::sha256Hex(granted.id));
        while (row.step()) {}
    }

    void whatIsRolledBackNeverWas()
    {
        const auto before = grant(wish("p1"));
        std::string token;
        {
            Change unit(*store_, clock_.now_ms);
            token = sessions_.grant(unit.change, wish("p1")).value().token;
            CPPUNIT_ASSERT(sessions_.end(unit.change, "login", before.id).ok());
            CPPUNIT_ASSERT(sessions_.find(token) == nullptr);
            CPPUNIT_ASSERT(sessions_.find(before.token) != nullptr);
        }
        CPPUNIT_ASSERT(sessions_.find(token) == nullptr);
        CPPUNIT_ASSERT(sessions_.find(before.token) != nullptr);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed("p1").size());
    }

    void expiresToTheMillisecond()
    {
        const auto granted = grant(wish("p1"));
        clock_.now_ms += kHour - 1;
        CPPUNIT_ASSERT(sessions_.find(granted.token) != nullptr);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed("p1").size());
        clock_.now_ms += 1;
        CPPUNIT_ASSERT(sessions_.find(granted.token) == nullptr);
        CPPUNIT_ASSERT(listed("p1").empty());
        CPPUNIT_ASSERT(!end(granted.id));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, sessions_.size());
    }

    void endsWhenNobodyComes()
    {
        SessionWish idle = wish("p1");
        idle.idle_ms = 10 * kMinute;
        const auto granted = grant(idle);
        for (int i = 0; i < 3; ++i) {
            clock_.now_ms += idle.idle_ms - 1; // each request begins the time anew
            CPPUNIT_ASSERT(sessions_.find(granted.token) != nullptr);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed("p1").size()); // the row is behind
        }
        clock_.now_ms += idle.idle_ms;
        CPPUNIT_ASSERT(listed("p1").empty());
        CPPUNIT_ASSERT(sessions_.find(granted.token) == nullptr);
    }

    void aClockThatGoesBackWakesNoSession()
    {
        const auto granted = grant(wish("p1"));
        const auto ended = grant(wish("p1"));
        CPPUNIT_ASSERT(end(ended.id));
        clock_.now_ms += kHour;
        CPPUNIT_ASSERT(sessions_.find(granted.token) == nullptr);

        clock_.now_ms -= kHour;
        CPPUNIT_ASSERT(sessions_.find(granted.token) == nullptr);
        sessions_.load(store_->writer()); // even before its end is written
        CPPUNIT_ASSERT(sessions_.find(granted.token) == nullptr);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, flush());
        Sessions restarted(clock_, kKey, kOpenMax);
        restarted.load(store_->writer());
        CPPUNIT_ASSERT(restarted.find(granted.token) == nullptr);
        CPPUNIT_ASSERT(restarted.find(ended.token) == nullptr);
        CPPUNIT_ASSERT(listed("p1").empty());
    }

    void changesScopesWithTheCommit()
    {
        const auto granted = grant(wish("p1", R"(["a:read"])"));
        {
            Change unit(*store_, clock_.now_ms);
            CPPUNIT_ASSERT(
                sessions_.rescope(unit.change, "login", granted.id, R"(["b:read"])").ok());
            CPPUNIT_ASSERT(sessions_.find(granted.token)->holds("a:read"));
            // Who comes after in the same group sees it already.
            CPPUNIT_ASSERT(
                sessions_.current(store_->writer(), clock_.now_ms, granted.id)->holds("b:read"));
            unit.commit();
        }
        CPPUNIT_ASSERT(!sessions_.find(granted.token)->holds("a:read"));
        CPPUNIT_ASSERT(sessions_.find(granted.token)->holds("b:read"));
        Change unit(*store_, clock_.now_ms);
        CPPUNIT_ASSERT_EQUAL(
            HUB_BAD_REQUEST + 0,
            sessions_.rescope(unit.change, "login", granted.id, "{}").error().code + 0);
        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0,
                             sessions_.rescope(unit.change, "login", "none", "[]").error().code +
                                 0);
    }

    void endsWithTheCommit()
    {
        const auto granted = grant(wish("p1"));
        {
            Change unit(*store_, clock_.now_ms);
            CPPUNIT_ASSERT(sessions_.end(unit.change, "login", granted.id).ok());
            CPPUNIT_ASSERT(
                !sessions_.current(store_->writer(), clock_.now_ms, granted.id).has_value());
            CPPUNIT_ASSERT(sessions_.find(granted.token) != nullptr);
            unit.commit();
        }
        CPPUNIT_ASSERT(sessions_.find(granted.token) == nullptr);
        CPPUNIT_ASSERT(!end(granted.id)); // there is none any more
    }

    void endsAllButOne()
    {
        const auto a = grant(wish("p1"));
        const auto b = grant(wish("p1"));
        const auto other = grant(wish("p2"));
        Change unit(*store_, clock_.now_ms);
        const auto ended = sessions_.endAll(unit.change, "login", "p1", b.id);
        unit.commit();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ended.size());
        CPPUNIT_ASSERT_EQUAL(a.id, ended.front());
        CPPUNIT_ASSERT(sessions_.find(a.token) == nullptr);
        CPPUNIT_ASSERT(sessions_.find(b.token) != nullptr);
        CPPUNIT_ASSERT(sessions_.find(other.token) != nullptr);
    }

    /// Who is at the limit and logs in again loses no other session by it.
    void theNewOneReplacesTheOld()
    {
        std::vector<GrantedSession> granted;
        for (std::size_t i = 0; i < kOpenMax; ++i) {
            granted.push_back(grant(wish("p1")));
            clock_.now_ms += kSecond;
        }
        SessionWish again = wish("p1");
        again.replaces = granted.back().id;
        const auto latest = grant(again);
        CPPUNIT_ASSERT(sessions_.find(granted.back().token) == nullptr);
        CPPUNIT_ASSERT(sessions_.find(granted.front().token) != nullptr);
        CPPUNIT_ASSERT(sessions_.find(latest.token) != nullptr);
        // A wish that is refused ends nothing.
        again.replaces = latest.id;
        again.scopes = "{}";
        {
            Change unit(*store_, clock_.now_ms);
            CPPUNIT_ASSERT(!sessions_.grant(unit.change, again).ok());
            unit.commit();
        }
        CPPUNIT_ASSERT(sessions_.find(latest.token) != nullptr);
    }

    void theOldestMakesRoom()
    {
        std::vector<GrantedSession> granted;
        for (std::size_t i = 0; i < kOpenMax + 2; ++i) {
            granted.push_back(grant(wish("p1")));
            clock_.now_ms += kSecond;
        }
        for (std::size_t i = 0; i < granted.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL(i >= 2, sessions_.find(granted[i].token) != nullptr);
        }
        const auto open = listed("p1");
        CPPUNIT_ASSERT_EQUAL(kOpenMax, open.size());
        CPPUNIT_ASSERT_EQUAL(granted.back().id, open.front().id);
    }

    void librariesDoNotReachEachOther()
    {
        const auto granted = grant(wish("p1"));
        Change unit(*store_, clock_.now_ms);
        CPPUNIT_ASSERT(!sessions_.end(unit.change, "other", granted.id).ok());
        CPPUNIT_ASSERT(!sessions_.rescope(unit.change, "other", granted.id, "[]").ok());
        CPPUNIT_ASSERT(sessions_.endAll(unit.change, "other", "p1", "").empty());
        CPPUNIT_ASSERT(sessions_.end(unit.change, "", granted.id).ok()); // the operator does
    }

    void isThereAfterARestart()
    {
        const auto granted = grant(wish("p1", R"(["a:read"])"));
        const auto ended = grant(wish("p1"));
        CPPUNIT_ASSERT(end(ended.id));
        Sessions restarted(clock_, kKey, kOpenMax);
        CPPUNIT_ASSERT(restarted.find(granted.token) == nullptr);

        restarted.load(store_->writer());

        CPPUNIT_ASSERT(restarted.find(granted.token)->holds("a:read"));
        CPPUNIT_ASSERT(restarted.find(ended.token) == nullptr);
        CPPUNIT_ASSERT_EQUAL(sessions_.csrfToken(granted.token),
                             restarted.csrfToken(granted.token));
    }

    /// The answer to a commit was lost, but the commit was not.
    void readsAgainWhatTheStoreSays()
    {
        const auto granted = grant(wish("p1"));
        Sessions behind(clock_, kKey, kOpenMax);
        behind.load(store_->writer());
        CPPUNIT_ASSERT(end(granted.id));
        const auto later = grant(wish("p1"));
        CPPUNIT_ASSERT(behind.find(granted.token) != nullptr);

        behind.load(store_->writer());

        CPPUNIT_ASSERT(behind.find(granted.token) == nullptr);
        CPPUNIT_ASSERT(behind.find(later.token) != nullptr);
    }

    void writesOncePerMinuteThatItWasSeen()
    {
        const auto granted = grant(wish("p1"));
        const std::int64_t begun_ms = clock_.now_ms;
        for (int i = 0; i < 59; ++i) {
            clock_.now_ms += kSecond;
            CPPUNIT_ASSERT(sessions_.find(granted.token) != nullptr);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, flush());
        CPPUNIT_ASSERT_EQUAL(begun_ms, rowSeenMs());
        clock_.now_ms += kSecond;
        sessions_.find(granted.token);
        sessions_.find(granted.token);
        {
            Change unit(*store_, clock_.now_ms);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, sessions_.flush(unit.change, 500));
        } // rolled back: it is still to be written
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, flush());
        CPPUNIT_ASSERT_EQUAL(begun_ms + kMinute, rowSeenMs());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, flush());
    }

    void sweepsWhatNobodyAsksFor()
    {
        grant(wish("p1"));
        SessionWish lasting = wish("p2");
        lasting.expires_ms += kDay;
        grant(lasting);
        clock_.now_ms += kHour;
        sessions_.sweep();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, sessions_.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, flush());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rows("ended_ms IS NOT NULL"));
    }

    void removesRowsAfterThirtyDays()
    {
        const auto ended = grant(wish("p1"));
        grant(wish("p2")); // runs out
        SessionWish lasting = wish("p3");
        lasting.expires_ms = clock_.now_ms + 90 * kDay;
        const auto open = grant(lasting);
        CPPUNIT_ASSERT(end(ended.id));
        clock_.now_ms += 30 * kDay;
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, prune());
        clock_.now_ms += 1;
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, prune());
        clock_.now_ms += kHour;
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, prune());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, prune());
        CPPUNIT_ASSERT(sessions_.find(open.token) != nullptr);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rows("1 = 1"));
    }

    void refusesWhatBreaksALimit()
    {
        const auto refused = [&](const char* what, const std::function<void(SessionWish&)>& spoil) {
            SessionWish wanted = wish("p1");
            spoil(wanted);
            Change unit(*store_, clock_.now_ms);
            const auto granted = sessions_.grant(unit.change, wanted);
            CPPUNIT_ASSERT_MESSAGE(what, !granted.ok());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, HUB_BAD_REQUEST + 0, granted.error().code + 0);
        };
        refused("no subject", [](SessionWish& w) { w.subject.clear(); });
        refused("long subject", [](SessionWish& w) { w.subject.assign(256, 's'); });
        refused("no UTF-8", [](SessionWish& w) { w.subject = "\xFF"; });
        refused("long label", [](SessionWish& w) { w.label.assign(256, 'l'); });
        refused("scopes are no list", [](SessionWish& w) { w.scopes = "{}"; });
        refused("no JSON", [](SessionWish& w) { w.scopes = "["; });
        refused("a scope is a number", [](SessionWish& w) { w.scopes = "[1]"; });
        refused("a scope is empty", [](SessionWish& w) { w.scopes = R"([""])"; });
        refused("long scopes", [](SessionWish& w) { w.scopes.insert(1, 4096, ' '); });
        refused("past", [&](SessionWish& w) { w.expires_ms = clock_.now_ms; });
        refused("for ever", [&](SessionWish& w) { w.expires_ms = clock_.now_ms + 90 * kDay + 1; });
        refused("idle before it began", [](SessionWish& w) { w.idle_ms = -1; });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rows("1 = 1"));
    }

    void csrfTokensBelongToTheirToken()
    {
        const std::string a = grant(wish("p1")).token;
        const std::string b = grant(wish("p1")).token;
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, sessions_.csrfToken(a).size());
        CPPUNIT_ASSERT_EQUAL(sessions_.csrfToken(a), sessions_.csrfToken(a));
        CPPUNIT_ASSERT(sessions_.csrfToken(a) != sessions_.csrfToken(b));
        CPPUNIT_ASSERT(sessions_.csrfToken(a) !=
                       Sessions(clock_, std::string(32, 'x'), kOpenMax).csrfToken(a));
    }

private:
    SessionWish wish(const std::string& subject, const std::string& scopes = "[]") const
    {
        return {"login", subject, scopes, "Firefox, Linux", clock_.now_ms + kHour, 0, ""};
    }
    GrantedSession grant(const SessionWish& wanted)
    {
        Change unit(*store_, clock_.now_ms);
        auto granted = sessions_.grant(unit.change, wanted);
        CPPUNIT_ASSERT(granted.ok());
        unit.commit();
        return granted.value();
    }
    bool end(const std::string& id)
    {
        Change unit(*store_, clock_.now_ms);
        const bool ended = sessions_.end(unit.change, "login", id).ok();
        unit.commit();
        return ended;
    }
    std::size_t flush()
    {
        Change unit(*store_, clock_.now_ms);
        const std::size_t written = sessions_.flush(unit.change, 500);
        unit.commit();
        return written;
    }
    std::size_t prune()
    {
        Change unit(*store_, clock_.now_ms);
        const std::size_t removed = Sessions::prune(store_->writer(), clock_.now_ms, 500);
        unit.commit();
        return removed;
    }
    std::vector<Session> listed(const std::string& subject)
    {
        return sessions_.list(store_->writer(), clock_.now_ms, "login", subject, 100);
    }
    std::int64_t number(const std::string& sql)
    {
        auto& row = store_->writer().prepare(sql);
        CPPUNIT_ASSERT(row.step());
        const std::int64_t value = row.integer(0);
        while (row.step()) {}
        return value;
    }
    std::int64_t rows(const std::string& which)
    {
        return number("SELECT COUNT(*) FROM hub_session WHERE " + which);
    }
    std::int64_t rowSeenMs() { return number("SELECT seen_ms FROM hub_session"); }

    SetClock clock_;
    Sessions sessions_{clock_, kKey, kOpenMax};
    std::unique_ptr<OpenStore> store_;
};

using SqliteSessionsTest = SessionsTest<Backend::SQLite>;
using PostgresSessionsTest = SessionsTest<Backend::PostgreSQL>;

} // namespace

HUB_TEST_SUITE_REGISTRATION(SqliteSessionsTest, "sessions");
HUB_TEST_SUITE_REGISTRATION(PostgresSessionsTest, "sessions");
