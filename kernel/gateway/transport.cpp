#include "gateway/transport.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

namespace hub::gateway {

namespace {

using Poco::Net::SecureStreamSocket;

Poco::Net::StreamSocket prepare(Poco::Net::StreamSocket accepted,
                                const Poco::Net::Context::Ptr& tls)
{
    // Before the TLS layer is put on: it asks the socket below it whether to wait.
    accepted.setBlocking(false);
    return tls ? SecureStreamSocket::attach(accepted, tls) : accepted;
}

} // namespace

Transport::Transport(const Poco::Net::StreamSocket& accepted,
                     const Poco::Net::Context::Ptr& tls,
                     const base::Clock& clock)
    : socket_(prepare(accepted, tls))
    , clock_(clock)
{}

Transport::Status Transport::await(short events, std::int64_t deadline_ms)
{
    for (;;) {
        const std::int64_t left = deadline_ms - clock_.monotonicMs();
        if (left <= 0) {
            return Status::Late;
        }
        pollfd waited{socket_.impl()->sockfd(), events, 0};
        const int ready = ::poll(&waited, 1, static_cast<int>(std::min<std::int64_t>(left, 60000)));
        if (ready > 0) {
            return Status::Done;
        }
        if (ready < 0 && errno != EINTR) {
            return Status::Closed;
        }
    }
}

Transport::Status Transport::read(std::string& bytes, std::int64_t deadline_ms)
{
    std::array<char, 16384> buffer{};
    for (;;) {
        int received = 0;
        try {
            received = socket_.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
        } catch (const Poco::Exception&) {
            // Reset, or no TLS: there is nobody to talk to.
            return Status::Closed;
        }
        if (received > 0) {
            bytes.append(buffer.data(), static_cast<std::size_t>(received));
            return Status::Done;
        }
        if (received == 0) {
            return Status::Closed;
        }
        const bool wants_write =
            socket_.secure() && received == SecureStreamSocket::ERR_SSL_WANT_WRITE;
        const Status ready = await(wants_write ? POLLOUT : POLLIN, deadline_ms);
        if (ready != Status::Done) {
            return ready;
        }
    }
}

Transport::Status Transport::write(std::string_view bytes, std::int64_t deadline_ms)
{
    while (!bytes.empty()) {
        int sent = 0;
        try {
            // TLS asks for the same bytes again after a wait; a bounded piece stays the same.
            const auto piece = std::min<std::size_t>(bytes.size(), 65536);
            sent = socket_.sendBytes(bytes.data(), static_cast<int>(piece));
        } catch (const Poco::Exception&) {
            return Status::Closed;
        }
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        const bool wants_read = socket_.secure() && sent == SecureStreamSocket::ERR_SSL_WANT_READ;
        const Status ready = await(wants_read ? POLLIN : POLLOUT, deadline_ms);
        if (ready != Status::Done) {
            return ready;
        }
    }
    return Status::Done;
}

void Transport::linger(std::size_t bytes_max, std::int64_t deadline_ms)
{
    try {
        if (socket_.secure()) {
            socket_.shutdown();
        }
    } catch (const Poco::Exception&) {
        return;
    }
    const int socket = socket_.impl()->sockfd();
    if (::shutdown(socket, SHUT_WR) != 0) {
        return;
    }
    // Raw bytes, also under TLS: nobody reads them.
    std::array<char, 16384> buffer{};
    std::size_t taken = 0;
    while (taken < bytes_max) {
        const ssize_t received = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (received > 0) {
            taken += static_cast<std::size_t>(received);
        } else if (received == 0 || (errno != EAGAIN && errno != EINTR) ||
                   await(POLLIN, deadline_ms) != Status::Done) {
            return;
        }
    }
}

} // namespace hub::gateway
