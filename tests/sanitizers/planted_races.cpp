// Races of our own code, planted where a suppression could hide them: in the handler of a Poco
// server, behind a hand-over through ZeroMQ, and in a work queue. usage: planted_races KIND
#include "base/channel.hpp"
#include "base/queue.hpp"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>

#include <atomic>
#include <iostream>
#include <memory>
#include <string_view>
#include <thread>

namespace {

long counted = 0;

[[gnu::noinline]] void addUnguarded(long& sum)
{
    ++sum;
}

class Handler final : public Poco::Net::TCPServerConnection {
public:
    using TCPServerConnection::TCPServerConnection;
    void run() override
    {
        addUnguarded(counted);
        socket().sendBytes("x", 1);
    }
};

void raceInAHandler()
{
    Poco::Net::ServerSocket listening(Poco::Net::SocketAddress("127.0.0.1", 0));
    Poco::Net::TCPServer server(new Poco::Net::TCPServerConnectionFactoryImpl<Handler>, listening);
    server.start();
    Poco::Net::StreamSocket client(listening.address());
    addUnguarded(counted);
    char answer = 0;
    client.receiveBytes(&answer, 1);
    server.stop();
}

void raceBehindAHandOver()
{
    zmq::context_t context(0);
    hub::base::Channel<long> channel(context, "inproc://planted", 8);
    auto item = std::make_unique<long>(0);
    long& kept = *item; // who hands a thing over must not touch it any more
    std::unique_ptr<long> taken;
    std::thread receiver([&] {
        while (!taken) {
            taken = channel.receive();
        }
        addUnguarded(*taken);
    });
    if (channel.send(item)) {
        addUnguarded(kept);
    }
    receiver.join();
}

void raceInAQueue()
{
    // Relaxed on purpose: both are there before either adds, and nothing orders what follows.
    std::atomic<int> arrived{0};
    hub::base::WorkQueue queue("planted", 2, 8);
    for (int i = 0; i < 2; ++i) {
        queue.post([&arrived] {
            arrived.fetch_add(1, std::memory_order_relaxed);
            while (arrived.load(std::memory_order_relaxed) < 2) {
                std::this_thread::yield();
            }
            for (int k = 0; k < 1000; ++k) { // two at the very same instant may go unseen
                addUnguarded(counted);
            }
        });
    }
}

} // namespace

int main(int argc, char** argv)
{
    const std::string_view kind = argc > 1 ? argv[1] : "";
    if (kind == "handler") {
        raceInAHandler();
    } else if (kind == "channel") {
        raceBehindAHandOver();
    } else {
        raceInAQueue();
    }
    std::cout << "no race was seen\n";
    return 0;
}
