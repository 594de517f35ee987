// Goal: limits, breaker, deadlines and records hold while many exchanges run. Method: a scripted
// HTTPS server whose answers wait for the test.

#include "base/encoding.hpp"
#include "base/uuid.hpp"
#include "exchange_bench.hpp"

namespace {

using namespace hub::testing;

class ExchangerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ExchangerTest);
    CPPUNIT_TEST(connectionsAreKeptPerAccount);
    CPPUNIT_TEST(theRecordTellsWhatHappenedWithoutSecrets);
    CPPUNIT_TEST(aSecretInAnAddressIsOnTheWireOnly);
    CPPUNIT_TEST(whatIsNotAllowedIsRejectedAndRecorded);
    CPPUNIT_TEST(theDeadlineOfTheCallEndsAnExchange);
    CPPUNIT_TEST(anAccountAtItsLimitDoesNotHoldOthersUp);
    CPPUNIT_TEST(whatWaitsTooLongIsNotSent);
    CPPUNIT_TEST(aFullQueueAnswersAtOnce);
    CPPUNIT_TEST(theBreakerOpensAndAProbeClosesIt);
    CPPUNIT_TEST(stoppingAnswersWhatWaits);
    CPPUNIT_TEST_SUITE_END();

public:
    void connectionsAreKeptPerAccount()
    {
        HttpsFake fake(answerAll);
        Bench bench(fake);
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, bench.run(bench.ticket(), bench.post()).status + 0);
        }
        CPPUNIT_ASSERT_EQUAL(1, fake.connections());
        CPPUNIT_ASSERT_EQUAL(HUB_OK + 0,
                             bench.run(bench.ticket(false, "other"), bench.post()).status + 0);
        CPPUNIT_ASSERT_EQUAL(2, fake.connections());
    }

    void aSecretInAnAddressIsOnTheWireOnly()
    {
        HttpsFake fake(answerAll);
        Bench bench(fake);
        Request request = bench.post("/token?secret={secret:app}&code=1");
        request.url_secrets = {{"{secret:app}", "can%26ary"}};
        CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, bench.run(bench.ticket(), request).status + 0);

        CPPUNIT_ASSERT(fake.requests().at(0).find("/token?secret=can%26ary&code=1 ") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("/token?secret=***&code=1"),
                             bench.journal.records.at(0).path);
    }

    void theRecordTellsWhatHappenedWithoutSecrets()
    {
        const std::string answer = R"({"buyer":"canary","code":"10000"})";
        HttpsFake fake([&](HttpsPeer& peer) {
            while (peer.readRequest()) {
                peer.send(HttpsFake::answer(200, answer));
            }
        });
        Bench bench(fake);
        (void)bench.run(bench.ticket(), bench.post("/pay?sign=canary&x=1"));

        const Record& record = bench.journal.records.at(0);
        CPPUNIT_ASSERT(hub::base::isUuid(record.id));
        CPPUNIT_ASSERT_EQUAL(std::string("POST"), record.method);
        CPPUNIT_ASSERT_EQUAL(fake.origin(), record.host);
        CPPUNIT_ASSERT_EQUAL(std::string("/pay?sign=***&x=1"), record.path);
        CPPUNIT_ASSERT_EQUAL(
            std::string("Content-Type: application/x-www-form-urlencoded\n\namount=1&sign=***"),
            record.request);
        CPPUNIT_ASSERT_EQUAL(hub::base::sha256Hex("amount=1&sign=canary"), record.request_digest);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{20}, record.request_bytes);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{200}, record.http_status);
        CPPUNIT_ASSERT(record.response.find(R"({"buyer":"***","code":"10000"})") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(hub::base::sha256Hex(answer), record.response_digest);
        CPPUNIT_ASSERT_EQUAL(std::string("answered"), record.ended);
        CPPUNIT_ASSERT(record.started_ms > 0 && record.ended_ms >= record.started_ms);
        // The mark stored the same row before it left.
        CPPUNIT_ASSERT_EQUAL(record.id, bench.journal.marks.at(0).id);
        CPPUNIT_ASSERT_EQUAL(record.request, bench.journal.marks.at(0).request);
        CPPUNIT_ASSERT(bench.journal.marks.at(0).bytes_left);
    }

    void whatIsNotAllowedIsRejectedAndRecorded()
    {
        HttpsFake fake(answerAll);
        Bench bench(fake);
        Request request = bench.post();
        request.url = "https://other.example.com/pay?sign=canary";
        const Exchange exchange = bench.run(bench.ticket(), request);

        CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, exchange.status + 0);
        CPPUNIT_ASSERT(exchange.reason.find("other.example.com:443") != std::string::npos);
        CPPUNIT_ASSERT(exchange.reason.find("canary") == std::string::npos);
        CPPUNIT_ASSERT(bench.journal.marks.empty());
        CPPUNIT_ASSERT(bench.journal.records.at(0).ended.starts_with("refused: "));
        CPPUNIT_ASSERT_EQUAL(0, fake.connections());
    }

    void theDeadlineOfTheCallEndsAnExchange()
    {
        HttpsFake fake(afterRequest([](HttpsPeer& peer) {
            while (peer.pause(1000)) {}
        }));
        Bench bench(fake);
        Ticket ticket = bench.ticket();
        ticket.deadline_ms = hub::base::SystemClock().nowMs() + 300;
        CPPUNIT_ASSERT_EQUAL(HUB_OUTCOME_UNKNOWN + 0, bench.run(ticket, bench.post()).status + 0);
        ticket.deadline_ms = hub::base::SystemClock().nowMs() - 1;
        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0, bench.run(ticket, bench.post()).status + 0);
        Request request = bench.post();
        request.total_timeout_ms = 300;
        CPPUNIT_ASSERT_EQUAL(HUB_OUTCOME_UNKNOWN + 0,
                             bench.run(bench.ticket(), request).status + 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, bench.journal.marks.size());
    }

    void anAccountAtItsLimitDoesNotHoldOthersUp()
    {
        Gate gate;
        HttpsFake fake(gate.script());
        Bench bench(fake, [](Settings& settings) {
            settings.threads = 3;
            settings.per_account_max = 2;
        });
        std::vector<std::future<Exchange>> slow;
        for (int i = 0; i < 5; ++i) {
            slow.push_back(bench.start(bench.ticket(false, "slow"), bench.post("/wait")));
        }
        CPPUNIT_ASSERT(fake.waitForRequests(2));
        // Three wait for their account; another one is served by the thread they do not hold.
        CPPUNIT_ASSERT_EQUAL(
            HUB_OK + 0, bench.run(bench.ticket(false, "other"), bench.post("/now")).status + 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, fake.requests().size());
        gate.open();
        for (auto& answer : slow) {
            CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, answer.get().status + 0);
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, bench.health("slow").answered);
        CPPUNIT_ASSERT_EQUAL(2, gate.most());
    }

    void whatWaitsTooLongIsNotSent()
    {
        Gate gate;
        HttpsFake fake(gate.script());
        Bench bench(fake, [](Settings& settings) { settings.per_account_max = 1; });
        auto first = bench.start(bench.ticket(), bench.post("/wait"));
        CPPUNIT_ASSERT(fake.waitForRequests(1));
        Ticket late = bench.ticket();
        late.deadline_ms = hub::base::SystemClock().nowMs() + 200;
        const Exchange second = bench.run(late, bench.post("/now"));

        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0, second.status + 0);
        CPPUNIT_ASSERT(second.reason.find("time was up") != std::string::npos);
        gate.open();
        CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, first.get().status + 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, fake.requests().size());
        CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, bench.run(bench.ticket(), bench.post("/now")).status + 0);
    }

    void aFullQueueAnswersAtOnce()
    {
        Gate gate;
        HttpsFake fake(gate.script());
        Bench bench(fake, [](Settings& settings) {
            settings.per_account_max = 1;
            settings.queue_max = 2;
        });
        auto running = bench.start(bench.ticket(), bench.post("/wait"));
        CPPUNIT_ASSERT(fake.waitForRequests(1));
        auto second = bench.start(bench.ticket(), bench.post("/now"));
        auto third = bench.start(bench.ticket(), bench.post("/now"));
        auto fourth = bench.start(bench.ticket(), bench.post("/now"));
        CPPUNIT_ASSERT(fourth.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0, fourth.get().status + 0);
        gate.open();
        for (auto* answer : {&running, &second, &third}) {
            CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, answer->get().status + 0);
        }
        bench.stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, bench.journal.records.size());
    }

    void theBreakerOpensAndAProbeClosesIt()
    {
        bool healthy = false;
        std::mutex mutex;
        HttpsFake fake([&](HttpsPeer& peer) {
            while (peer.readRequest()) {
                const std::lock_guard lock(mutex);
                if (!healthy) {
                    return peer.cut();
                }
                peer.send(HttpsFake::answer(200, "x"));
            }
        });
        Bench bench(fake, [](Settings& settings) {
            settings.breaker_failures = 3;
            settings.breaker_open_ms = 200;
        });
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(HUB_OUTCOME_UNKNOWN + 0,
                                 bench.run(bench.ticket(), bench.post()).status + 0);
        }
        const Exchange refused = bench.run(bench.ticket(), bench.post());
        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0, refused.status + 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, fake.requests().size());
        CPPUNIT_ASSERT(bench.health().breaker == BreakerState::Open);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, bench.health().unknown);
        // Another account of the same provider is asked as before.
        CPPUNIT_ASSERT_EQUAL(HUB_OUTCOME_UNKNOWN + 0,
                             bench.run(bench.ticket(false, "other"), bench.post()).status + 0);
        {
            const std::lock_guard lock(mutex);
            healthy = true;
        }
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        int status = HUB_UNAVAILABLE;
        while (status != HUB_OK && std::chrono::steady_clock::now() < give_up) {
            status = bench.run(bench.ticket(), bench.post()).status;
        }
        CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, status);
        CPPUNIT_ASSERT(bench.health().breaker == BreakerState::Closed);
    }

    void stoppingAnswersWhatWaits()
    {
        Gate gate;
        HttpsFake fake(gate.script());
        Bench bench(fake, [](Settings& settings) {
            settings.per_account_max = 1;
            settings.total_timeout_ms = 1500;
        });
        auto running = bench.start(bench.ticket(), bench.post("/wait"));
        CPPUNIT_ASSERT(fake.waitForRequests(1));
        auto waiting = bench.start(bench.ticket(), bench.post("/now"));
        bench.stop();
        CPPUNIT_ASSERT_EQUAL(HUB_UNAVAILABLE + 0, waiting.get().status + 0);
        CPPUNIT_ASSERT_EQUAL(HUB_OUTCOME_UNKNOWN + 0, running.get().status + 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, fake.requests().size());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ExchangerTest, "exchanger");
