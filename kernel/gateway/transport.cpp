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

/// Bytes, 0 at the end, else why not yet. A socket that is reset, or speaks no TLS, is at its end.
int Transport::receiveSome(char* bytes, std::size_t size)
{
    if (!socket_.secure()) {
        const ssize_t received = ::recv(socket_.impl()->sockfd(), bytes, size, 0);
        return received >= 0                       ? static_cast<int>(received)
               : errno == EAGAIN || errno == EINTR ? SecureStreamSocket::ERR_SSL_WANT_READ
                                                   : 0;
    }
    try {
        return socket_.receiveBytes(bytes, static_cast<int>(size));
    } catch (const Poco::Exception&) {
        return 0;
    }
}

int Transport::sendSome(std::string_view bytes)
{
    // Poco takes a full plain socket for an error, so the system is asked itself.
    if (!socket_.secure()) {
        const ssize_t sent =
            ::send(socket_.impl()->sockfd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return sent >= 0                           ? static_cast<int>(sent)
               : errno == EAGAIN || errno == EINTR ? SecureStreamSocket::ERR_SSL_WANT_WRITE
                                                   : 0;
    }
    try {
        return socket_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
    } catch (const Poco::Exception&) {
        return 0;
    }
}

Transport::Status Transport::read(std::string& bytes, std::int64_t deadline_ms)
{
    std::array<char, 16384> buffer{};
    for (;;) {
        const int received = receiveSome(buffer.data(), buffer.size());
        if (received > 0) {
            bytes.append(buffer.data(), static_cast<std::size_t>(received));
            return Status::Done;
        }
        if (received == 0) {
            return Status::Closed;
        }
        const bool wants_write = received == SecureStreamSocket::ERR_SSL_WANT_WRITE;
        const Status ready = await(wants_write ? POLLOUT : POLLIN, deadline_ms);
        if (ready != Status::Done) {
            return ready;
        }
    }
}

Transport::Status Transport::write(std::string_view bytes, std::int64_t deadline_ms)
{
    // TLS asks for the same bytes again after a wait; a bounded piece stays the same.
    constexpr std::size_t kPieceBytesMax = 65536;
    while (!bytes.empty()) {
        const int sent = sendSome(bytes.substr(0, kPieceBytesMax));
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (sent == 0) {
            return Status::Closed;
        }
        const bool wants_read = sent == SecureStreamSocket::ERR_SSL_WANT_READ;
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
