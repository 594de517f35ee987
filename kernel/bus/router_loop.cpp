#include "bus/router_loop.hpp"

#include "bus/convert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <span>
#include <utility>

#include <pthread.h>

namespace hub::bus {

namespace {

/// How many messages one turn takes from each side, so that neither starves the other.
constexpr int kBatch = 256;
constexpr int kDrainTurns = 64;
/// What a dead process had sent, and the word of its supervisor, arrive within moments; this
/// bounds the wait for them.
constexpr std::int64_t kLeavingMs = 1000;
constexpr std::int64_t kLeavingPollMs = 2;
constexpr const char* kClosed = "closed its connection";
constexpr std::int64_t kStopMs = 1000;

} // namespace

RouterLoop::RouterLoop(Transport& transport,
                       const base::Clock& clock,
                       const RouterSettings& settings,
                       RouterListener& listener,
                       base::Channel<Order>& orders,
                       base::Channel<Parcels>& parcels,
                       PresenceTable& presence,
                       AtomicCounters& counters)
    : transport_(transport)
    , clock_(clock)
    , settings_(settings)
    , listener_(listener)
    , orders_(orders)
    , parcels_(parcels)
    , presence_(presence)
    , counters_(counters)
    , next_tick_ms_(clock.monotonicMs() + settings.heartbeat_ms)
{}

void RouterLoop::run()
{
    pthread_setname_np(pthread_self(), "router");
    next_tick_ms_ = clock_.monotonicMs() + settings_.heartbeat_ms;
    std::array<zmq::pollitem_t, 3> items = {{{orders_.receiver().handle(), 0, ZMQ_POLLIN, 0},
                                             {parcels_.receiver().handle(), 0, ZMQ_POLLIN, 0},
                                             {transport_.handle(), 0, ZMQ_POLLIN, 0}}};
    while (!ending_) {
        try {
            zmq::poll(items.data(), items.size(), std::chrono::milliseconds(waitMs()));
        } catch (const zmq::error_t& problem) {
            if (problem.num() != EINTR) {
                throw;
            }
        }
        turn();
    }
}

void RouterLoop::turn()
{
    takeOrders();
    takeParcels();
    // Silence is judged only after everything that arrived was read: a busy or suspended router
    // must not take its own lateness for a host's.
    if (takeFrames() == Drained::All && clock_.monotonicMs() >= next_tick_ms_) {
        tick();
    }
    tendLeaving();
    listener_.turnEnded();
}

std::int64_t RouterLoop::waitMs() const
{
    const std::int64_t until_tick_ms = next_tick_ms_ - clock_.monotonicMs();
    return std::clamp<std::int64_t>(
        until_tick_ms, 0, peers_.leaving().empty() ? settings_.heartbeat_ms : kLeavingPollMs);
}

void RouterLoop::takeOrders()
{
    while (std::unique_ptr<Order> order = orders_.receive()) {
        std::visit([this](auto& what) { follow(what); }, *order);
    }
}

void RouterLoop::takeParcels()
{
    for (int taken = 0; taken < kBatch;) {
        const std::unique_ptr<Parcels> parcels = parcels_.receive();
        if (!parcels) {
            break;
        }
        for (Parcel& parcel : *parcels) {
            pack(parcel);
        }
        const auto count = static_cast<int>(parcels->size());
        counters_.parcels_waiting -= count;
        taken += count;
    }
    sendPacked();
}

void RouterLoop::pack(Parcel& parcel)
{
    Peer* peer = peers_.find(parcel.host);
    if (peer == nullptr || peer->routing_id.empty() || peer->leaving) {
        ++counters_.undeliverable;
        return;
    }
    if (peer->outgoing.size() == 0) {
        packed_.push_back(parcel.host);
    }
    if (!peer->outgoing.add(std::move(parcel.message))) {
        send(*peer, peer->outgoing.take());
        // It may be lost by that.
        peer = peers_.find(parcel.host);
        if (peer != nullptr) {
            (void)peer->outgoing.add(std::move(parcel.message));
        }
    }
}

void RouterLoop::sendPacked()
{
    for (const HostId& host : std::exchange(packed_, {})) {
        Peer* peer = peers_.find(host);
        if (peer != nullptr && peer->outgoing.size() != 0) {
            send(*peer, peer->outgoing.take());
        }
    }
}

RouterLoop::Drained RouterLoop::takeFrames()
{
    for (int i = 0; i < kBatch; ++i) {
        const std::vector<std::string_view>* parts = transport_.receive();
        if (parts == nullptr) {
            return Drained::All;
        }
        ++counters_.received;
        takeFrame(*parts);
    }
    return Drained::Some;
}

void RouterLoop::tick()
{
    const std::int64_t now_ms = clock_.monotonicMs();
    next_tick_ms_ = now_ms + settings_.heartbeat_ms;
    for (const LostPeer& lost : peers_.overdue(settings_, now_ms)) {
        lose(lost.host, lost.reason);
    }
    for (const HostId& host : peers_.welcomed()) {
        if (Peer* peer = peers_.find(host)) {
            send(*peer, hubp::Ping{});
        }
    }
}

void RouterLoop::tendLeaving()
{
    for (const HostId& host : peers_.leaving()) {
        const Peer* peer = peers_.find(host);
        // Of a closed connection the supervisor will say in a moment why.
        const bool explained = peer->leaving_reason != kClosed;
        if (!(explained && connectionEnded(*peer)) &&
            clock_.monotonicMs() < peer->leaving_until_ms) {
            continue;
        }
        drain();
        // It may have said BYE in what was left.
        if (peers_.find(host) != nullptr) {
            lose(host, peers_.find(host)->leaving_reason);
        }
    }
}

/// Reads what is there, within a bound for the case that others never stop sending.
void RouterLoop::drain()
{
    for (int i = 0; i < kDrainTurns && takeFrames() == Drained::Some; ++i) {}
}

void RouterLoop::follow(AdmitOrder& order)
{
    order.peer.admitted_ms = clock_.monotonicMs();
    peers_.admit(std::move(order.peer));
}

void RouterLoop::follow(DismissOrder& order)
{
    Peer* peer = peers_.find(order.host);
    if (peer == nullptr) {
        return;
    }
    if (peer->routing_id.empty()) {
        lose(order.host, "was dismissed before it said HELLO");
        return;
    }
    presence_.change(order.host, Presence::Stopping);
    send(*peer, hubp::Stop{order.deadline_unix_ms});
}

void RouterLoop::follow(ExpelOrder& order)
{
    if (Peer* peer = peers_.find(order.host)) {
        leave(*peer, order.reason);
    }
}

void RouterLoop::follow(EndOrder&)
{
    ending_ = true;
    for (const HostId& host : peers_.welcomed()) {
        if (Peer* peer = peers_.find(host)) {
            send(*peer, hubp::Stop{clock_.nowMs() + kStopMs});
        }
    }
}

void RouterLoop::takeFrame(const std::vector<std::string_view>& parts)
{
    const std::string_view routing_id = parts.front();
    Result<hubp::Frame> frame = hubp::decode(std::span(parts).subspan(1));
    if (!frame.ok()) {
        ++counters_.malformed;
    }
    Peer* peer = peers_.findRoute(routing_id);
    if (peer == nullptr) {
        fromStranger(routing_id, std::move(frame));
        return;
    }
    peer->heard_ms = clock_.monotonicMs();
    if (frame.ok()) {
        fromPeer(*peer, std::move(frame).value());
    } else {
        breakWith(*peer, frame.error().message);
    }
}

void RouterLoop::fromStranger(std::string_view routing_id, Result<hubp::Frame> frame)
{
    if (!frame.ok()) {
        ++counters_.strangers;
        refuse(routing_id, frame.error().message);
    } else if (const auto* hello = std::get_if<hubp::Hello>(&frame.value())) {
        greet(routing_id, *hello);
    } else {
        ++counters_.strangers;
        refuse(routing_id,
               fmt::format("{} came from a peer that is not welcome; say HELLO with the token of "
                           "this start first",
                           hubp::nameOf(hubp::commandOf(frame.value()))));
    }
}

void RouterLoop::greet(std::string_view routing_id, const hubp::Hello& hello)
{
    Peer* peer = peers_.redeem(hello.token);
    if (peer == nullptr) {
        // Its admission may have been ordered after this turn took its orders.
        takeOrders();
        peer = peers_.redeem(hello.token);
    }
    if (peer == nullptr) {
        ++counters_.hellos_refused;
        refuse(routing_id,
               fmt::format("the token of library \"{}\" is unknown or was used before; every start "
                           "needs a new one from the hub",
                           hello.library));
        return;
    }
    std::string reason;
    if (hello.library != peer->host.library) {
        reason = fmt::format("the token is for library \"{}\", HELLO names \"{}\"",
                             peer->host.library,
                             hello.library);
    } else if (hello.abi_major != HUB_ABI_MAJOR) {
        reason = fmt::format("the host of library \"{}\" has ABI major {}, the hub has {}",
                             hello.library,
                             hello.abi_major,
                             HUB_ABI_MAJOR);
    }
    if (!reason.empty()) {
        ++counters_.hellos_refused;
        refuse(routing_id, reason);
        lose(peer->host, reason);
        return;
    }
    // The listener hears the end of a library's last host before the begin of the next.
    const HostId host = peer->host;
    for (const HostId& other : peers_.leaving()) {
        if (other.library == host.library) {
            lose(other, peers_.find(other)->leaving_reason);
        }
    }
    peer = peers_.find(host);
    ++counters_.hosts_welcomed;
    peers_.welcome(*peer, std::string(routing_id), clock_.monotonicMs());
    presence_.set(peer->host, Presence::Starting);
    send(*peer, toWelcome(peer->welcome, settings_));
}

void RouterLoop::fromPeer(Peer& peer, hubp::Frame frame)
{
    std::visit([&](auto& what) { hear(peer, std::move(what)); }, frame);
}

void RouterLoop::hear(Peer& peer, hubp::Outcome&& outcome)
{
    listener_.answered(peer.host, toAnswer(std::move(outcome)));
}

void RouterLoop::hear(Peer& peer, hubp::Ack&& ack)
{
    listener_.acknowledged(peer.host, toAcknowledgement(std::move(ack)));
}

void RouterLoop::hear(Peer& peer, hubp::Publish&& publish)
{
    listener_.published(peer.host, toPublication(std::move(publish), peer.host.library));
}

void RouterLoop::hear(Peer& peer, hubp::Service&& service)
{
    listener_.service(peer.host,
                      {service.service_id,
                       service.call_id,
                       std::move(service.extension),
                       std::move(service.operation),
                       std::move(service.arguments)});
}

void RouterLoop::hear(Peer& peer, hubp::Credit&& credit)
{
    if (peer.leaving) {
        return;
    }
    if (!peer.ready) {
        peer.ready = true;
        if (presence_.of(peer.host) == Presence::Starting) {
            presence_.change(peer.host, Presence::Ready);
        }
        listener_.hostReady(peer.host);
    }
    listener_.credit(peer.host, credit.count);
}

void RouterLoop::hear(Peer& peer, hubp::Log&& log)
{
    listener_.logged(peer.host, log.level, log.message);
}

void RouterLoop::hear(Peer& peer, hubp::Bye&& bye)
{
    lose(peer.host, bye.message.empty() ? "said BYE" : "said BYE: " + bye.message);
}

void RouterLoop::hear(Peer&, hubp::Pong&&) {}

void RouterLoop::hear(Peer& peer, hubp::Batch&& batch)
{
    // Each message may be the peer's last.
    const HostId host = peer.host;
    const auto take = [&](Result<hubp::Frame> frame) {
        ++counters_.received;
        Peer* sender = peers_.find(host);
        if (sender == nullptr) {
            return false;
        }
        if (frame.ok()) {
            fromPeer(*sender, std::move(frame).value());
            return true;
        }
        ++counters_.malformed;
        breakWith(*sender, frame.error().message);
        return false;
    };
    const Result<void> whole = hubp::readBatch(batch, take);
    if (Peer* sender = peers_.find(host); sender != nullptr && !whole.ok()) {
        ++counters_.malformed;
        breakWith(*sender, whole.error().message);
    }
}

template <typename Other>
void RouterLoop::hear(Peer& peer, Other&& other)
{
    const hubp::Command command = hubp::commandOf(hubp::Frame{std::forward<Other>(other)});
    breakWith(peer, fmt::format("{} is not for a host to send", hubp::nameOf(command)));
}

void RouterLoop::send(Peer& peer, const hubp::Frame& frame)
{
    Result<hubp::Message> message = hubp::encode(frame);
    if (message.ok()) {
        send(peer, message.value());
    } else {
        lose(peer.host, message.error().message);
    }
}

void RouterLoop::send(Peer& peer, const hubp::Message& message)
{
    switch (transport_.send(peer.routing_id, message)) {
    case Sent::Yes:
        ++counters_.sent;
        break;
    case Sent::Full:
        lose(peer.host, fmt::format("does not read: {} messages wait for it", kSendQueue));
        break;
    case Sent::Unreachable:
        leave(peer, kClosed);
        break;
    }
}

void RouterLoop::leave(Peer& peer, const std::string& reason)
{
    if (peer.routing_id.empty()) {
        lose(peer.host, reason);
    } else if (!peer.leaving) {
        peer.leaving = true;
        peer.leaving_reason = reason;
        peer.leaving_until_ms = clock_.monotonicMs() + kLeavingMs;
        presence_.remove(peer.host);
    } else if (peer.leaving_reason == kClosed) {
        peer.leaving_reason = reason; // a supervisor knows better than the socket
    }
}

/// ZeroMQ calls a peer unreachable once its stream has ended; everything before that end is
/// readable then.
bool RouterLoop::connectionEnded(const Peer& peer)
{
    const hubp::Message ping = hubp::encode(hubp::Ping{}).value();
    return transport_.send(peer.routing_id, ping) != Sent::Yes;
}

void RouterLoop::refuse(std::string_view routing_id, std::string message)
{
    const Result<hubp::Message> refusal = hubp::encode(hubp::Refuse{std::move(message)});
    // A stranger that does not read or is gone misses nothing that it is owed.
    if (refusal.ok() && transport_.send(routing_id, refusal.value()) == Sent::Yes) {
        ++counters_.sent;
    }
}

void RouterLoop::breakWith(Peer& peer, const std::string& reason)
{
    refuse(peer.routing_id, reason);
    lose(peer.host, "broke the protocol: " + reason);
}

void RouterLoop::lose(HostId host, std::string reason)
{
    ++counters_.hosts_lost;
    presence_.remove(host);
    peers_.remove(host);
    listener_.hostLost(host, reason);
}

} // namespace hub::bus
