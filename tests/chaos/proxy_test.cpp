// Goal: the proxy does to a connection what its script says, nothing else, and the same again for
// the same seed. Method: a server that echoes, clients that look at bytes, ends and times.

#include "proxy.hpp"
#include "support/suite.hpp"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace chaos;
using Poco::Net::ServerSocket;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

const std::string kText = "0123456789";
const Poco::Timespan kPatience(5, 0);

/// Echoes on every connection until its end, and keeps what came.
class EchoServer {
public:
    EchoServer()
        : listener_(SocketAddress("127.0.0.1", 0))
        , acceptor_([this] { accept(); })
    {}
    ~EchoServer()
    {
        stopping_ = true;
        acceptor_.join();
        for (std::thread& thread : threads_) {
            thread.join();
        }
    }
    EchoServer(const EchoServer&) = delete;
    EchoServer& operator=(const EchoServer&) = delete;

    std::uint16_t port() const { return listener_.address().port(); }
    std::size_t received() const { return received_; }
    int resets() const { return resets_; }
    int ends() const { return ends_; }

private:
    void accept()
    {
        while (!stopping_) {
            if (listener_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) {
                // One owner: Poco counts the others in code that sanitizers don't see.
                auto socket = std::make_unique<StreamSocket>(listener_.acceptConnection());
                threads_.emplace_back([this, own = std::move(socket)] { echo(*own); });
            }
        }
    }

    void echo(StreamSocket& socket)
    {
        char block[4096];
        try {
            while (!stopping_) {
                if (!socket.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) {
                    continue;
                }
                const int got = socket.receiveBytes(block, sizeof block);
                if (got == 0) {
                    ++ends_;
                    return;
                }
                received_ += static_cast<std::size_t>(got);
                socket.sendBytes(block, got);
            }
        } catch (const Poco::Exception&) {
            ++resets_;
        }
    }

    ServerSocket listener_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::size_t> received_{0};
    std::atomic<int> resets_{0};
    std::atomic<int> ends_{0};
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

struct Seen {
    std::string text;
    bool ended = false;
    bool reset = false;
};

/// Up to `size` bytes, the end, or `patience`.
Seen receive(StreamSocket& socket, std::size_t size, Poco::Timespan patience = kPatience)
{
    Seen seen;
    socket.setReceiveTimeout(patience);
    char block[4096];
    try {
        while (seen.text.size() < size) {
            const int got = socket.receiveBytes(block, sizeof block);
            if (got == 0) {
                seen.ended = true;
                break;
            }
            seen.text.append(block, static_cast<std::size_t>(got));
        }
    } catch (const Poco::TimeoutException&) {
    } catch (const Poco::Exception&) {
        seen.reset = true;
    }
    return seen;
}

Script only(Plan plan)
{
    return Script({{plan, 100, 0}});
}

class ProxyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProxyTest);
    CPPUNIT_TEST(withoutAScriptBytesAndEndsPass);
    CPPUNIT_TEST(delayHoldsBlocksBack);
    CPPUNIT_TEST(dropSwallowsTheRestAndStaysOpen);
    CPPUNIT_TEST(resetComesAfterTheBytesThatPass);
    CPPUNIT_TEST(resetBeforeTheFirstByteReachesNobody);
    CPPUNIT_TEST(truncateEndsInOrder);
    CPPUNIT_TEST(duplicateSendsTwice);
    CPPUNIT_TEST(throttleKeepsTheRate);
    CPPUNIT_TEST(halfOpenTellsNobody);
    CPPUNIT_TEST(aMegabytePassesUnchanged);
    CPPUNIT_TEST(cutResetsAllThatIsOpen);
    CPPUNIT_TEST(aTargetThatRefusesIsAReset);
    CPPUNIT_TEST(connectionsAreLimited);
    CPPUNIT_TEST(theSameSeedDrawsTheSamePlans);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<EchoServer> server_;
    std::unique_ptr<Proxy> proxy_;

    StreamSocket connect(const Plan& plan)
    {
        proxy_ = std::make_unique<Proxy>(server_->port(), only(plan));
        return connect();
    }
    StreamSocket connect() const
    {
        return StreamSocket(SocketAddress("127.0.0.1", proxy_->port()));
    }
    static void send(StreamSocket& socket, const std::string& text)
    {
        socket.sendBytes(text.data(), static_cast<int>(text.size()));
    }
    void assertHappened(Behavior behavior, std::int64_t times = 1) const
    {
        CPPUNIT_ASSERT(
            waitUntil(Milliseconds{2000}, [&] { return proxy_->counts().of(behavior) >= times; }));
        CPPUNIT_ASSERT_EQUAL(times, proxy_->counts().of(behavior));
    }
    template <typename Condition>
    static void eventually(Condition&& holds)
    {
        CPPUNIT_ASSERT(waitUntil(Milliseconds{5000}, holds));
    }

public:
    void setUp() override { server_ = std::make_unique<EchoServer>(); }
    void tearDown() override
    {
        proxy_.reset();
        server_.reset();
    }

    void withoutAScriptBytesAndEndsPass()
    {
        StreamSocket socket = connect(Plan{});
        send(socket, kText);
        CPPUNIT_ASSERT_EQUAL(kText, receive(socket, kText.size()).text);
        socket.shutdownSend();
        CPPUNIT_ASSERT(receive(socket, 1).ended);
        eventually([&] { return server_->ends() == 1; });
        eventually([&] { return proxy_->openConnections() == 0; });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, proxy_->counts().connections);
    }

    void delayHoldsBlocksBack()
    {
        StreamSocket socket = connect({Behavior::Delay, Direction::ToClient, 0, Milliseconds{300}});
        const auto start = Clock::now();
        send(socket, kText);
        CPPUNIT_ASSERT_EQUAL(kText, receive(socket, kText.size()).text);
        CPPUNIT_ASSERT(since(start) >= Milliseconds{300});
        CPPUNIT_ASSERT(since(start) < Milliseconds{3000});
        assertHappened(Behavior::Delay);
    }

    void dropSwallowsTheRestAndStaysOpen()
    {
        StreamSocket socket = connect({Behavior::Drop, Direction::ToServer, 4});
        send(socket, kText);
        const Seen seen = receive(socket, kText.size(), Poco::Timespan(0, 300'000));
        CPPUNIT_ASSERT_EQUAL(std::string("0123"), seen.text);
        CPPUNIT_ASSERT(!seen.ended && !seen.reset);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, proxy_->openConnections());
        assertHappened(Behavior::Drop);
    }

    void resetComesAfterTheBytesThatPass()
    {
        StreamSocket socket = connect({Behavior::Reset, Direction::ToServer, 4});
        send(socket, kText);
        CPPUNIT_ASSERT(receive(socket, kText.size()).reset);
        eventually([&] { return server_->resets() == 1; });
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, server_->received());
        assertHappened(Behavior::Reset);
    }

    void resetBeforeTheFirstByteReachesNobody()
    {
        StreamSocket socket = connect({Behavior::Reset, Direction::ToClient, 0});
        CPPUNIT_ASSERT(receive(socket, 1).reset);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, server_->received());
        assertHappened(Behavior::Reset);
    }

    void truncateEndsInOrder()
    {
        StreamSocket socket = connect({Behavior::Truncate, Direction::ToClient, 4});
        send(socket, kText);
        const Seen seen = receive(socket, kText.size());
        CPPUNIT_ASSERT_EQUAL(std::string("0123"), seen.text);
        CPPUNIT_ASSERT(seen.ended);
        CPPUNIT_ASSERT_EQUAL(kText.size(), server_->received());
        assertHappened(Behavior::Truncate);
    }

    void duplicateSendsTwice()
    {
        StreamSocket socket = connect({Behavior::Duplicate, Direction::ToServer, 0});
        send(socket, kText);
        CPPUNIT_ASSERT_EQUAL(kText + kText, receive(socket, 2 * kText.size()).text);
        assertHappened(Behavior::Duplicate);
    }

    void throttleKeepsTheRate()
    {
        StreamSocket socket =
            connect({Behavior::Throttle, Direction::ToClient, 0, Milliseconds{0}, 10'000});
        const std::string text(5'000, 'x');
        const auto start = Clock::now();
        send(socket, text);
        CPPUNIT_ASSERT_EQUAL(text.size(), receive(socket, text.size()).text.size());
        CPPUNIT_ASSERT(since(start) >= Milliseconds{400});
        assertHappened(Behavior::Throttle);
    }

    void halfOpenTellsNobody()
    {
        StreamSocket socket = connect({Behavior::HalfOpen, Direction::ToServer, 4});
        send(socket, kText);
        eventually([&] { return server_->received() == 4; });
        assertHappened(Behavior::HalfOpen);
        socket.shutdownSend();
        const Seen seen = receive(socket, kText.size(), Poco::Timespan(0, 300'000));
        CPPUNIT_ASSERT(!seen.ended && !seen.reset);
        CPPUNIT_ASSERT_EQUAL(0, server_->ends() + server_->resets());
    }

    void aMegabytePassesUnchanged()
    {
        StreamSocket socket = connect(Plan{});
        std::string text(1 << 20, '\0');
        for (std::size_t i = 0; i < text.size(); ++i) {
            text[i] = static_cast<char>('a' + i % 23);
        }
        std::thread sender([&] { send(socket, text); });
        const Seen seen = receive(socket, text.size());
        sender.join();
        CPPUNIT_ASSERT(seen.text == text);
    }

    void cutResetsAllThatIsOpen()
    {
        StreamSocket first = connect(Plan{});
        StreamSocket second = connect();
        for (StreamSocket* socket : {&first, &second}) {
            send(*socket, kText);
            CPPUNIT_ASSERT_EQUAL(kText, receive(*socket, kText.size()).text);
        }
        proxy_->cut();
        CPPUNIT_ASSERT(receive(first, 1).reset);
        CPPUNIT_ASSERT(receive(second, 1).reset);
        StreamSocket third = connect();
        send(third, kText);
        CPPUNIT_ASSERT_EQUAL(kText, receive(third, kText.size()).text);
    }

    void aTargetThatRefusesIsAReset()
    {
        std::uint16_t nobody = 0;
        {
            const ServerSocket closed(SocketAddress("127.0.0.1", 0));
            nobody = closed.address().port();
        }
        proxy_ = std::make_unique<Proxy>(nobody);
        StreamSocket socket = connect();
        const Seen seen = receive(socket, 1);
        CPPUNIT_ASSERT(seen.reset);
        proxy_->setTarget(server_->port());
        StreamSocket again = connect();
        send(again, kText);
        CPPUNIT_ASSERT_EQUAL(kText, receive(again, kText.size()).text);
    }

    void connectionsAreLimited()
    {
        proxy_ = std::make_unique<Proxy>(server_->port(), Script{}, 2);
        StreamSocket first = connect();
        StreamSocket second = connect();
        StreamSocket third = connect();
        CPPUNIT_ASSERT(receive(third, 1).reset);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, proxy_->counts().refused);
        send(second, kText);
        CPPUNIT_ASSERT_EQUAL(kText, receive(second, kText.size()).text);
    }

    void theSameSeedDrawsTheSamePlans()
    {
        const std::vector<Rule> rules = {{{Behavior::Reset}, 30, 1000}, {{Behavior::Delay}, 50, 0}};
        const auto draw = [&](std::uint64_t seed) {
            std::vector<std::pair<int, std::size_t>> plans;
            for (std::uint64_t n = 0; n < 200; ++n) {
                const Plan plan = Script(rules, seed).draw(n);
                plans.emplace_back(static_cast<int>(plan.behavior), plan.after_bytes);
            }
            return plans;
        };
        CPPUNIT_ASSERT(draw(7) == draw(7));
        CPPUNIT_ASSERT(draw(7) != draw(8));
        int resets = 0;
        for (const auto& [behavior, after] : draw(7)) {
            resets += behavior == static_cast<int>(Behavior::Reset) ? 1 : 0;
            CPPUNIT_ASSERT(after <= 1000);
        }
        CPPUNIT_ASSERT(resets > 30 && resets < 90);
    }
};

HUB_TEST_SUITE_REGISTRATION(ProxyTest, "proxy");

} // namespace
