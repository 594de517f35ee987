// One HUBP message through a ZeroMQ socket, in either direction. Header only, so that the codec
// itself stays free of ZeroMQ.
#pragma once

#include "hubp/codec.hpp"

#include <zmq.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace hub::hubp {

/// Never waits. False: the socket takes nothing now, nothing was sent. On a ROUTER the routing id
/// goes first (empty: none); throws zmq::error_t with EHOSTUNREACH when that peer is gone.
inline bool sendMessage(zmq::socket_t& socket, std::string_view routing_id, const Message& message)
{
    const char command = static_cast<char>(message.command);
    const std::array<std::string_view, 5> parts = {
        routing_id, kProtocol, std::string_view(&command, 1), message.header, message.payload};
    for (std::size_t i = routing_id.empty() ? 1 : 0; i < parts.size(); ++i) {
        const auto more = i + 1 < parts.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
        if (!socket.send(zmq::buffer(parts[i]), more | zmq::send_flags::dontwait)) {
            return false;
        }
    }
    return true;
}

/// The parts of one received message. Of a message with too many parts only as many are kept as
/// it takes to see that.
class ReceivedMessage {
public:
    /// Never waits; false: there is none.
    bool receive(zmq::socket_t& socket)
    {
        count_ = 0;
        views_.clear();
        do {
            zmq::message_t& part = parts_[count_ < kKept ? count_ : kKept - 1];
            if (!socket.recv(part, zmq::recv_flags::dontwait)) {
                return false;
            }
            ++count_;
        } while (parts_[count_ < kKept ? count_ - 1 : kKept - 1].more());
        const std::size_t kept = count_ < kKept ? count_ : kKept;
        for (std::size_t i = 0; i < kept; ++i) {
            views_.emplace_back(static_cast<const char*>(parts_[i].data()), parts_[i].size());
        }
        return true;
    }

    /// Valid until the next receive().
    const std::vector<std::string_view>& parts() const noexcept { return views_; }

private:
    static constexpr std::size_t kKept = 6; // routing id and four frames, and one too many

    std::array<zmq::message_t, kKept> parts_;
    std::vector<std::string_view> views_;
    std::size_t count_ = 0;
};

} // namespace hub::hubp
