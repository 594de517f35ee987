// Goal: what a hostile or broken client sends ends as HTTP says, within the limits, and never
// reaches the backend. Method: raw bytes over real sockets.

#include "fixture.hpp"
#include "observe/metrics.hpp"

#include <thread>

namespace {

using namespace hub::gateway::testing; // NOLINT: the shared names of these tests

class ServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServerTest);
    CPPUNIT_TEST(servesManyRequestsOverOneConnection);
    CPPUNIT_TEST(servesPipelinedRequestsInOrder);
    CPPUNIT_TEST(refusesDoubtfulFraming);
    CPPUNIT_TEST(closesAConnectionAfterDoubtfulFraming);
    CPPUNIT_TEST(readsChunkedBodies);
    CPPUNIT_TEST(saysContinueBeforeTheBody);
    CPPUNIT_TEST(cutsAHeaderThatDrips);
    CPPUNIT_TEST(answers408ToABodyThatDrips);
    CPPUNIT_TEST(answers413WithoutReadingTheBody);
    CPPUNIT_TEST(answers413ToAChunkedBodyThatGrows);
    CPPUNIT_TEST(answers431ToALongHeader);
    CPPUNIT_TEST(closesWhenTheBodyIsNotRead);
    CPPUNIT_TEST(limitsConnectionsPerAddress);
    CPPUNIT_TEST(cutsAClientThatDoesNotTakeItsAnswer);
    CPPUNIT_TEST(stopsWithRequestsInFlight);
    CPPUNIT_TEST(stopsWithIdleAndSilentConnections);
    CPPUNIT_TEST(refusesATakenPort);
    CPPUNIT_TEST(servesManyClientsAtOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { hub_ = std::make_unique<Fixture>(); }
    void tearDown() override { hub_.reset(); }

    void servesManyRequestsOverOneConnection()
    {
        hub_->start();
        Client client = hub_->connect();

        for (int i = 0; i < 50; ++i) {
            const Answer answer = client.exchange(request("GET", "/healthz"));
            CPPUNIT_ASSERT_EQUAL(200, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::string("keep-alive"), answer.header("connection"));
        }
        const Answer last = client.exchange(request("GET", "/healthz", "Connection: close\r\n"));

        CPPUNIT_ASSERT_EQUAL(std::string("close"), last.header("connection"));
        CPPUNIT_ASSERT(client.closed());
    }

    void servesPipelinedRequestsInOrder()
    {
        hub_->start();
        Client client = hub_->connect();

        client.send(post("/api/v1/things", R"({"name":"a"})") + request("GET", "/api/v1/things/1") +
                    request("HEAD", "/api/v1/things/1") + request("GET", "/nowhere"));

        CPPUNIT_ASSERT_EQUAL(201, client.receive().status);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"open"})"), client.receive().body);
        const Answer head = client.receive(true);
        CPPUNIT_ASSERT_EQUAL(std::string("16"), head.header("content-length"));
        CPPUNIT_ASSERT_EQUAL(404, client.receive().status);
    }

    void refusesDoubtfulFraming()
    {
        hub_->start();
        struct Row {
            std::string name;
            std::string bytes;
            int status;
        };
        const std::string start = "POST /api/v1/things HTTP/1.1\r\nHost: x\r\n";
        const std::vector<Row> rows = {
            {"length and coding",
             start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             400},
            {"two equal lengths",
             start + "Content-Length: 4\r\nContent-Length: 4\r\n\r\n{}{}",
             400},
            {"list of lengths", start + "Content-Length: 4, 4\r\n\r\n{}{}", 400},
            {"signed length", start + "Content-Length: +4\r\n\r\n{}{}", 400},
            {"negative length", start + "Content-Length: -1\r\n\r\n", 400},
            {"empty length", start + "Content-Length:\r\n\r\n", 400},
            {"endless length", start + "Content-Length: 99999999999999999999\r\n\r\n", 400},
            {"two codings",
             start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
             400},
            {"other coding", start + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
            {"hidden coding", start + "Transfer-Encoding: chunked, identity\r\n\r\n", 501},
            {"coding in 1.0",
             "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             400},
            {"space before colon", start + "Content-Length : 4\r\n\r\n", 400},
            {"folded line", start + "A: b\r\n c\r\n\r\n", 400},
            {"bare line feed", "GET / HTTP/1.1\nHost: x\n\n", 400},
            {"bare carriage return", start + "A: b\rc\r\n\r\n", 400},
            {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
            {"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
            {"no path", "GET x HTTP/1.1\r\nHost: x\r\n\r\n", 400},
            {"two-word target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
            {"no version", "GET /\r\n\r\n", 400},
            {"HTTP/2", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
            {"NUL", std::string("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 29), 400},
            {"expectation", start + "Expect: wonders\r\nContent-Length: 4\r\n\r\n", 417}};
        for (const Row& row : rows) {
            Client client = hub_->connect();

            const Answer answer = client.exchange(row.bytes);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.status, answer.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, std::string("application/problem+json"), answer.header("content-type"));
            CPPUNIT_ASSERT_MESSAGE(row.name, client.closed());
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->backend.count());
    }

    void closesAConnectionAfterDoubtfulFraming()
    {
        hub_->start();
        Client client = hub_->connect();

        client.send("POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                    request("DELETE", "/api/v1/things/1"));

        CPPUNIT_ASSERT_EQUAL(400, client.receive().status);
        CPPUNIT_ASSERT(client.closed());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->backend.count());
    }

    void readsChunkedBodies()
    {
        hub_->start();
        Client client = hub_->connect();
        const std::string head = request("POST",
                                         "/api/v1/things",
                                         "Content-Type: application/json\r\nIdempotency-Key: k\r\n"
                                         "Transfer-Encoding: chunked\r\n");

        const Answer good = client.exchange(
            head + "5;x=y\r\n{\"nam\r\n9\r\ne\":\"abc\"}\r\n0\r\nTrailer: x\r\n\r\n");
        const Answer next = client.exchange(request("GET", "/healthz"));

        CPPUNIT_ASSERT_EQUAL(201, good.status);
        CPPUNIT_ASSERT_EQUAL(std::string("abc"),
                             hub::base::parseJson(hub_->backend.last().payload)
                                 .value()["body"]["name"]
                                 .get<std::string>());
        CPPUNIT_ASSERT_EQUAL(200, next.status);
        for (const std::string broken : {"x\r\n",
                                         "\r\n",
                                         "5\r\nabcdefg\r\n",
                                         "5\nabcde\r\n0\r\n\r\n",
                                         "-1\r\n",
                                         "ffffffffffffffffff\r\n"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(broken, 400, hub_->exchange(head + broken).status);
        }
    }

    void saysContinueBeforeTheBody()
    {
        hub_->start();
        Client client = hub_->connect();
        const std::string whole =
            post("/api/v1/things", R"({"name":"a"})", "Expect: 100-continue\r\n");
        const std::size_t body = whole.find("\r\n\r\n") + 4;

        const Answer interim = client.exchange(whole.substr(0, body));
        const Answer answer = client.exchange(whole.substr(body));

        CPPUNIT_ASSERT_EQUAL(100, interim.status);
        CPPUNIT_ASSERT_EQUAL(201, answer.status);
    }

    void cutsAHeaderThatDrips()
    {
        hub_->start();
        const double before = cut("header_too_slow");
        Client client = hub_->connect();
        const auto begun = std::chrono::steady_clock::now();

        const bool ended = drip(client, "GET /healthz HTTP/1.1\r\nHost: " + std::string(1000, 'x'));

        CPPUNIT_ASSERT(ended);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begun < std::chrono::seconds(3));
        CPPUNIT_ASSERT_EQUAL(before + 1, cut("header_too_slow"));
    }

    void answers408ToABodyThatDrips()
    {
        hub_->start();
        Client client = hub_->connect();
        const std::string whole =
            post("/api/v1/things", "{\"name\":\"" + std::string(1000, 'x') + "\"}");
        const std::size_t body = whole.find("\r\n\r\n") + 4;
        client.send(whole.substr(0, body));

        std::thread dripping([&] { drip(client, whole.substr(body)); });
        dripping.join();
        const Answer answer = last_;

        CPPUNIT_ASSERT_EQUAL(408, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("body_too_slow"),
                             answer.json()["code"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->backend.count());
    }

    void answers413WithoutReadingTheBody()
    {
        hub_->start();
        Client client = hub_->connect();
        const std::string whole = post("/api/v1/things", std::string(65537, ' '));

        // Only the header: the answer needs no byte of the body.
        const Answer answer = client.exchange(whole.substr(0, whole.find("\r\n\r\n") + 4));

        CPPUNIT_ASSERT_EQUAL(413, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("close"), answer.header("connection"));
        CPPUNIT_ASSERT_EQUAL(413, hub_->exchange(whole).status);
    }

    void answers413ToAChunkedBodyThatGrows()
    {
        hub_->start();
        Client client = hub_->connect();
        std::string bytes = request("POST",
                                    "/api/v1/things",
                                    "Content-Type: application/json\r\nIdempotency-Key: k\r\n"
                                    "Transfer-Encoding: chunked\r\n");
        for (int i = 0; i < 5; ++i) {
            bytes += "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
        }

        CPPUNIT_ASSERT_EQUAL(413, client.exchange(bytes).status);
    }

    void answers431ToALongHeader()
    {
        hub_->start();

        const Answer answer =
            hub_->exchange("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20000, 'a'));

        CPPUNIT_ASSERT_EQUAL(431, answer.status);
    }

    void closesWhenTheBodyIsNotRead()
    {
        hub_->start();
        Client client = hub_->connect();

        // The body would be a request of its own, were it taken for one.
        client.send(request("POST", "/healthz", "", request("DELETE", "/api/v1/things/1")));

        const Answer answer = client.receive();
        CPPUNIT_ASSERT_EQUAL(405, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("close"), answer.header("connection"));
        CPPUNIT_ASSERT(client.closed());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->backend.count());
    }

    void limitsConnectionsPerAddress()
    {
        hub_->settings.server.connections_per_address = 3;
        hub_->start();
        const double before = cut("too_many_connections");
        std::vector<Client> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(hub_->connect());
            CPPUNIT_ASSERT_EQUAL(200, clients.back().exchange(request("GET", "/healthz")).status);
        }

        Client fourth = hub_->connect();

        CPPUNIT_ASSERT(fourth.closed());
        CPPUNIT_ASSERT_EQUAL(before + 1, cut("too_many_connections"));
        CPPUNIT_ASSERT_EQUAL(200, clients[0].exchange(request("GET", "/healthz")).status);
        clients.clear();
        CPPUNIT_ASSERT(eventually(
            [this] { return hub_->exchange(request("GET", "/healthz")).status == 200; }));
    }

    void cutsAClientThatDoesNotTakeItsAnswer()
    {
        hub_->backend.on_read = [](const hub::gateway::Request&) {
            return hub::gateway::Reply{
                HUB_OK, {{"body", std::string(16 * 1024 * 1024, 'x')}}, {}, false};
        };
        hub_->start();
        const double before = cut("answer_taken_too_slowly");
        Client client = hub_->connect();

        // More than the buffers of both sockets hold.
        client.send(request("GET", "/api/v1/things/1"));

        CPPUNIT_ASSERT(eventually([&] { return cut("answer_taken_too_slowly") == before + 1; }));
    }

    void stopsWithRequestsInFlight()
    {
        hub_->backend.on_write = [](const hub::gateway::Request&) {
            return hub::gateway::Reply{HUB_OK,
                                       {{"status", 201}, {"body", {{"state", "creating"}}}},
                                       hub::gateway::Wait{17, "thing.get", {{"id", "1"}}},
                                       false};
        };
        hub_->start();
        Client client = hub_->connect();
        client.send(post("/api/v1/things", R"({"name":"a"})", "Prefer: wait=30\r\n"));
        CPPUNIT_ASSERT(hub_->backend.awaitWaiter());

        hub_->gateway->stop();

        const Answer answer = client.receive();
        CPPUNIT_ASSERT_EQUAL(201, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("open"), answer.json()["state"].get<std::string>());
        CPPUNIT_ASSERT(client.closed());
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{0}, hub_->gateway->port());
    }

    void stopsWithIdleAndSilentConnections()
    {
        hub_->settings.server.limits.idle_ms = 60000;
        hub_->settings.server.limits.header_ms = 60000;
        hub_->start();
        Client idle = hub_->connect();
        CPPUNIT_ASSERT_EQUAL(200, idle.exchange(request("GET", "/healthz")).status);
        Client silent = hub_->connect();
        silent.send("GET /heal");

        hub_->gateway->stop();

        CPPUNIT_ASSERT(idle.closed());
        CPPUNIT_ASSERT(silent.closed());
    }

    void refusesATakenPort()
    {
        hub_->start();
        Fixture other;
        other.settings.server.port = hub_->gateway->port();

        CPPUNIT_ASSERT_THROW(other.start(), hub::base::Failure);
    }

    void servesManyClientsAtOnce()
    {
        hub_->start();
        std::atomic<int> served{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                Client client = hub_->connect();
                for (int turn = 0; turn < 25; ++turn) {
                    Answer answer = client.exchange(post("/api/v1/things", R"({"name":"a"})"));
                    served += answer.status == 201 ? 1 : 0;
                    if (answer.header("connection") == "close") {
                        client = hub_->connect();
                    }
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }

        CPPUNIT_ASSERT_EQUAL(200, served.load());
    }

private:
    static double cut(const std::string& reason)
    {
        static const hub::observe::Counter counter{
            "hub_http_cut_total",
            "Connections that the gateway ended without an answer.",
            {"reason"}};
        return counter.value({reason});
    }

    static bool eventually(const std::function<bool()>& condition)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline) {
                return false;
            }
            std::this_thread::yield();
        }
        return true;
    }

    /// Sends byte by byte, faster than any limit per read, until the server answers or ends.
    bool drip(Client& client, const std::string& bytes)
    {
        std::mutex mutex;
        std::condition_variable pause;
        for (const char c : bytes) {
            try {
                client.send(std::string(1, c));
            } catch (const Poco::Exception&) {
                break;
            }
            std::unique_lock lock(mutex);
            pause.wait_for(lock, std::chrono::milliseconds(5));
        }
        last_ = client.receive();
        return last_.status == 0;
    }

    std::unique_ptr<Fixture> hub_;
    Answer last_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ServerTest, "server");
