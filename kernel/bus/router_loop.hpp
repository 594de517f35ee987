// RouterLoop: the one thread that owns the ROUTER socket. It takes orders from a channel, frames
// from the socket, and tells the listener.
#pragma once

#include "base/channel.hpp"
#include "base/clock.hpp"
#include "bus/peers.hpp"
#include "bus/router.hpp"
#include "bus/transport.hpp"
#include "hubp/codec.hpp"

#include <zmq.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hub::bus {

/// What other threads want from the router's thread.
struct AdmitOrder {
    Peer peer;
};
struct DismissOrder {
    HostId host;
    std::int64_t deadline_unix_ms = 0;
};
struct ExpelOrder {
    HostId host;
    std::string reason;
};
struct EndOrder {};

using Order = std::variant<AdmitOrder, DismissOrder, ExpelOrder, EndOrder>;

/// A message for one host, encoded by the thread that sends it.
struct Parcel {
    HostId host;
    hubp::Message message;
};
using Parcels = std::vector<Parcel>;

/// Written by the router's thread, read by any.
struct AtomicCounters {
    std::atomic<std::uint64_t> received{0};
    std::atomic<std::uint64_t> sent{0};
    std::atomic<std::uint64_t> undeliverable{0};
    std::atomic<std::uint64_t> malformed{0};
    std::atomic<std::uint64_t> strangers{0};
    std::atomic<std::uint64_t> hellos_refused{0};
    std::atomic<std::uint64_t> hosts_welcomed{0};
    std::atomic<std::uint64_t> hosts_lost{0};
    /// Handed over and not yet taken up; senders add.
    std::atomic<std::int64_t> parcels_waiting{0};
};

class RouterLoop {
public:
    RouterLoop(Transport& transport,
               const base::Clock& clock,
               const RouterSettings& settings,
               RouterListener& listener,
               base::Channel<Order>& orders,
               base::Channel<Parcels>& parcels,
               PresenceTable& presence,
               AtomicCounters& counters);

    /// Returns after an EndOrder.
    void run();
    /// What run() does each time that something woke it. Never waits.
    void turn();

private:
    enum class Drained { All, Some };

    void takeOrders();
    void takeParcels();
    void pack(Parcel& parcel);
    void sendPacked();
    Drained takeFrames();
    void tick();
    std::int64_t waitMs() const;
    void tendLeaving();
    void drain();

    void follow(AdmitOrder& order);
    void follow(DismissOrder& order);
    void follow(ExpelOrder& order);
    void follow(EndOrder& order);

    void takeFrame(const std::vector<std::string_view>& parts);
    void fromStranger(std::string_view routing_id, Result<hubp::Frame> frame);
    void greet(std::string_view routing_id, const hubp::Hello& hello);
    void fromPeer(Peer& peer, hubp::Frame frame);
    void hear(Peer& peer, hubp::Outcome&& outcome);
    void hear(Peer& peer, hubp::Ack&& ack);
    void hear(Peer& peer, hubp::Publish&& publish);
    void hear(Peer& peer, hubp::Service&& service);
    void hear(Peer& peer, hubp::Credit&& credit);
    void hear(Peer& peer, hubp::Log&& log);
    void hear(Peer& peer, hubp::Bye&& bye);
    void hear(Peer& peer, hubp::Pong&& pong);
    void hear(Peer& peer, hubp::Batch&& batch);
    template <typename Other>
    void hear(Peer& peer, Other&& other);

    void send(Peer& peer, const hubp::Frame& frame);
    /// The peer leaves, or is lost, when the socket does not take the message.
    void send(Peer& peer, const hubp::Message& message);
    void refuse(std::string_view routing_id, std::string message);
    /// The end of the peer is known: it is lost as soon as everything that it sent was heard.
    void leave(Peer& peer, const std::string& reason);
    bool connectionEnded(const Peer& peer);
    void breakWith(Peer& peer, const std::string& reason);
    /// By value: both may live in the peer that goes.
    void lose(HostId host, std::string reason);

    Transport& transport_;
    const base::Clock& clock_;
    const RouterSettings& settings_;
    RouterListener& listener_;
    base::Channel<Order>& orders_;
    base::Channel<Parcels>& parcels_;
    PresenceTable& presence_;
    AtomicCounters& counters_;
    Peers peers_;
    std::vector<HostId> packed_; // those with something in `outgoing`
    std::int64_t next_tick_ms_ = 0;
    bool ending_ = false;
};

} // namespace hub::bus
