// Transport: bytes over one accepted socket, plain or TLS, under deadlines that are total. The
// socket does not block: each wait is for the time that is left, so that a peer who sends or
// takes one byte at a time gains nothing by it.
#pragma once

#include "base/clock.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hub::gateway {

/// Belongs to one thread. Deadlines are of Clock::monotonicMs().
class Transport {
public:
    enum class Status { Done, Closed, Late };

    /// With `tls` the handshake happens within the first read.
    Transport(const Poco::Net::StreamSocket& accepted,
              const Poco::Net::Context::Ptr& tls,
              const base::Clock& clock);

    /// Appends at least one byte to `bytes`.
    Status read(std::string& bytes, std::int64_t deadline_ms);
    Status write(std::string_view bytes, std::int64_t deadline_ms);

    /// Says that nothing more will be sent and takes what the peer still sends, to a limit: a
    /// close on unread bytes resets the connection, and the peer would lose the answer.
    void linger(std::size_t bytes_max, std::int64_t deadline_ms);

private:
    int receiveSome(char* bytes, std::size_t size);
    int sendSome(std::string_view bytes);
    Status await(short events, std::int64_t deadline_ms);

    Poco::Net::StreamSocket socket_;
    const base::Clock& clock_;
};

} // namespace hub::gateway
