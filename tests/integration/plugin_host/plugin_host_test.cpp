// Goal: a partner's library in its own process behaves as sdk/PROTOCOL.md says, and nothing it
// does hurts the hub. Method: the real host program, a real router and supervisor, and a library
// that does what the operation's name says.

#include "base/json.hpp"
#include "hubp/frames.hpp"
#include "hubp/services.hpp"
#include "integration/plugin_host/hub_side.hpp"
#include "support/suite.hpp"

#include <hub/ext/stream.h>

#include <Poco/TemporaryFile.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <sys/wait.h>

namespace {

namespace bus = hub::bus;
namespace hubp = hub::hubp;
namespace plugin = hub::plugin;
using hub::base::Json;

std::string packagedManifest()
{
    std::ifstream file(std::filesystem::path(HUB_HOST_FIXTURE).parent_path() / "manifest.json");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

template <typename Value>
std::string packed(const Value& value)
{
    return hubp::encodeService(value).value();
}

class PluginHostTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginHostTest);
    CPPUNIT_TEST(startedByHandItSaysWhatItIs);
    CPPUNIT_TEST(callsAndCallbacksAreAnsweredWithTheirEnvelope);
    CPPUNIT_TEST(answersGiveCreditBackAndCallbacksDoNot);
    CPPUNIT_TEST(aThrowBecomesAStatusAndTheProcessLives);
    CPPUNIT_TEST(onlyTheFirstAnswerCounts);
    CPPUNIT_TEST(whatIsPublishedIsToldAfterTheCommit);
    CPPUNIT_TEST(servicesGoToTheHubAndBack);
    CPPUNIT_TEST(sessionsRunBesideCalls);
    CPPUNIT_TEST(sessionsGiveNoCreditBack);
    CPPUNIT_TEST(stopEndsStreamsAfterCalls);
    CPPUNIT_TEST(whatIsNotGrantedIsNotThere);
    CPPUNIT_TEST(eventsOfOneKeyNeverOverlapOrOvertake);
    CPPUNIT_TEST(aFailedEventBlocksItsKeyUntilResume);
    CPPUNIT_TEST(aCrashIsSeenAndTheNextProcessServes);
    CPPUNIT_TEST(aCrashLoopFaultsTheLibrary);
    CPPUNIT_TEST(aStalledProcessIsKilledAndReplaced);
    CPPUNIT_TEST(refusedLibrariesAreFaultedWithTheirSentence);
    CPPUNIT_TEST(stopLetsWhatRunsEndAndRefusesTheRest);
    CPPUNIT_TEST(aHungCallEndsAtTheDeadline);
    CPPUNIT_TEST(aSilentHubEndsTheProcess);
    CPPUNIT_TEST(outputIsCaptured);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        folder_ = Poco::TemporaryFile::tempName();
        std::filesystem::create_directory(folder_);
        ::chmod(folder_.c_str(), 0700);
        hub_ = std::make_unique<hub::test::HubSide>();
        hub_->next_welcome = {packagedManifest(), R"({"config":{},"accounts":{}})", 8};
        router_settings_.endpoint = "ipc://" + folder_ + "/hub.sock";
        router_settings_.heartbeat_ms = 200;
        router_settings_.heartbeats_missed_max = 50;
        settings_.library = "host_fixture";
        settings_.host_program = HUB_HOST_PROGRAM;
        settings_.library_path = HUB_HOST_FIXTURE;
        settings_.manifest_path =
            std::filesystem::path(HUB_HOST_FIXTURE).parent_path() / "manifest.json";
        settings_.restart = {10, 100, 5};
    }

    void tearDown() override
    {
        end();
        hub_.reset();
        std::filesystem::remove_all(folder_);
    }

    void startedByHandItSaysWhatItIs()
    {
        const std::string command =
            std::string("env -i ") + HUB_HOST_PROGRAM + " 2> " + folder_ + "/text";
        const int status = std::system(command.c_str()); // NOLINT(concurrency-mt-unsafe)
        CPPUNIT_ASSERT(WIFEXITED(status));
        CPPUNIT_ASSERT_EQUAL(2, WEXITSTATUS(status));
        std::ifstream file(folder_ + "/text");
        std::string line;
        std::getline(file, line);
        CPPUNIT_ASSERT_MESSAGE(line, line.find("runs one library for a hub") != std::string::npos);
    }

    void callsAndCallbacksAreAnsweredWithTheirEnvelope()
    {
        start();
        expect(R"(log 2 created with {"config":{},"accounts":{}})");
        expect("log 2 started");
        call(41, "echo", R"({"a":"票"})");
        expect("answered 41/1 1 payment|echo|key-1|demo|idem-41 {\"a\":\"票\"}");
        hub::journal::CallDelivery delivery = deliveryOf(42, "echo", "{}");
        delivery.delivery = 9;
        CPPUNIT_ASSERT(router_->sendCallback(hub_->host(), delivery));
        expect("answered 42/9 1 payment|echo");
        call(43, "later");
        expect("answered 43/1 12 from another thread");
        call(44, "unheard_of");
        expect("answered 44/1 10 no such operation");
        const std::string large = "\"" + std::string(HUB_PAYLOAD_BYTES_MAX - 2, 'x') + "\"";
        call(45, "echo", large);
        CPPUNIT_ASSERT(hub_->waitFor("answered 45/1 1").size() > large.size());
    }

    void answersGiveCreditBackAndCallbacksDoNot()
    {
        start();
        expect("credit 8");
        CPPUNIT_ASSERT(router_->sendCallback(hub_->host(), deliveryOf(1, "echo", "{}")));
        expect("answered 1/1 1");
        CPPUNIT_ASSERT_EQUAL(1, hub_->seen("credit"));
        call(2, "echo");
        expect("answered 2/1 1");
        expect("credit 1");
    }

    void aThrowBecomesAStatusAndTheProcessLives()
    {
        start();
        call(1, "throw");
        expect("answered 1/1 9 the library dropped the call without an answer");
        expect("log 4 thrown on purpose");
        call(2, "status_zero");
        expect("answered 2/1 9 the library answered without a status");
        call(3, "echo");
        expect("answered 3/1 1");
        CPPUNIT_ASSERT_EQUAL(1, hub_->seen("state running"));
    }

    void onlyTheFirstAnswerCounts()
    {
        start();
        call(1, "twice");
        expect("answered 1/1 1 first");
        call(2, "echo");
        expect("answered 2/1");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(hub_->all(), 2, hub_->seen("answered"));
        process_->stop(clock_.nowMs() + 20000);
        expect("log 3 ignored 2 second or unknown answers of the library and 0 of the hub");
    }

    void whatIsPublishedIsToldAfterTheCommit()
    {
        start();
        call(1, "publish");
        expect("published 1 fixture.done key-1 4 uuid-1 host_fixture");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("it waits", 0, hub_->seen("answered"));
        router_->send(hub_->host(), 1, hub::journal::Published{HUB_OK, 77});
        expect("answered 1/1 1 published");
        call(2, "publish");
        expect("published 2");
        router_->send(hub_->host(), 2, hub::journal::Published{HUB_REJECTED, 0});
        expect("answered 2/1 2");
        call(3, "publish_async");
        expect("published 3");
        router_->send(hub_->host(), 999, hub::journal::Published{HUB_OK, 1});
        router_->send(hub_->host(), 3, hub::journal::Published{HUB_OK, 78});
        expect("answered 3/1 1 seq 78");
        call(4, "publish_too_long");
        expect("answered 4/1 3 seq 0");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(hub_->all(), 3, hub_->seen("published"));
    }

    void servicesGoToTheHubAndBack()
    {
        start();
        call(1, "sign", "{\"to\":\"sign\"}");
        bus::ServiceFrame frame = hub_->waitForService("sign");
        CPPUNIT_ASSERT_EQUAL(std::string("hub.keys/1"), frame.extension);
        CPPUNIT_ASSERT_EQUAL(hub_call_id{1}, frame.call_id);
        const auto use = hubp::decodeService<hubp::KeyUse>(frame.arguments);
        CPPUNIT_ASSERT(use.value() ==
                       (hubp::KeyUse{"app_key", "rsa_sha256", "{\"to\":\"sign\"}", ""}));
        serve(frame, HUB_OK, packed(hubp::Bytes{"signature"}));
        expect("answered 1/1 1  signature");
        call(2, "sign");
        serve(hub_->waitForService("sign"), HUB_NOT_FOUND, {});
        expect("answered 2/1 5 the account has no such key");
        call(3, "exchange", "body");
        frame = hub_->waitForService("exchange");
        const auto request = hubp::decodeService<hubp::HttpExchange>(frame.arguments);
        CPPUNIT_ASSERT(request.value() == (hubp::HttpExchange{"POST",
                                                              "https://openapi.example.com/gateway",
                                                              {{"content-type", "text/plain"}},
                                                              "body",
                                                              0}));
        const std::string body(HUB_PAYLOAD_BYTES_MAX, 'b');
        serve(frame, HUB_OK, packed(hubp::HttpAnswer{200, {{"x-fixture", "yes"}}, body}));
        CPPUNIT_ASSERT_EQUAL("answered 3/1 1 yes " + body, hub_->waitFor("answered 3/1 1"));
        call(4, "exchange");
        serve(hub_->waitForService("exchange"), HUB_OK, "garbage");
        expect("answered 4/1 9");
        call(5, "blob", "12345");
        serve(hub_->waitForService("begin"), HUB_OK, packed(hubp::BlobWriter{7}));
        frame = hub_->waitForService("append");
        CPPUNIT_ASSERT(hubp::decodeService<hubp::BlobAppend>(frame.arguments).value() ==
                       (hubp::BlobAppend{7, "12345"}));
        serve(frame, HUB_OK, {});
        serve(hub_->waitForService("finish"), HUB_OK, packed(hubp::BlobDigest{"abcd"}));
        serve(hub_->waitForService("size"), HUB_OK, packed(hubp::BlobSize{5}));
        expect("answered 5/1 1 abcd 5");
        router_->send(hub_->host(), bus::ServedFrame{4711, HUB_OK, "nobody asked"});
        call(6, "echo");
        expect("answered 6/1 1");
    }

    void sessionsRunBesideCalls()
    {
        start();
        std::vector<bus::ServiceFrame> exchanges;
        for (hub_call_id id = 1; id <= 4; ++id) { // all that concurrency_max allows
            call(id, "exchange");
            exchanges.push_back(hub_->waitForService("exchange"));
        }
        beginSession();
        bus::ServiceFrame frame = hub_->waitForService("open");
        CPPUNIT_ASSERT_EQUAL(std::string("hub.stream/1"), frame.extension);
        CPPUNIT_ASSERT_EQUAL(kSession, frame.call_id);
        CPPUNIT_ASSERT(hubp::decodeService<hubp::StreamOpen>(frame.arguments).value() ==
                       (hubp::StreamOpen{"line.example.com:7890", HUB_STREAM_TLS, 3000}));
        serve(frame, HUB_OK, packed(hubp::StreamName{7}));
        frame = hub_->waitForService("read");
        CPPUNIT_ASSERT_EQUAL(hub_call_id{0}, frame.call_id);
        CPPUNIT_ASSERT(hubp::decodeService<hubp::StreamRead>(frame.arguments).value() ==
                       (hubp::StreamRead{7, 65536, 60000}));
        serve(frame, HUB_OK, packed(hubp::Bytes{"hello"}));
        expect("log 2 read hello");
        frame = hub_->waitForService("read");
        for (const bus::ServiceFrame& exchange : exchanges) {
            serve(exchange, HUB_OK, packed(hubp::HttpAnswer{200, {}, ""}));
        }

        call(5, "talk", "7");
        bus::ServiceFrame talk = hub_->waitForService("begin");
        CPPUNIT_ASSERT_EQUAL(hub_call_id{5}, talk.call_id);
        CPPUNIT_ASSERT(hubp::decodeService<hubp::StreamName>(talk.arguments).value() ==
                       hubp::StreamName{7});
        serve(talk, HUB_OK, {});
        talk = hub_->waitForService("write");
        CPPUNIT_ASSERT(hubp::decodeService<hubp::StreamWrite>(talk.arguments).value() ==
                       (hubp::StreamWrite{7, "message", 50}));
        serve(talk, HUB_OK, {});
        expect("answered 5/1 1 talked");

        serve(frame, HUB_NOT_FOUND, {});
        serve(hub_->waitForService("close"), HUB_OK, {});
        expect("answered " + std::to_string(kSession) + "/1 5 session over for demo");
    }

    void sessionsGiveNoCreditBack()
    {
        start();
        expect("credit 8");
        beginSession();
        serve(hub_->waitForService("open"), HUB_UNAVAILABLE, {});
        expect("answered " + std::to_string(kSession) + "/1 8 session over");
        call(2, "echo");
        expect("answered 2/1 1");
        expect("credit 1");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(hub_->all(), 2, hub_->seen("credit"));
    }

    void stopEndsStreamsAfterCalls()
    {
        start();
        beginSession();
        serve(hub_->waitForService("open"), HUB_OK, packed(hubp::StreamName{7}));
        (void)hub_->waitForService("read");
        call(1, "exchange");
        const bus::ServiceFrame frame = hub_->waitForService("exchange");
        call(2, "talk", "7");
        const bus::ServiceFrame talk = hub_->waitForService("begin");

        process_->requestStop(clock_.nowMs() + 20000);
        expect("state stopping");
        // What is being sent gets its end; streams work until then.
        serve(talk, HUB_OK, {});
        serve(hub_->waitForService("write"), HUB_OK, {});
        expect("answered 2/1 1 talked");
        serve(frame, HUB_OK, packed(hubp::HttpAnswer{200, {}, "whole"}));
        expect("answered 1/1 1  whole");
        expect("answered " + std::to_string(kSession) + "/1 8 session over");
        expect("log 2 stopped");
        expect("lost said BYE: stopped");
        const std::string all = hub_->all();
        CPPUNIT_ASSERT_MESSAGE(
            all, all.find("answered 1/1") < all.find("answered " + std::to_string(kSession)));
        CPPUNIT_ASSERT_MESSAGE(
            all, all.find("answered " + std::to_string(kSession)) < all.find("log 2 stopped"));
    }

    void whatIsNotGrantedIsNotThere()
    {
        start();
        call(1, "not_granted");
        expect("answered 1/1 10");
    }

    void eventsOfOneKeyNeverOverlapOrOvertake()
    {
        start();
        constexpr int kEvents = 200;
        for (int seq = 1; seq <= kEvents; ++seq) {
            event(seq, seq % 2 == 0 ? "even" : "odd", "{}");
        }
        expect("ack 199 1");
        expect("ack 200 1");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(hub_->all(), kEvents, countOkAcks(kEvents));
        std::istringstream lines(hub_->all());
        int last[2] = {0, 0};
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("ack ")) {
                const int seq = std::stoi(line.substr(4));
                CPPUNIT_ASSERT(seq > last[seq % 2]);
                last[seq % 2] = seq;
            }
        }
        CPPUNIT_ASSERT_EQUAL(199, last[1]);
    }

    void aFailedEventBlocksItsKeyUntilResume()
    {
        start();
        event(1, "a", R"({"wait":true,"fail":true})");
        event(2, "a", "{}");
        event(3, "a", "{}");
        event(4, "b", "{}");
        expect("ack 4 1");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("2 and 3 wait for 1", 1, hub_->seen("ack"));
        const bus::ServiceFrame frame = hub_->waitForService("exchange");
        CPPUNIT_ASSERT_EQUAL(hubp::kEventCallBit | hub_call_id{1}, frame.call_id);
        serve(frame, HUB_OK, packed(hubp::HttpAnswer{200, {}, ""}));
        expect("ack 1 8 failed on purpose");
        expect("ack 2 7 blocked");
        expect("ack 3 7 blocked");
        event(5, "a", "{}");
        expect("ack 5 7 blocked");
        event(6, "b", "{}");
        expect("ack 6 1");
        event(1, "a", "{}", true);
        expect("ack 1 1");
        event(7, "a", "{}");
        expect("ack 7 1");
    }

    void aCrashIsSeenAndTheNextProcessServes()
    {
        start();
        const bus::HostId first = hub_->host();
        call(1, "exchange");
        hub_->waitForService("exchange");
        call(2, "crash");
        expect("lost was ended by signal 11 (SEGV)");
        expect("state backing off: was ended by signal 11 (SEGV)");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("in flight stays open", 0, hub_->seen("answered"));
        CPPUNIT_ASSERT(!router_->send(first, deliveryOf(3, "echo", "{}")));
        CPPUNIT_ASSERT_MESSAGE(hub_->all(), hub_->waitForCount("ready", 2));
        call(3, "echo");
        expect("answered 3/1 1");
        CPPUNIT_ASSERT(hub_->host().incarnation > first.incarnation);
    }

    void aCrashLoopFaultsTheLibrary()
    {
        start();
        for (int crash = 1; crash <= settings_.restart.crashes_max; ++crash) {
            CPPUNIT_ASSERT_MESSAGE(hub_->all(), hub_->waitForCount("ready", crash));
            call(hub_call_id(crash), "crash");
            CPPUNIT_ASSERT_MESSAGE(hub_->all(), hub_->waitForCount("lost", crash));
        }
        expect("state faulted: library \"host_fixture\" crashed 5 times without progress");
    }

    void aStalledProcessIsKilledAndReplaced()
    {
        router_settings_.heartbeats_missed_max = 3;
        router_settings_.heartbeat_ms = 500;
        start();
        ::kill(childPid(), SIGSTOP);
        expect("lost was silent for 3 heartbeats of 500 ms");
        expect("state backing off: was ended by signal 9 (KILL), after it was silent");
        CPPUNIT_ASSERT_MESSAGE(hub_->all(), hub_->waitForCount("ready", 2));
        call(1, "echo");
        expect("answered 1/1 1");
    }

    void refusedLibrariesAreFaultedWithTheirSentence()
    {
        Json manifest = Json::parse(packagedManifest());
        struct Row {
            const char* member;
            Json value;
            const char* config;
            const char* sentence;
        };
        const Row rows[] = {
            {"sha256", std::string(64, '0'), "{}", "has the SHA-256"},
            {"sha256", "", "{}", "its manifest names no sha256"},
            {"id", "other", "{}", "calls itself \"host_fixture\", its manifest says \"other\""},
            {"version", "9.9.9", "{}", "has version \"1.2.3\", its manifest says \"9.9.9\""},
            {"title", "x", R"({"refuse":1})", "can't be created: \"refuse\" is set, must not be"},
        };
        for (const Row& row : rows) {
            Json changed = manifest;
            changed[row.member] = row.value;
            hub_ = std::make_unique<hub::test::HubSide>();
            hub_->next_welcome = {changed.dump(), row.config, 8};
            begin();
            const std::string fault = hub_->waitFor("state faulted");
            CPPUNIT_ASSERT_MESSAGE(hub_->all(), fault.find(row.sentence) != std::string::npos);
            CPPUNIT_ASSERT_EQUAL(1, hub_->seen("state running"));
            end();
        }
    }

    void stopLetsWhatRunsEndAndRefusesTheRest()
    {
        start();
        call(1, "exchange");
        const bus::ServiceFrame frame = hub_->waitForService("exchange");
        event(2, "a", R"({"wait":true})");
        const bus::ServiceFrame waiting = hub_->waitForService("exchange");
        event(3, "a", "{}");
        process_->requestStop(clock_.nowMs() + 20000);
        expect("ack 3 7 blocked");
        serve(waiting, HUB_OK, packed(hubp::HttpAnswer{200, {}, ""}));
        serve(frame, HUB_OK, packed(hubp::HttpAnswer{200, {}, "late but whole"}));
        expect("ack 2 1");
        expect("answered 1/1 1  late but whole");
        expect("log 2 stopped");
        expect("lost said BYE: stopped");
        expect("state stopped: exited with code 0");
    }

    void aHungCallEndsAtTheDeadline()
    {
        start();
        call(1, "hang");
        call(2, "echo");
        expect("answered 2/1 1");
        const auto before = std::chrono::steady_clock::now();
        process_->stop(clock_.nowMs() + 2000);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - before < std::chrono::seconds(6));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(hub_->all(), 0, hub_->seen("answered 1/"));
        CPPUNIT_ASSERT_MESSAGE(hub_->all(), hub_->seen("state stopped") == 1);
        expect("lost said BYE: a delivery is still");
    }

    void aSilentHubEndsTheProcess()
    {
        router_settings_.heartbeats_missed_max = 3;
        router_settings_.heartbeat_ms = 500;
        start();
        {
            const std::lock_guard hold(hub_->hold);
            call(1, "echo"); // its answer stops the router's thread
            const pid_t pid = childPid();
            const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
            while (!hasEnded(pid) && std::chrono::steady_clock::now() < deadline) {
                std::this_thread::yield();
            }
            CPPUNIT_ASSERT(hasEnded(pid));
        }
        expect("output expohub-plugin-host: the hub was silent for 1500 ms");
        expect("state backing off: exited with code 1");
    }

    void outputIsCaptured()
    {
        start();
        call(1, "print");
        expect("output a line on stdout");
        expect("output a line on stderr");
    }

private:
    void begin()
    {
        router_ = std::make_unique<bus::Router>(context_, router_settings_, *hub_);
        process_ = std::make_unique<plugin::HostProcess>(settings_, *router_, clock_, *hub_);
        hub_->process = process_.get();
        router_->start();
        process_->start();
    }

    /// The router's thread, which tells the supervisor, ends first.
    void end()
    {
        if (router_) {
            router_->stop();
        }
        process_.reset();
        router_.reset();
    }

    void start()
    {
        begin();
        expect("ready");
    }

    void expect(const std::string& start)
    {
        const bool came = !hub_->waitFor(start).empty();
        CPPUNIT_ASSERT_MESSAGE("no \"" + start + "\" in:" + hub_->all(), came);
    }

    static hub::journal::CallDelivery
    deliveryOf(hub_call_id id, const std::string& operation, const std::string& payload)
    {
        hub::journal::CallDelivery delivery;
        delivery.id = id;
        delivery.delivery = 1;
        delivery.uuid = "uuid-" + std::to_string(id);
        delivery.contract = "payment";
        delivery.operation = operation;
        delivery.key = "key-1";
        delivery.edition = "4";
        delivery.account = "demo";
        delivery.idempotency_key = "idem-" + std::to_string(id);
        delivery.payload = payload;
        return delivery;
    }

    static constexpr hub_call_id kSession = hub_call_id{1} << 61U;

    void beginSession()
    {
        CPPUNIT_ASSERT(router_->sendSession(hub_->host(), deliveryOf(kSession, "session", "{}")));
    }

    void call(hub_call_id id, const std::string& operation, const std::string& payload = "{}")
    {
        CPPUNIT_ASSERT(router_->send(hub_->host(), deliveryOf(id, operation, payload)));
    }

    void
    event(std::int64_t seq, const std::string& key, const std::string& payload, bool resume = false)
    {
        auto event = std::make_shared<hub::journal::Event>();
        event->seq = seq;
        event->type = "fixture.happened";
        event->key = key;
        event->payload = payload;
        CPPUNIT_ASSERT(router_->send(
            hub_->host(), hub::journal::EventDelivery{"host_fixture", event, 1, false, resume}));
    }

    void serve(const bus::ServiceFrame& frame, hub_status status, const std::string& result)
    {
        CPPUNIT_ASSERT_MESSAGE(hub_->all(), frame.service_id != 0);
        CPPUNIT_ASSERT(
            router_->send(hub_->host(), bus::ServedFrame{frame.service_id, status, result}));
    }

    int countOkAcks(int events)
    {
        int count = 0;
        for (int seq = 1; seq <= events; ++seq) {
            count += hub_->seen("ack " + std::to_string(seq) + " 1 ");
        }
        return count;
    }

    pid_t childPid()
    {
        const std::string line = hub_->waitFor("state running: process ");
        return std::stoi(line.substr(line.rfind(' ')));
    }

    /// Gone or a zombie: its supervisor may still wait for the listener.
    static bool hasEnded(pid_t pid)
    {
        std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
        std::string number;
        std::string name;
        std::string state;
        return !(file >> number >> name >> state) || state == "Z";
    }

    std::string folder_;
    zmq::context_t context_;
    hub::base::SystemClock clock_;
    bus::RouterSettings router_settings_;
    plugin::HostProcessSettings settings_;
    std::unique_ptr<hub::test::HubSide> hub_;
    std::unique_ptr<bus::Router> router_;
    std::unique_ptr<plugin::HostProcess> process_;
};

HUB_TEST_SUITE_REGISTRATION(PluginHostTest, "plugin_host");

} // namespace
