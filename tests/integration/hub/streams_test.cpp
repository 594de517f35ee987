// Goal: a connector that speaks over a standing connection keeps every promise: no message without
// a mark, no second message before the first one's fate is known, nothing reported unasked is
// lost, and the session comes back after every end. Method: the real hub with a small connector
// (libraries/hub_test_line) against a scripted peer over TLS.
#include "support/https_fake.hpp"
#include "support/hub_process.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace hub::test {

namespace {

using testing::HttpsFake;
using testing::HttpsPeer;

/// The provider: answers lines, writes down what came on which connection.
class Provider {
public:
    Provider()
        : fake_([this](HttpsPeer& peer) { talk(peer); })
    {}

    std::string address() const { return fake_.origin(); }
    std::string caFile() const { return fake_.caFile().string(); }
    int connections() const { return fake_.connections(); }

    /// The next line of this kind is not answered: the connection is cut instead.
    void cutAt(const std::string& kind)
    {
        const std::lock_guard lock(mutex_);
        cuts_.insert(kind);
    }

    /// Every connection gives this line after the login, until it is taken.
    void report(const std::string& line)
    {
        const std::lock_guard lock(mutex_);
        report_ = line;
    }

    /// "2 PAY 1400…" is a line of the second connection.
    std::vector<std::string> lines() const
    {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

    /// The kinds of the lines that name this number, with their connections.
    std::vector<std::string> kindsOf(const std::string& number) const
    {
        std::vector<std::string> kinds;
        for (const std::string& line : lines()) {
            if (line.find(" " + number) != std::string::npos) {
                kinds.push_back(line.substr(0, line.rfind(' ')));
            }
        }
        return kinds;
    }

    bool has(const std::string& line) const
    {
        const auto all = lines();
        return std::find(all.begin(), all.end(), line) != all.end();
    }

private:
    void talk(HttpsPeer& peer)
    {
        while (auto line = peer.readUntil("\n")) {
            line->pop_back();
            const std::string kind = line->substr(0, line->find(' '));
            const std::string rest = line->substr(line->find(' ') + 1);
            std::string greeting;
            {
                const std::lock_guard lock(mutex_);
                lines_.push_back(std::to_string(peer.number()) + " " + *line);
                if (cuts_.erase(kind) != 0) {
                    peer.cut();
                    return;
                }
                if (kind == "TAKEN") {
                    report_.clear();
                }
                greeting = report_;
                if (kind == "PAY") {
                    paid_.insert(rest);
                }
            }
            peer.send(answer(kind, rest, greeting));
        }
    }

    std::string
    answer(const std::string& kind, const std::string& rest, const std::string& greeting) const
    {
        if (kind == "LOGIN") {
            return "WELCOME\n" + (greeting.empty() ? "" : greeting + "\n");
        }
        if (kind == "CHECK") {
            return "FREE " + rest + "\n";
        }
        if (kind == "PAY") {
            return "DONE " + rest + "\n";
        }
        // A message whose connection was cut has not arrived, says this provider.
        return kind == "QUERY" ? "STATE " + rest + " not_found\n" : "";
    }

    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::set<std::string> cuts_;
    std::set<std::string> paid_;
    std::string report_;
    HttpsFake fake_; // last: its threads end first
};

class StreamsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StreamsTest);
    CPPUNIT_TEST(messagesGoOverTheSession);
    CPPUNIT_TEST(messagesGoOverTheSessionOnPostgres);
    CPPUNIT_TEST(aMarkedMessageThatWasCutOffIsAskedAbout);
    CPPUNIT_TEST(anUnmarkedOneIsDeliveredAgain);
    CPPUNIT_TEST(aReportIsAcknowledgedAfterItIsStored);
    CPPUNIT_TEST(theHubStopsInTimeWithASessionOpen);
    CPPUNIT_TEST(aSwitchedOffLibraryHasNoSession);
    CPPUNIT_TEST(aKilledProcessGetsItsSessionAgain);
    CPPUNIT_TEST(anUnlistedAddressIsRefused);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<Provider> provider_;
    std::unique_ptr<HubProcess> hub_;

    void start(HubOptions options = {}, const std::string& exact = {})
    {
        options.settings.push_back("egress.ca_file = " + provider_->caFile());
        hub_ = std::make_unique<HubProcess>(options);
        hub_->configure("hub_test_line",
                        {{"library", "hub_test_line"},
                         {"enabled", true},
                         {"accounts",
                          {{"line-demo",
                            {{"config", {{"address", provider_->address()}}},
                             {"stream_exact", {exact.empty() ? provider_->address() : exact}}}}}}});
        hub_->configure(
            "payments",
            {{"library", "payments"},
             {"enabled", true},
             {"config",
              {{"methods", {{"scan", {{"product", "qr"}, {"accounts", {"line-demo"}}}}}},
               {"amount_max_minor", 5000000}}}});
        hub_->start();
    }

    std::string explain() const
    {
        std::string text;
        for (const std::string& line : provider_->lines()) {
            text += line + "\n";
        }
        return text + hub_->log();
    }

    void assertSession(int connection)
    {
        const std::string login = std::to_string(connection) + " LOGIN line-demo";
        CPPUNIT_ASSERT_MESSAGE(explain(), becomesTrue([&] { return provider_->has(login); }));
    }

    void sendOverTheSession(const HubOptions& options)
    {
        start(options);
        assertSession(1);
        std::vector<std::string> payments;
        for (int i = 0; i < 8; ++i) {
            payments.push_back(hub_->pay("over the session"));
        }
        for (const std::string& payment : payments) {
            const std::string number = hub_->codeNumber(payment);
            const std::vector<std::string> expected = {"1 CHECK", "1 PAY"};
            CPPUNIT_ASSERT_MESSAGE(explain(), expected == provider_->kindsOf(number));
        }
        CPPUNIT_ASSERT_EQUAL(1, provider_->connections());
    }

    bool isReported() const
    {
        for (int seq = 1; seq < 20; ++seq) {
            const ProgramEnd end = hub_->command({"event", "show", std::to_string(seq)});
            if (end.code == 0 && end.output.find("test.reported") != std::string::npos) {
                return true;
            }
        }
        return false;
    }

public:
    void setUp() override { provider_ = std::make_unique<Provider>(); }

    void tearDown() override
    {
        hub_.reset();
        provider_.reset();
        schema_.reset();
    }

    void messagesGoOverTheSession() { sendOverTheSession({}); }

    void messagesGoOverTheSessionOnPostgres()
    {
        schema_ = std::make_unique<PostgresSchema>();
        HubOptions options;
        options.settings = {"store.backend = postgresql",
                            "store.postgres = " + schema_->connection(),
                            "store.postgres_schema = " + schema_->name()};
        sendOverTheSession(options);

        // One line a call: sizes, no content.
        const std::string rows =
            "SELECT count(*) FROM hub_exchange WHERE method = 'STREAM' AND ended = 'answered' "
            "AND host = '" +
            provider_->address() +
            "' AND bytes_left = 1 AND request_bytes > 0 AND response_bytes > 0 "
            "AND request = '(stream: not recorded)' AND response = '(stream: not recorded)'";
        CPPUNIT_ASSERT_MESSAGE(explain(), becomesTrue([&] { return schema_->run(rows) == "8"; }));
    }

    void aMarkedMessageThatWasCutOffIsAskedAbout()
    {
        provider_->cutAt("PAY");
        start();
        assertSession(1);
        const std::string number = hub_->codeNumber(hub_->pay("cut"));

        // Asked about on the next connection; only after its answer the same number is sent again.
        std::vector<std::string> kinds = provider_->kindsOf(number);
        CPPUNIT_ASSERT_MESSAGE(explain(), kinds.size() >= 5);
        CPPUNIT_ASSERT_EQUAL(std::string("1 PAY"), kinds[1]);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(explain(), std::string("2 QUERY"), kinds[2]);
        CPPUNIT_ASSERT_EQUAL(std::string("2 PAY"), kinds.back());
        CPPUNIT_ASSERT_EQUAL(2, provider_->connections());
    }

    void anUnmarkedOneIsDeliveredAgain()
    {
        provider_->cutAt("CHECK");
        start();
        assertSession(1);
        const std::string number = hub_->codeNumber(hub_->pay("cut before"));

        const std::vector<std::string> expected = {"1 CHECK", "2 CHECK", "2 PAY"};
        CPPUNIT_ASSERT_MESSAGE(explain(), expected == provider_->kindsOf(number));
    }

    void aReportIsAcknowledgedAfterItIsStored()
    {
        provider_->report("REPORT 7");
        provider_->cutAt("TAKEN");
        start();
        // Not taken: the peer gives it again, and the same event is there already.
        CPPUNIT_ASSERT_MESSAGE(explain(), becomesTrue([&] { return provider_->has("2 TAKEN 7"); }));
        hub_->kill();
        hub_->start();
        CPPUNIT_ASSERT_MESSAGE(explain(), isReported());
    }

    void theHubStopsInTimeWithASessionOpen()
    {
        start();
        assertSession(1);
        const auto before = std::chrono::steady_clock::now();
        CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - before < std::chrono::seconds(5));
        // The session has returned before the library's stop() was called.
        CPPUNIT_ASSERT_MESSAGE(explain(),
                               hub_->log().find("stop() with 0 connections") != std::string::npos);
    }

    void aSwitchedOffLibraryHasNoSession()
    {
        start();
        assertSession(1);
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"plugin", "disable", "hub_test_line"}).code);
        CPPUNIT_ASSERT_MESSAGE(explain(),
                               hub_->log().find("stop() with 0 connections") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"plugin", "enable", "hub_test_line"}).code);
        assertSession(2);
        CPPUNIT_ASSERT_EQUAL(2, provider_->connections());
    }

    void aKilledProcessGetsItsSessionAgain()
    {
        provider_->report("CRASH");
        start();
        assertSession(1);
        provider_->report("");
        assertSession(2);
        hub_->codeNumber(hub_->pay("after the crash"));
    }

    void anUnlistedAddressIsRefused()
    {
        start({}, "127.0.0.1:1");
        CPPUNIT_ASSERT_MESSAGE(explain(), becomesTrue([&] {
                                   return hub_->log().find("is not among the hosts") !=
                                          std::string::npos;
                               }));
        CPPUNIT_ASSERT_EQUAL(0, provider_->connections());
    }
};

HUB_TEST_SUITE_REGISTRATION(StreamsTest, "streams");

} // namespace

} // namespace hub::test
