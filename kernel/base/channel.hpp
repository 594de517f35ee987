// Channel: hands objects from many threads to one over ZeroMQ inproc. The message carries the
// pointer; ownership moves with it. Bounded: a full channel refuses instead of growing.
#pragma once

#include "base/thread_annotations.hpp"

#include <zmq.hpp>

#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace hub::base {

/// Sender side is thread-safe (one socket behind a mutex: the hand-over itself is short);
/// receiver side belongs to the thread that calls receive().
template <typename Item>
class Channel {
public:
    Channel(zmq::context_t& context, const std::string& endpoint, int capacity)
        : receiver_(context, zmq::socket_type::pull)
        , sender_(context, zmq::socket_type::push)
    {
        receiver_.set(zmq::sockopt::rcvhwm, capacity);
        sender_.set(zmq::sockopt::sndhwm, capacity);
        receiver_.set(zmq::sockopt::linger, 0);
        sender_.set(zmq::sockopt::linger, 0);
        receiver_.bind(endpoint);
        sender_.connect(endpoint);
    }

    ~Channel()
    {
        // What nobody took is deleted here, not leaked in the socket.
        while (receive()) {}
    }

    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// False when the channel is full; `item` is then untouched.
    bool send(std::unique_ptr<Item>& item)
    {
        Item* raw = item.get();
        zmq::message_t message(&raw, sizeof raw);
        annotateHandOver(raw);
        const std::lock_guard lock(sending_);
        if (!sender_.send(message, zmq::send_flags::dontwait)) {
            return false;
        }
        item.release();
        return true;
    }

    /// Takes one without waiting; empty when there is none.
    std::unique_ptr<Item> receive()
    {
        zmq::message_t message;
        if (!receiver_.recv(message, zmq::recv_flags::dontwait)) {
            return nullptr;
        }
        Item* raw = nullptr;
        std::memcpy(&raw, message.data(), sizeof raw);
        annotateTakeOver(raw);
        return std::unique_ptr<Item>(raw);
    }

    /// For zmq::poll in the receiving thread.
    zmq::socket_t& receiver() noexcept { return receiver_; }

private:
    zmq::socket_t receiver_;
    std::mutex sending_;
    zmq::socket_t sender_;
};

} // namespace hub::base
