#include "proxy.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chaos {

namespace {

constexpr int kBacklog = 1024;
constexpr Milliseconds kWaitMax{1'000};

sockaddr_in onLoopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

[[noreturn]] void fail(const char* what)
{
    throw std::runtime_error(std::string("proxy: ") + what + ": " + std::strerror(errno));
}

/// On its way at least; a refusal shows when it is first used.
Socket connectTo(std::uint16_t port)
{
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const sockaddr_in address = onLoopback(port);
    ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return socket;
}

void sendAtOnce(const Socket& socket)
{
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

Proxy::Proxy(std::uint16_t target, Script script, std::size_t connections_max)
    : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , connections_max_(connections_max)
    , target_(target)
    , script_(std::move(script))
{
    listen();
    thread_ = std::thread([this] { serve(); });
}

Proxy::~Proxy()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake();
    thread_.join();
}

void Proxy::listen()
{
    listener_ = Socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in address = onLoopback(0);
    socklen_t size = sizeof address;
    if (listener_.get() < 0 || wake_.get() < 0 ||
        ::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(listener_.get(), kBacklog) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        fail("can't listen");
    }
    port_ = ntohs(address.sin_port);
}

void Proxy::wake() const noexcept
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void Proxy::setScript(Script script)
{
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
    next_connection_ = 0;
}

void Proxy::setTarget(std::uint16_t target)
{
    const std::lock_guard lock(mutex_);
    target_ = target;
}

void Proxy::cut()
{
    std::unique_lock lock(mutex_);
    cutting_ = true;
    wake();
    was_cut_.wait(lock, [this] { return !cutting_; });
}

void Proxy::resetAll() noexcept
{
    for (Link& link : links_) {
        link.reset();
    }
}

ProxyCounts Proxy::counts() const
{
    const std::lock_guard lock(mutex_);
    return counts_;
}

std::size_t Proxy::openConnections() const
{
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(
        links_.begin(), links_.end(), [](const Link& link) { return !link.isOver(); }));
}

void Proxy::serve()
{
    for (;;) {
        const Clock::time_point now = Clock::now();
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ || cutting_) {
                resetAll();
                cutting_ = false;
                was_cut_.notify_all();
            }
            if (stopping_) {
                return;
            }
            accept(now);
            for (Link& link : links_) {
                link.work(now);
            }
            settle();
        }
        wait(now);
    }
}

void Proxy::accept(Clock::time_point now)
{
    for (;;) {
        Socket client(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (client.get() < 0) {
            return;
        }
        if (links_.size() >= connections_max_) {
            ++counts_.refused;
            client.reset();
            continue;
        }
        ++counts_.connections;
        Socket server = connectTo(target_);
        sendAtOnce(client);
        sendAtOnce(server);
        links_.emplace_back(
            std::move(client), std::move(server), script_.draw(next_connection_++), now);
    }
}

void Proxy::settle()
{
    for (Link& link : links_) {
        if (link.takeFelt()) {
            ++counts_.happened.at(static_cast<std::size_t>(link.behavior()));
        }
    }
    links_.remove_if([](const Link& link) { return link.isOver(); });
}

void Proxy::wait(Clock::time_point now)
{
    std::vector<pollfd> waits = {{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    Clock::time_point due = now + kWaitMax;
    {
        const std::lock_guard lock(mutex_);
        for (const Link& link : links_) {
            for (const pollfd& one : link.waits(now)) {
                waits.push_back(one);
            }
            due = std::min(due, std::max(link.due(now), now));
        }
    }
    const auto pause = std::chrono::ceil<Milliseconds>(due - now).count();
    ::poll(waits.data(), waits.size(), static_cast<int>(pause));
    std::uint64_t ignored = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &ignored, sizeof ignored);
}

} // namespace chaos
