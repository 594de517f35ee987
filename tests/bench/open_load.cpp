#include "open_load.hpp"

#include "http_head.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr std::chrono::seconds kSilence{60}; // longer than the hub may take for one answer

[[noreturn]] void fail(const std::string& what)
{
    throw std::runtime_error("the load: " + what);
}

double processorSecondsOfThread()
{
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

} // namespace

struct OpenLoad::Connection {
    int socket = -1;
    SSL* session = nullptr;
    std::string received;
    Clock::time_point due;
    std::function<void(const OpenAnswer&)> took;
    bool waiting = false;

    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { close(); }
    void close()
    {
        SSL_free(std::exchange(session, nullptr));
        if (socket >= 0) {
            ::close(std::exchange(socket, -1));
        }
    }
};

OpenLoad::OpenLoad(std::uint16_t port, const std::string& authority_file, std::size_t connections)
    : port_(port)
    , poll_(::epoll_create1(EPOLL_CLOEXEC))
    , context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free)
{
    if (context_ == nullptr ||
        SSL_CTX_load_verify_locations(context_.get(), authority_file.c_str(), nullptr) != 1) {
        fail(authority_file + " is no authority's certificate");
    }
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context_.get(), SSL_MODE_AUTO_RETRY);
    for (std::size_t i = 0; i < connections; ++i) {
        connections_.push_back(std::make_unique<Connection>());
        connect(i);
        free_.push_back(i);
    }
}

OpenLoad::~OpenLoad()
{
    connections_.clear();
    ::close(poll_);
}

void OpenLoad::connect(std::size_t index)
{
    Connection& connection = *connections_[index];
    connection.close();
    connection.received.clear();
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
    connection.session = SSL_new(context_.get());
    SSL_set_fd(connection.session, connection.socket);
    if (SSL_connect(connection.session) != 1) {
        fail("no TLS on port " + std::to_string(port_));
    }
    ::fcntl(connection.socket, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket, &event);
}

void OpenLoad::send(std::size_t index, Clock::time_point due, OpenRequest request)
{
    Connection& connection = *connections_[index];
    connection.due = due;
    connection.took = std::move(request.took);
    connection.waiting = true;
    ++on_their_way_;
    // Smaller than what the socket takes at once, so nothing is left for later.
    const std::string& bytes = request.bytes;
    if (SSL_write(connection.session, bytes.data(), static_cast<int>(bytes.size())) <= 0) {
        fail("the hub does not take a request");
    }
}

void OpenLoad::receive(std::size_t index)
{
    Connection& connection = *connections_[index];
    std::array<char, 16384> block{};
    do {
        const int got = SSL_read(connection.session, block.data(), static_cast<int>(block.size()));
        if (got <= 0 && SSL_get_error(connection.session, got) == SSL_ERROR_WANT_READ) {
            return; // a part of a record, or none: a session ticket
        }
        if (got <= 0) {
            if (connection.waiting) {
                fail("the hub ended a connection without an answer");
            }
            connect(index); // it was idle for long
            return;
        }
        connection.received.append(block.data(), static_cast<std::size_t>(got));
    } while (SSL_pending(connection.session) > 0);
    const HttpHead head = readHead(connection.received);
    if (head.bytes == 0 || connection.received.size() < head.bytes) {
        return;
    }
    const std::chrono::duration<double, std::milli> latency = Clock::now() - connection.due;
    connection.took(
        {head.status, std::string_view(connection.received).substr(head.body_at), latency.count()});
    connection.received.clear();
    connection.waiting = false;
    --on_their_way_;
    if (head.ends_connection) {
        connect(index);
    }
    free_.push_back(index);
}

void OpenLoad::sendDue(const RequestOf& requestOf)
{
    for (auto due = due_.begin(); due != due_.end() && !free_.empty();) {
        std::optional<OpenRequest> request = requestOf(due->arrival);
        if (!request) {
            ++due;
            continue;
        }
        const std::size_t index = free_.front(); // the longest idle: none grows too old for the hub
        free_.pop_front();
        send(index, due->at, std::move(*request));
        due = due_.erase(due);
    }
}

void OpenLoad::waitUntil(Clock::time_point at)
{
    const auto left = std::max(at - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec time{seconds.count(), std::chrono::nanoseconds(left - seconds).count()};
    std::array<epoll_event, 64> events{};
    const int count =
        ::epoll_pwait2(poll_, events.data(), static_cast<int>(events.size()), &time, nullptr);
    for (int i = 0; i < count; ++i) {
        receive(events.at(static_cast<std::size_t>(i)).data.u64);
    }
}

OpenRun OpenLoad::run(double seconds, Arrivals arrivals, const RequestOf& requestOf)
{
    OpenRun run;
    const auto begin = Clock::now();
    const double spent = processorSecondsOfThread();
    const auto timeOf = [begin](const Arrival& arrival) {
        return begin + std::chrono::duration_cast<Clock::duration>(
                           std::chrono::duration<double>(arrival.due_s));
    };
    auto last_answer = begin;
    Arrival next = arrivals.next();
    while (next.due_s < seconds || on_their_way_ > 0 || !due_.empty()) {
        for (; next.due_s < seconds && timeOf(next) <= Clock::now(); next = arrivals.next()) {
            due_.push_back({timeOf(next), next});
            ++run.sent;
        }
        sendDue(requestOf);
        run.waiting_max = std::max(run.waiting_max, due_.size());
        const std::size_t before = on_their_way_;
        waitUntil(next.due_s < seconds ? timeOf(next) : Clock::now() + kSilence);
        if (on_their_way_ != before || before == 0) {
            last_answer = Clock::now();
        } else if (Clock::now() - last_answer > kSilence) {
            fail("the hub is silent");
        }
    }
    run.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    run.processor_seconds = processorSecondsOfThread() - spent;
    return run;
}

} // namespace bench
