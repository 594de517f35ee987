// Goal: only the process that shows its token gets in, and nothing a peer sends or withholds
// stops the router. Method: a raw DEALER speaks to a real router over ipc.

#include "base/exception.hpp"
#include "bus/router.hpp"
#include "hubp/socket.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace bus = hub::bus;
namespace hubp = hub::hubp;
using namespace std::chrono_literals;

constexpr auto kPatience = 10s;

/// Writes down what it is told, one line each, and wakes who waits for it.
class Notes final : public bus::RouterListener {
public:
    void hostReady(const bus::HostId& host) override { note("ready " + host.library); }
    void hostLost(const bus::HostId& host, const std::string& reason) override
    {
        note("lost " + host.library + ": " + reason);
    }
    void credit(const bus::HostId&, std::uint32_t count) override
    {
        note("credit " + std::to_string(count));
    }
    void answered(const bus::HostId&, hub::journal::CallAnswer answer) override
    {
        note("answered " + std::to_string(answer.id) + "/" + std::to_string(answer.delivery) + " " +
             std::to_string(answer.status) + " " + answer.message + " " + answer.payload);
    }
    void acknowledged(const bus::HostId&, hub::journal::Acknowledgement ack) override
    {
        note("acknowledged " + std::to_string(ack.seq) + " " + std::to_string(ack.status));
    }
    void published(const bus::HostId&, bus::PublishFrame frame) override
    {
        note("published " + std::to_string(frame.token) + " " + frame.publication.type + " by " +
             frame.publication.publisher);
    }
    void service(const bus::HostId&, bus::ServiceFrame frame) override
    {
        note("service " + frame.extension + " " + frame.operation);
    }
    void logged(const bus::HostId&, int level, const std::string& message) override
    {
        note("log " + std::to_string(level) + " " + message);
    }

    /// Who locks it stops the router's thread at the next note.
    std::mutex hold;

    bool has(const std::string& line)
    {
        const std::lock_guard lock(mutex_);
        return find(line);
    }

    bool waitFor(const std::string& line)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPatience, [&] { return find(line); });
    }

    std::string all()
    {
        const std::lock_guard lock(mutex_);
        std::string text;
        for (const std::string& line : lines_) {
            text += line + "\n";
        }
        return text;
    }

private:
    bool find(const std::string& start) const
    {
        for (const std::string& line : lines_) {
            if (line.starts_with(start)) {
                return true;
            }
        }
        return false;
    }

    void note(std::string line)
    {
        const std::lock_guard held(hold);
        {
            const std::lock_guard lock(mutex_);
            lines_.push_back(std::move(line));
        }
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
};

/// A host's side of the wire, by hand.
class RawPeer {
public:
    RawPeer(zmq::context_t& context, const std::string& endpoint)
        : socket_(context, zmq::socket_type::dealer)
    {
        socket_.set(zmq::sockopt::linger, 0);
        socket_.connect(endpoint);
    }

    void send(const hubp::Frame& frame)
    {
        CPPUNIT_ASSERT(hubp::sendMessage(socket_, "", hubp::encode(frame).value()));
    }

    void sendRaw(const std::vector<std::string>& parts)
    {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            socket_.send(zmq::buffer(parts[i]),
                         i + 1 < parts.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
        }
    }

    /// What was sent leaves even when the peer is gone.
    void lingerOn() { socket_.set(zmq::sockopt::linger, 1000); }

    /// Waits for the next PING, within a bound, and answers it.
    void answerPing()
    {
        zmq::pollitem_t item = {socket_.handle(), 0, ZMQ_POLLIN, 0};
        zmq::poll(&item, 1, 100ms);
        if (received_.receive(socket_)) {
            send(hubp::Pong{});
        }
    }

    /// The next message that is no PING.
    hubp::Frame next()
    {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        while (std::chrono::steady_clock::now() < deadline) {
            zmq::pollitem_t item = {socket_.handle(), 0, ZMQ_POLLIN, 0};
            zmq::poll(&item, 1, 100ms);
            if (!received_.receive(socket_)) {
                continue;
            }
            hubp::Frame frame = hubp::decode(received_.parts()).value();
            if (!std::holds_alternative<hubp::Ping>(frame)) {
                return frame;
            }
        }
        CPPUNIT_FAIL("the router did not answer");
        return hubp::Ping{};
    }

    template <typename Expected>
    Expected next()
    {
        const hubp::Frame frame = next();
        const auto* expected = std::get_if<Expected>(&frame);
        CPPUNIT_ASSERT_MESSAGE("got " + std::string(hubp::nameOf(hubp::commandOf(frame))),
                               expected != nullptr);
        return *expected;
    }

private:
    zmq::socket_t socket_;
    hubp::ReceivedMessage received_;
};

hubp::Hello helloWith(const std::string& token, const std::string& library = "lib")
{
    return {token, library, "1.0.0", "0.1.0", HUB_ABI_MAJOR, HUB_ABI_MINOR, 1};
}

hub::journal::CallDelivery call(hub_call_id id)
{
    hub::journal::CallDelivery call;
    call.id = id;
    call.delivery = 2;
    call.contract = "payment";
    call.operation = "create";
    call.account = "demo";
    call.payload = "{}";
    return call;
}

class RouterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RouterTest);
    CPPUNIT_TEST(aHostWithItsTokenIsWelcomeAndServed);
    CPPUNIT_TEST(everythingAHostMaySayReachesTheListener);
    CPPUNIT_TEST(aTokenIsGoodForOneHelloOfItsLibrary);
    CPPUNIT_TEST(strangersAreRefusedAndNeverHeard);
    CPPUNIT_TEST(garbageIsCountedAndTheOthersGoOn);
    CPPUNIT_TEST(aHostThatBreaksTheProtocolIsLost);
    CPPUNIT_TEST(aSilentHostIsLostAndATalkingOneIsNot);
    CPPUNIT_TEST(lateHelloAndLateStartAreLost);
    CPPUNIT_TEST(dismissedHostsGetStopAndNoMoreCalls);
    CPPUNIT_TEST(whatADeadHostHadSentStillCounts);
    CPPUNIT_TEST(anExpelledHostThatLivesOnIsAStranger);
    CPPUNIT_TEST(theNextHostOfALibraryBeginsAfterTheEndOfTheLast);
    CPPUNIT_TEST(aFullQueueRefuses);
    CPPUNIT_TEST(brokenLimitsAreTheSendersFault);
    CPPUNIT_TEST(theFolderMustBePrivate);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        folder_ = Poco::TemporaryFile::tempName();
        std::filesystem::create_directory(folder_);
        ::chmod(folder_.c_str(), 0700);
        settings_.endpoint = "ipc://" + folder_ + "/hub.sock";
        settings_.heartbeat_ms = 50;
        settings_.heartbeats_missed_max = 200;
        lib_ = {"lib", 1};
    }

    void tearDown() override
    {
        router_.reset();
        std::filesystem::remove_all(folder_);
    }

    void aHostWithItsTokenIsWelcomeAndServed()
    {
        start();
        RawPeer peer(context_, settings_.endpoint);
        CPPUNIT_ASSERT(!router_->send(lib_, call(1)));
        peer.send(helloWith(router_->admit(lib_, {"{\"id\":\"lib\"}", "{\"a\":1}", 7})));
        const auto welcome = peer.next<hubp::Welcome>();
        CPPUNIT_ASSERT_EQUAL(std::string("{\"id\":\"lib\"}"), welcome.manifest_json);
        CPPUNIT_ASSERT_EQUAL(std::string("{\"a\":1}"), welcome.config_json);
        CPPUNIT_ASSERT_EQUAL(7U, welcome.credit_max);
        CPPUNIT_ASSERT_EQUAL(50U, welcome.heartbeat_ms);
        CPPUNIT_ASSERT_MESSAGE("not before its credit", !router_->send(lib_, call(1)));
        peer.send(hubp::Credit{7});
        CPPUNIT_ASSERT(notes_.waitFor("ready lib"));
        CPPUNIT_ASSERT(notes_.waitFor("credit 7"));
        CPPUNIT_ASSERT(router_->send(lib_, call(41)));
        const auto received = peer.next<hubp::Call>();
        CPPUNIT_ASSERT_EQUAL(hub_call_id{41}, received.envelope.call_id);
        CPPUNIT_ASSERT_EQUAL(2U, received.delivery);
        CPPUNIT_ASSERT_EQUAL(std::string("payment"), received.envelope.type);
        CPPUNIT_ASSERT(router_->sendCallback(lib_, call(42)));
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{HUB_SOURCE_CALLBACK},
                             peer.next<hubp::Callback>().envelope.source);
        hub::journal::Event event;
        event.seq = 9;
        event.key = "k";
        const auto shared = std::make_shared<const hub::journal::Event>(event);
        CPPUNIT_ASSERT(
            router_->send(lib_, hub::journal::EventDelivery{"lib", shared, 3, true, true}));
        const auto arrived = peer.next<hubp::Event>();
        CPPUNIT_ASSERT(arrived.resume);
        CPPUNIT_ASSERT_EQUAL(hubp::kEventCallBit | 9U, arrived.envelope.call_id);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{HUB_FLAG_REPLAY}, arrived.envelope.flags);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, router_->counters().hosts_welcomed);
    }

    void everythingAHostMaySayReachesTheListener()
    {
        start();
        RawPeer peer(context_, settings_.endpoint);
        welcome(peer);
        peer.send(hubp::Outcome{41, 2, HUB_OK, 0, "fine", "{}"});
        peer.send(hubp::Ack{9, HUB_ALREADY_DONE, 0, ""});
        hubp::Publish publish;
        publish.token = 5;
        publish.envelope.type = "a.b";
        publish.envelope.principal = "somebody else";
        peer.send(publish);
        peer.send(hubp::Service{1, 41, "hub.http/1", "exchange", "x"});
        peer.send(hubp::Log{3, "hello"});
        CPPUNIT_ASSERT(notes_.waitFor("log 3 hello"));
        for (const char* line : {"answered 41/2 1 fine {}",
                                 "acknowledged 9 6",
                                 "published 5 a.b by lib",
                                 "service hub.http/1 exchange"}) {
            CPPUNIT_ASSERT_MESSAGE(line, notes_.has(line));
        }
        CPPUNIT_ASSERT(router_->send(lib_, 5, hub::journal::Published{HUB_OK, 77}));
        CPPUNIT_ASSERT(peer.next<hubp::Published>() == (hubp::Published{5, HUB_OK, 77}));
        CPPUNIT_ASSERT(router_->send(lib_, bus::ServedFrame{1, HUB_REJECTED, "r"}));
        CPPUNIT_ASSERT(peer.next<hubp::Served>() == (hubp::Served{1, HUB_REJECTED, "r"}));
    }

    void aTokenIsGoodForOneHelloOfItsLibrary()
    {
        start();
        const std::string token = router_->admit(lib_, {});
        RawPeer wrong(context_, settings_.endpoint);
        wrong.send(helloWith("0123"));
        CPPUNIT_ASSERT(wrong.next<hubp::Refuse>().message.find("unknown or was used") !=
                       std::string::npos);
        RawPeer first(context_, settings_.endpoint);
        first.send(helloWith(token));
        first.next<hubp::Welcome>();
        RawPeer second(context_, settings_.endpoint);
        second.send(helloWith(token));
        second.next<hubp::Refuse>();
        const bus::HostId other{"other", 2};
        RawPeer thief(context_, settings_.endpoint);
        thief.send(helloWith(router_->admit(other, {}), "lib"));
        CPPUNIT_ASSERT_EQUAL(std::string("the token is for library \"other\", HELLO names \"lib\""),
                             thief.next<hubp::Refuse>().message);
        CPPUNIT_ASSERT(notes_.waitFor("lost other: the token is for"));
        first.send(hubp::Credit{1});
        CPPUNIT_ASSERT(notes_.waitFor("ready lib"));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, router_->counters().hellos_refused);
    }

    void strangersAreRefusedAndNeverHeard()
    {
        start();
        RawPeer stranger(context_, settings_.endpoint);
        const std::vector<hubp::Frame> frames = {hubp::Outcome{1, 1, HUB_OK, 0, "", ""},
                                                 hubp::Ack{1, HUB_OK, 0, ""},
                                                 hubp::Publish{},
                                                 hubp::Service{1, 1, "hub.keys/1", "sign", ""},
                                                 hubp::Credit{5},
                                                 hubp::Log{5, "x"},
                                                 hubp::Bye{}};
        for (const hubp::Frame& frame : frames) {
            stranger.send(frame);
            CPPUNIT_ASSERT(stranger.next<hubp::Refuse>().message.find("not welcome") !=
                           std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), notes_.all());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{frames.size()}, router_->counters().strangers);
    }

    void garbageIsCountedAndTheOthersGoOn()
    {
        start();
        RawPeer peer(context_, settings_.endpoint);
        welcome(peer);
        RawPeer stranger(context_, settings_.endpoint);
        const std::vector<std::vector<std::string>> garbage = {
            {""},
            {"GET / HTTP/1.1"},
            {"HUBP1"},
            {"HUBP1", "\x01", "", ""},
            {"HUBP1", "\x63", "\x80", ""},
            {"HUBP1", "\x0C", "\x80", "", "more"},
            std::vector<std::string>(50, "x"),
            {"HUBP1", "\x01", std::string(5000, 'x'), ""}};
        for (const auto& parts : garbage) {
            stranger.sendRaw(parts);
            stranger.next<hubp::Refuse>();
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{garbage.size()}, router_->counters().malformed);
        // Over the socket's own limit the connection is cut; nobody else notices.
        stranger.sendRaw({"HUBP1", "\x04", "\x80", std::string(3U << 20U, 'x')});
        peer.send(hubp::Log{2, "still here"});
        CPPUNIT_ASSERT(notes_.waitFor("log 2 still here"));
        CPPUNIT_ASSERT(!notes_.has("lost"));
    }

    void aHostThatBreaksTheProtocolIsLost()
    {
        start();
        RawPeer garbler(context_, settings_.endpoint);
        welcome(garbler);
        garbler.sendRaw({"HUBP1", "\x08", "\xC1", ""});
        garbler.next<hubp::Refuse>();
        CPPUNIT_ASSERT(notes_.waitFor("lost lib: broke the protocol: ACK: the header is no"));
        const bus::HostId next{"lib", 2};
        RawPeer confused(context_, settings_.endpoint);
        confused.send(helloWith(router_->admit(next, {})));
        confused.next<hubp::Welcome>();
        confused.send(hubp::Call{});
        CPPUNIT_ASSERT_EQUAL(std::string("CALL is not for a host to send"),
                             confused.next<hubp::Refuse>().message);
        CPPUNIT_ASSERT(notes_.waitFor("lost lib: broke the protocol: CALL"));
        confused.send(hubp::Log{1, "from the dead"});
        confused.next<hubp::Refuse>();
        CPPUNIT_ASSERT(!notes_.has("log"));
    }

    void aSilentHostIsLostAndATalkingOneIsNot()
    {
        settings_.heartbeats_missed_max = 3;
        start();
        RawPeer silent(context_, settings_.endpoint);
        const bus::HostId quiet{"quiet", 2};
        silent.send(helloWith(router_->admit(quiet, {}), "quiet"));
        silent.next<hubp::Welcome>();
        std::jthread talking([&](const std::stop_token& stop) {
            RawPeer peer(context_, settings_.endpoint);
            peer.send(helloWith(router_->admit(lib_, {})));
            peer.next<hubp::Welcome>();
            peer.send(hubp::Credit{1});
            // Paced by the router's own PINGs: no clock, no sleep.
            while (!stop.stop_requested()) {
                peer.answerPing();
            }
        });
        CPPUNIT_ASSERT(notes_.waitFor("ready lib"));
        CPPUNIT_ASSERT(notes_.waitFor("lost quiet: was silent for 3 heartbeats of 50 ms"));
        CPPUNIT_ASSERT(!notes_.has("lost lib"));
        talking.request_stop();
    }

    void lateHelloAndLateStartAreLost()
    {
        settings_.hello_timeout_ms = 100;
        settings_.ready_timeout_ms = 300;
        start();
        const bus::HostId never{"never", 2};
        const std::string token = router_->admit(never, {});
        RawPeer slow(context_, settings_.endpoint);
        slow.send(helloWith(router_->admit(lib_, {})));
        slow.next<hubp::Welcome>();
        CPPUNIT_ASSERT(notes_.waitFor("lost never: sent no HELLO within 100 ms"));
        CPPUNIT_ASSERT(notes_.waitFor("lost lib: its library did not start within 300 ms"));
        RawPeer late(context_, settings_.endpoint);
        late.send(helloWith(token, "never"));
        late.next<hubp::Refuse>();
    }

    void dismissedHostsGetStopAndNoMoreCalls()
    {
        start();
        RawPeer peer(context_, settings_.endpoint);
        welcome(peer);
        router_->dismiss(lib_, 1234);
        CPPUNIT_ASSERT(!router_->send(lib_, call(1)));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1234}, peer.next<hubp::Stop>().deadline_unix_ms);
        CPPUNIT_ASSERT_MESSAGE("what is in flight may end",
                               router_->send(lib_, bus::ServedFrame{1, HUB_OK, ""}));
        peer.next<hubp::Served>();
        peer.send(hubp::Outcome{1, 1, HUB_OK, 0, "", ""});
        peer.send(hubp::Bye{"stopped"});
        CPPUNIT_ASSERT(notes_.waitFor("lost lib: said BYE: stopped"));
        CPPUNIT_ASSERT(notes_.has("answered 1/1"));
        const bus::HostId unborn{"unborn", 3};
        router_->admit(unborn, {});
        router_->dismiss(unborn, 0);
        CPPUNIT_ASSERT(notes_.waitFor("lost unborn: was dismissed before"));
    }

    void whatADeadHostHadSentStillCounts()
    {
        start();
        {
            RawPeer peer(context_, settings_.endpoint);
            welcome(peer);
            const std::lock_guard hold(notes_.hold);
            for (int i = 0; i < 500; ++i) {
                peer.send(hubp::Ack{i, HUB_OK, 0, ""});
            }
            router_->expel(lib_, "exited with code 0");
            router_->expel(lib_, "again");
            peer.lingerOn();
        }
        CPPUNIT_ASSERT(notes_.waitFor("lost lib: exited with code 0"));
        const std::string all = notes_.all();
        CPPUNIT_ASSERT_MESSAGE(all, all.find("acknowledged 499 1\nlost lib") != std::string::npos);
        CPPUNIT_ASSERT(!router_->send(lib_, bus::ServedFrame{1, HUB_OK, ""}));
    }

    void anExpelledHostThatLivesOnIsAStranger()
    {
        start();
        RawPeer peer(context_, settings_.endpoint);
        welcome(peer);
        router_->expel(lib_, "ended by signal 11");
        CPPUNIT_ASSERT(notes_.waitFor("lost lib: ended by signal 11"));
        peer.send(hubp::Log{1, "x"});
        peer.next<hubp::Refuse>();
        CPPUNIT_ASSERT_EQUAL(std::string("ready lib\ncredit 64\nlost lib: ended by signal 11\n"),
                             notes_.all());
    }

    void theNextHostOfALibraryBeginsAfterTheEndOfTheLast()
    {
        start();
        RawPeer last(context_, settings_.endpoint);
        welcome(last);
        router_->expel(lib_, "ended by signal 11");
        const bus::HostId next{"lib", 2};
        RawPeer peer(context_, settings_.endpoint);
        peer.send(helloWith(router_->admit(next, {})));
        peer.next<hubp::Welcome>();
        peer.send(hubp::Credit{5});
        CPPUNIT_ASSERT(notes_.waitFor("credit 5"));
        CPPUNIT_ASSERT_EQUAL(std::string("ready lib\ncredit 64\nlost lib: ended by signal 11\n"
                                         "ready lib\ncredit 5\n"),
                             notes_.all());
    }

    void aFullQueueRefuses()
    {
        settings_.queue_max = 4;
        // The listener holds the router's thread while the queue fills up.
        start();
        RawPeer peer(context_, settings_.endpoint);
        welcome(peer);
        const std::lock_guard hold(notes_.hold);
        peer.send(hubp::Log{1, "hold"});
        bool refused = false;
        for (hub_call_id id = 1; id <= 1000 && !refused; ++id) {
            refused = !router_->send(lib_, call(id));
        }
        CPPUNIT_ASSERT(refused);
    }

    void brokenLimitsAreTheSendersFault()
    {
        start();
        RawPeer peer(context_, settings_.endpoint);
        welcome(peer);
        hub::journal::CallDelivery long_key = call(1);
        long_key.key.assign(300, 'k');
        CPPUNIT_ASSERT_THROW(router_->send(lib_, long_key), hub::base::Failure);
        CPPUNIT_ASSERT(router_->send(lib_, call(2)));
        peer.next<hubp::Call>();
    }

    void theFolderMustBePrivate()
    {
        ::chmod(folder_.c_str(), 0755);
        assertRefused("has mode 0755");
        settings_.endpoint = "ipc://" + folder_ + "/missing/hub.sock";
        assertRefused("No such file");
        settings_.endpoint = "tcp://127.0.0.1:5555";
        assertRefused("must be ipc://");
        ::chmod(folder_.c_str(), 0700);
        settings_.endpoint = "ipc://" + folder_ + "/" + std::string(200, 'x');
        assertRefused("107 bytes");
    }

private:
    void start()
    {
        router_ = std::make_unique<bus::Router>(context_, settings_, notes_);
        router_->start();
    }

    void welcome(RawPeer& peer)
    {
        peer.send(helloWith(router_->admit(lib_, {})));
        peer.next<hubp::Welcome>();
        peer.send(hubp::Credit{64});
        CPPUNIT_ASSERT(notes_.waitFor("credit 64"));
    }

    void assertRefused(const std::string& why)
    {
        try {
            const bus::Router router(context_, settings_, notes_);
            CPPUNIT_FAIL("not refused: " + why);
        } catch (const hub::base::Failure& failure) {
            CPPUNIT_ASSERT_MESSAGE(failure.displayText(),
                                   failure.displayText().find(why) != std::string::npos);
        }
    }

    std::string folder_;
    zmq::context_t context_;
    bus::RouterSettings settings_;
    bus::HostId lib_;
    Notes notes_;
    std::unique_ptr<bus::Router> router_;
};

HUB_TEST_SUITE_REGISTRATION(RouterTest, "router");

} // namespace
