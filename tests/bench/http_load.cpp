#include "http_load.hpp"

#include "http_head.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr int kSilenceMs = 60'000; // longer than the hub may take for one answer

[[noreturn]] void fail(const std::string& what)
{
    throw std::runtime_error("the load: " + what);
}

} // namespace

HttpLoad::HttpLoad(std::uint16_t port, std::size_t connections)
    : port_(port)
    , poll_(::epoll_create1(EPOLL_CLOEXEC))
    , connections_(connections)
{
    for (std::size_t i = 0; i < connections; ++i) {
        connect(i);
    }
}

HttpLoad::~HttpLoad()
{
    for (const Connection& connection : connections_) {
        ::close(connection.socket);
    }
    ::close(poll_);
}

void HttpLoad::connect(std::size_t index)
{
    Connection& connection = connections_[index];
    if (connection.socket >= 0) {
        ::close(connection.socket);
    }
    connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(connection.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
        0) {
        fail("nobody listens on port " + std::to_string(port_));
    }
    const int on = 1;
    ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket, &event);
}

void HttpLoad::send(std::size_t index, const std::string& request)
{
    Connection& connection = connections_[index];
    connection.sent = Clock::now();
    connection.waiting = true;
    std::string_view left = request;
    while (!left.empty()) {
        const ssize_t sent = ::send(connection.socket, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            fail("the hub does not take a request");
        }
        left.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool HttpLoad::receive(std::size_t index, const Took& took, HttpRun& run)
{
    Connection& connection = connections_[index];
    std::array<char, 16384> block{};
    const ssize_t got = ::recv(connection.socket, block.data(), block.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (got <= 0) {
        if (connection.waiting) {
            fail("the hub ended a connection without an answer");
        }
        connect(index); // it was idle for long
        return false;
    }
    connection.received.append(block.data(), static_cast<std::size_t>(got));
    const HttpHead head = readHead(connection.received);
    if (head.bytes == 0 || connection.received.size() < head.bytes) {
        return false;
    }
    const std::chrono::duration<double, std::milli> latency = Clock::now() - connection.sent;
    run.latencies_ms.push_back(latency.count());
    ++run.answered;
    connection.waiting = false;
    took(
        index,
        {head.status, std::string_view(connection.received).substr(head.body_at), latency.count()});
    connection.received.clear();
    if (head.ends_connection) {
        connect(index);
    }
    return true;
}

HttpRun HttpLoad::run(double seconds, const Next& next, const Took& took)
{
    HttpRun run;
    const auto begin = Clock::now();
    const std::chrono::duration<double> length(seconds);
    std::size_t waiting = 0;
    const auto sendNext = [&](std::size_t index) {
        const std::string* request = Clock::now() - begin < length ? next(index) : nullptr;
        if (request != nullptr) {
            send(index, *request);
            ++waiting;
        }
    };
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        sendNext(i);
    }
    std::array<epoll_event, 64> events{};
    while (waiting > 0) {
        const int count =
            ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), kSilenceMs);
        if (count == 0) {
            fail("the hub is silent");
        }
        for (int i = 0; i < count; ++i) {
            const std::size_t index = events.at(static_cast<std::size_t>(i)).data.u64;
            if (receive(index, took, run)) {
                --waiting;
                sendNext(index);
            }
        }
    }
    run.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return run;
}

} // namespace bench
