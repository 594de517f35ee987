// Goal: after any behavior of a provider the hub knows whether a request may have left, and never
// sends one twice. Method: a scripted HTTPS server; one row per behavior with the expected status,
// marks and bytes left, for operations that need a mark and for safe ones.

#include "exchange_bench.hpp"

#include <cstdlib>
#include <map>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace hub::testing;

enum class Server { Plain, CutsBeforeTls, HangsBeforeTls };

struct Row {
    const char* behavior;
    HttpsFake::Script script;
    int status;      // of an operation that needs a mark
    bool bytes_left; // and whether it was marked
    Certificate certificate = Certificate::Good;
    Server server = Server::Plain;
    int safe_status = HUB_UNAVAILABLE;
};

std::vector<Row> behaviors()
{
    const HttpsFake::Script nothing = [](HttpsPeer&) {
    };
    const auto drip = afterRequest([](HttpsPeer& peer) {
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while (peer.pause(50) && peer.send("x")) {}
    });
    const auto hang = afterRequest([](HttpsPeer& peer) {
        while (peer.pause(1000)) {}
    });
    const auto flood = afterRequest([](HttpsPeer& peer) {
        peer.send("HTTP/1.1 200 OK\r\n\r\n");
        while (peer.send(std::string(16384, 'x'))) {}
    });
    const auto headers = afterRequest([](HttpsPeer& peer) {
        peer.send("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 5000 && peer.send("X-Sample: " + std::string(60, 'x') + "\r\n"); ++i) {}
    });
    constexpr int kUnknown = HUB_OUTCOME_UNKNOWN;
    constexpr int kUnsent = HUB_UNAVAILABLE;
    const auto answered = [](const char* what, const HttpsFake::Script& script) {
        return Row{what, script, HUB_OK, true, Certificate::Good, Server::Plain, HUB_OK};
    };
    return {
        answered("answers", answerAll),
        answered("answers 500", sending(HttpsFake::answer(500, "x"))),
        answered("redirects",
                 sending(HttpsFake::answer(302, "", "Location: https://127.0.0.1/\r\n"))),
        answered(
            "chunks",
            sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")),
        answered("answers until the end of TLS", sending("HTTP/1.1 200 OK\r\n\r\nabc")),
        answered("sends 100 first",
                 sending("HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" + HttpsFake::answer(200, "x"))),
        {"cuts before TLS", nothing, kUnsent, false, Certificate::Good, Server::CutsBeforeTls},
        {"hangs before TLS", nothing, kUnsent, false, Certificate::Good, Server::HangsBeforeTls},
        {"shows another name", answerAll, kUnsent, false, Certificate::OtherName},
        {"shows an expired certificate", answerAll, kUnsent, false, Certificate::Expired},
        {"shows a foreign CA", answerAll, kUnsent, false, Certificate::ForeignCa},
        {"cuts after TLS", [](HttpsPeer& peer) { peer.cut(); }, kUnknown, true},
        {"resets after TLS", [](HttpsPeer& peer) { peer.reset(); }, kUnknown, true},
        {"cuts in the request",
         [](HttpsPeer& peer) {
             (void)peer.readSome();
             peer.cut();
         },
         kUnknown,
         true},
        {"cuts after the request",
         afterRequest([](HttpsPeer& peer) { peer.cut(); }),
         kUnknown,
         true},
        {"ends TLS after the request",
         afterRequest([](HttpsPeer& peer) { peer.close(); }),
         kUnknown,
         true},
        {"resets after the request",
         afterRequest([](HttpsPeer& peer) { peer.reset(); }),
         kUnknown,
         true},
        {"sends garbage", sending("garbage\r\n\r\n"), kUnknown, true},
        {"sends half a status line", sending("HTTP/1."), kUnknown, true},
        {"sends a bad length",
         sending("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
         kUnknown,
         true},
        {"sends half the headers", sending("HTTP/1.1 200 OK\r\nContent-Le"), kUnknown, true},
        {"sends half the body",
         sending("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
         kUnknown,
         true},
        {"sends half the chunks",
         sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
         kUnknown,
         true},
        {"cuts a body without length",
         afterRequest([](HttpsPeer& peer) {
             peer.send("HTTP/1.1 200 OK\r\n\r\nabc");
             peer.cut();
         }),
         kUnknown,
         true},
        {"sends 100 only", sending("HTTP/1.1 100 Continue\r\n\r\n"), kUnknown, true},
        {"never answers", hang, kUnknown, true},
        {"drips", drip, kUnknown, true},
        {"floods the body", flood, kUnknown, true},
        {"floods the headers", headers, kUnknown, true},
    };
}

class TransferTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TransferTest);
    CPPUNIT_TEST(everyBehaviorHasItsStatus);
    CPPUNIT_TEST(safeOperationsAreNeverMarkedAndNeverUnknown);
    CPPUNIT_TEST(reasonsNameWhatEndedTheExchange);
    CPPUNIT_TEST(aRefusedConnectionIsNotSent);
    CPPUNIT_TEST(aFencedCallSendsNothing);
    CPPUNIT_TEST(aMarkThatCannotBeStoredSendsNothing);
    CPPUNIT_TEST(aKeptConnectionThatDiesIsNeverRetried);
    CPPUNIT_TEST(theRequestLeavesAsItWasWritten);
    CPPUNIT_TEST(theResponseComesBackWithLowerCaseNames);
    CPPUNIT_TEST(namesThatResolveToPrivateAddressesGetNoConnection);
    CPPUNIT_TEST(proxiesOfTheEnvironmentAreIgnored);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyBehaviorHasItsStatus()
    {
        for (const Row& row : behaviors()) {
            run(row, false, row.status);
        }
    }

    void safeOperationsAreNeverMarkedAndNeverUnknown()
    {
        for (const Row& row : behaviors()) {
            run(row, true, row.safe_status);
        }
    }

    void reasonsNameWhatEndedTheExchange()
    {
        const std::map<std::string, std::string> reasons{
            {"hangs before TLS", "no connection: "},
            {"shows another name", "no alternative certificate subject name matches target"},
            {"cuts a body without length", "the connection ended before the answer did"},
            {"sends half the headers", "the connection ended before the answer did"},
            {"never answers", "no answer began within 300 ms"},
            {"drips", "no complete answer: Timeout was reached"},
            {"floods the body", "the answer is over 65536 bytes"},
        };
        std::size_t found = 0;
        for (const Row& row : behaviors()) {
            if (const auto reason = reasons.find(row.behavior); reason != reasons.end()) {
                ++found;
                const std::string text = run(row, false, row.status);
                CPPUNIT_ASSERT_MESSAGE(text, text.find(reason->second) != std::string::npos);
            }
        }
        CPPUNIT_ASSERT_EQUAL(reasons.size(), found);
    }

    void aRefusedConnectionIsNotSent()
    {
        HttpsFake fake(answerAll);
        Bench bench(fake);
        // A port that was just given back: nobody listens there.
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        CPPUNIT_ASSERT_EQUAL(0, ::bind(socket, reinterpret_cast<sockaddr*>(&address), size));
        CPPUNIT_ASSERT_EQUAL(0,
                             ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size));
        const std::string origin = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));

        Settings settings;
        settings.ca_file = fake.caFile().string();
        settings.threads = 1;
        hub::base::SystemClock clock;
        RecordingJournal journal;
        Exchanger exchanger(settings, journal, clock);
        Request request = bench.post();
        request.url = "https://" + origin + "/pay";
        std::promise<Exchange> promise;
        exchanger.exchange(
            bench.ticket(), {{}, {origin}, {"POST"}}, {}, request, [&](Exchange exchange) {
                promise.set_value(std::move(exchange));
            });
        const Exchange exchange = promise.get_future().get();
        ::close(socket);

        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0, exchange.status + 0);
        CPPUNIT_ASSERT(journal.marks.empty());
        CPPUNIT_ASSERT(!journal.records.at(0).bytes_left);
    }

    void aFencedCallSendsNothing()
    {
        HttpsFake fake(answerAll);
        Bench bench(fake);
        bench.journal.grants = false;
        const Exchange exchange = bench.run(bench.ticket(), bench.post());

        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0, exchange.status + 0);
        CPPUNIT_ASSERT(exchange.reason.find("not sent: the call was fenced") != std::string::npos);
        bench.stop(); // the connection ends: whatever was sent would have been read
        CPPUNIT_ASSERT(fake.requests().empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.journal.marks.size());
        CPPUNIT_ASSERT(!bench.journal.records.at(0).bytes_left);
    }

    void aMarkThatCannotBeStoredSendsNothing()
    {
        HttpsFake fake(answerAll);
        Bench bench(fake, [](Settings& settings) { settings.breaker_failures = 1; });
        bench.journal.broken = true;
        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0,
                             bench.run(bench.ticket(), bench.post()).status + 0);
        // It says nothing about the provider: the breaker stays closed.
        CPPUNIT_ASSERT(bench.health().breaker == BreakerState::Closed);
        bench.stop();
        CPPUNIT_ASSERT(fake.requests().empty());
        CPPUNIT_ASSERT(!bench.journal.records.at(0).bytes_left);
    }

    void aKeptConnectionThatDiesIsNeverRetried()
    {
        for (const bool safe : {false, true}) {
            // Answers the first request of a connection, accepts the second and cuts.
            HttpsFake fake([](HttpsPeer& peer) {
                if (peer.readRequest() && peer.send(HttpsFake::answer(200, "x")) &&
                    peer.readRequest()) {
                    peer.cut();
                }
            });
            Bench bench(fake);
            CPPUNIT_ASSERT_EQUAL(HUB_OK + 0,
                                 bench.run(bench.ticket(safe), bench.post("/one")).status + 0);
            const Exchange second = bench.run(bench.ticket(safe), bench.post("/two"));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(second.reason,
                                         safe ? HUB_UNAVAILABLE + 0 : HUB_OUTCOME_UNKNOWN + 0,
                                         second.status + 0);
            CPPUNIT_ASSERT(bench.journal.records.at(1).bytes_left);
            CPPUNIT_ASSERT_EQUAL(std::size_t{safe ? 0U : 2U}, bench.journal.marks.size());
            bench.stop();
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, fake.requests().size());
            CPPUNIT_ASSERT(fake.requests()[1].starts_with("POST /two "));
        }
    }

    void theRequestLeavesAsItWasWritten()
    {
        HttpsFake fake(answerAll);
        Bench bench(fake);
        Request post = bench.post("/a/../b?x=%20&y=1");
        post.headers.emplace_back("X-Empty", "");
        (void)bench.run(bench.ticket(), post);
        Request get = bench.post("/get");
        get.method = "GET";
        get.headers.clear();
        get.body.clear();
        (void)bench.run(bench.ticket(), get);

        const auto requests = fake.requests();
        CPPUNIT_ASSERT_EQUAL(
            "POST /a/../b?x=%20&y=1 HTTP/1.1\r\nHost: " + fake.origin() +
                "\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Empty:\r\n"
                "Content-Length: 20\r\n\r\namount=1&sign=canary",
            requests.at(0));
        CPPUNIT_ASSERT_EQUAL("GET /get HTTP/1.1\r\nHost: " + fake.origin() + "\r\n\r\n",
                             requests.at(1));
    }

    void theResponseComesBackWithLowerCaseNames()
    {
        HttpsFake fake(sending(HttpsFake::answer(
            201, std::string("a\0b", 3), "X-Sample:  A b \r\nX-SAMPLE: second\r\n")));
        Bench bench(fake);
        const Exchange exchange = bench.run(bench.ticket(), bench.post());
        CPPUNIT_ASSERT_EQUAL(201U, exchange.response.http_status);
        CPPUNIT_ASSERT_EQUAL(std::string("a\0b", 3), exchange.response.body);
        const std::vector<std::pair<std::string, std::string>> expected{
            {"x-sample", "A b"}, {"x-sample", "second"}, {"content-length", "3"}};
        CPPUNIT_ASSERT(exchange.response.headers == expected);
    }

    void namesThatResolveToPrivateAddressesGetNoConnection()
    {
        HttpsFake fake(answerAll);
        Settings settings;
        settings.threads = 1;
        hub::base::SystemClock clock;
        RecordingJournal journal;
        Exchanger exchanger(settings, journal, clock);
        Request request;
        request.method = "POST";
        request.url = "https://localhost/pay";
        std::promise<Exchange> promise;
        exchanger.exchange({}, {{"localhost"}, {}, {"POST"}}, {}, request, [&](Exchange exchange) {
            promise.set_value(std::move(exchange));
        });
        const Exchange exchange = promise.get_future().get();
        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0, exchange.status + 0);
        CPPUNIT_ASSERT_MESSAGE(exchange.reason,
                               exchange.reason.find("not public") != std::string::npos);
        CPPUNIT_ASSERT(journal.marks.empty());
    }

    void proxiesOfTheEnvironmentAreIgnored()
    {
        ::setenv("https_proxy", "http://127.0.0.1:1", 1);
        ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
        HttpsFake fake(answerAll);
        Bench bench(fake);
        const int status = bench.run(bench.ticket(), bench.post()).status;
        ::unsetenv("https_proxy");
        ::unsetenv("ALL_PROXY");
        CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, status);
    }

private:
    /// Returns the reason.
    static std::string run(const Row& row, bool safe, int expected)
    {
        HttpsFake fake(row.script, row.certificate);
        if (row.server == Server::CutsBeforeTls) {
            fake.cutBeforeTls();
        } else if (row.server == Server::HangsBeforeTls) {
            fake.hangBeforeTls();
        }
        Bench bench(fake, [](Settings& settings) {
            settings.connect_timeout_ms = 1000;
            settings.first_byte_timeout_ms = 300;
            settings.total_timeout_ms = 1500;
            settings.response_bytes_max = 65536;
        });
        const Exchange exchange = bench.run(bench.ticket(safe), bench.post());
        const std::string what =
            std::string(row.behavior) + (safe ? " (safe): " : ": ") + exchange.reason;

        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, expected, exchange.status + 0);
        const std::size_t marks = row.bytes_left && !safe ? 1 : 0;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, marks, bench.journal.marks.size());
        bench.stop();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::size_t{1}, bench.journal.records.size());
        const Record& record = bench.journal.records.front();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, row.bytes_left, record.bytes_left);
        const std::string word = expected == HUB_OK ? "answered"
                                 : row.bytes_left   ? "unknown: "
                                                    : "not_sent: ";
        CPPUNIT_ASSERT_MESSAGE(what + " / " + record.ended, record.ended.starts_with(word));
        CPPUNIT_ASSERT_MESSAGE(what, exchange.reason.find("canary") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(what, fake.requests().size() <= 1);
        return exchange.reason;
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(TransferTest, "transfer");
