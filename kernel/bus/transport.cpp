#include "bus/transport.hpp"

#include "base/exception.hpp"

#include <cerrno>
#include <cstdint>

namespace hub::bus {

namespace {

/// How long STOP may take to leave after the loop ended.
constexpr int kLingerMs = 200;

} // namespace

SocketTransport::SocketTransport(zmq::context_t& context, const std::string& endpoint)
    : socket_(context, zmq::socket_type::router)
{
    socket_.set(zmq::sockopt::router_mandatory, true);
    socket_.set(zmq::sockopt::router_handover, false);
    socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(hubp::kWrappedBytesMax));
    socket_.set(zmq::sockopt::sndhwm, kSendQueue);
    socket_.set(zmq::sockopt::linger, kLingerMs);
    try {
        socket_.bind(endpoint);
    } catch (const zmq::error_t& problem) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "{}: can't bind the router: {}; the folder must exist and the path "
                            "have at most 107 bytes",
                            endpoint,
                            problem.what());
    }
}

const std::vector<std::string_view>* SocketTransport::receive()
{
    return received_.receive(socket_) ? &received_.parts() : nullptr;
}

Sent SocketTransport::send(std::string_view routing_id, const hubp::Message& message)
{
    try {
        return hubp::sendMessage(socket_, routing_id, message) ? Sent::Yes : Sent::Full;
    } catch (const zmq::error_t& problem) {
        if (problem.num() != EHOSTUNREACH) {
            throw;
        }
        return Sent::Unreachable;
    }
}

} // namespace hub::bus
