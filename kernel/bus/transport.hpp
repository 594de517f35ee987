// Transport: the router's end of all connections. A ROUTER socket, unless a simulation carries
// the messages itself. Belongs to the router's thread.
#pragma once

#include "hubp/socket.hpp"

#include <zmq.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hub::bus {

/// How many messages wait for one peer before it counts as not reading.
inline constexpr int kSendQueue = 10000;

enum class Sent {
    Yes,
    Full,       // the peer does not read
    Unreachable // its stream has ended; everything before that end can be received now
};

class Transport {
public:
    virtual ~Transport() = default;
    /// Never waits. The parts of the next message, the routing id first, valid until the next
    /// call; null when there is none.
    virtual const std::vector<std::string_view>* receive() = 0;
    /// Never waits.
    virtual Sent send(std::string_view routing_id, const hubp::Message& message) = 0;
    /// What zmq::poll() waits for.
    virtual void* handle() = 0;
};

class SocketTransport final : public Transport {
public:
    /// Binds; throws base::Failure naming the endpoint when that fails.
    SocketTransport(zmq::context_t& context, const std::string& endpoint);

    const std::vector<std::string_view>* receive() override;
    Sent send(std::string_view routing_id, const hubp::Message& message) override;
    void* handle() override { return socket_.handle(); }

private:
    zmq::socket_t socket_;
    hubp::ReceivedMessage received_;
};

} // namespace hub::bus
