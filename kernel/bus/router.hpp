// Router: the transport between the hub and the hosts of libraries in other processes. It owns
// the ROUTER socket and speaks HUBP/1 (sdk/PROTOCOL.md): handshake, credit, heartbeats, frames.
// It decides nothing about calls and events; it never blocks and never touches the store.
#pragma once

#include "base/clock.hpp"
#include "journal/event.hpp"

#include <zmq.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace hub::bus {

class Transport;

/// One process that hosts one library. A new process of the same library has a new incarnation.
struct HostId {
    std::string library;
    std::uint64_t incarnation = 0;

    auto operator<=>(const HostId&) const = default;
};

/// What WELCOME tells a host that showed the right token.
struct Welcome {
    std::string manifest_json; // as the hub checked it
    std::string config_json;   // without secrets
    std::uint32_t credit_max = 64;
};

/// What a library in another process publishes.
struct PublishFrame {
    std::uint64_t token = 0; // names the publication to the host
    journal::Publication publication;
};

/// A host service that a library asks for: `arguments` is MessagePack as sdk/hubp/services.hpp
/// says for (extension, operation).
struct ServiceFrame {
    std::uint64_t service_id = 0;
    hub_call_id call_id = 0;
    std::string extension;
    std::string operation;
    std::string arguments;
};

struct ServedFrame {
    std::uint64_t service_id = 0;
    hub_status status = HUB_INTERNAL;
    std::string result; // MessagePack
};

/// Told about hosts, on the router's thread: hand over and return, never wait.
class RouterListener {
public:
    virtual ~RouterListener() = default;
    /// The library started: its first credit follows. Frames that a starting library sends (log,
    /// services) may come before.
    virtual void hostReady(const HostId& host) = 0;
    /// The process is gone, silent for three heartbeats, late with HELLO or its first credit, said
    /// BYE, was expelled, or broke the protocol. Comes once for every admitted incarnation unless
    /// the router is stopped first; nothing of this incarnation arrives afterwards.
    virtual void hostLost(const HostId& host, const std::string& reason) = 0;
    /// The host takes `count` more calls and events.
    virtual void credit(const HostId& host, std::uint32_t count) = 0;
    virtual void answered(const HostId& host, journal::CallAnswer answer) = 0;
    virtual void acknowledged(const HostId& host, journal::Acknowledgement acknowledgement) = 0;
    virtual void published(const HostId& host, PublishFrame frame) = 0;
    virtual void service(const HostId& host, ServiceFrame frame) = 0;
    virtual void logged(const HostId& host, int level, const std::string& message) = 0;
    /// All that was there to hear has been told: time to hand it on together.
    virtual void turnEnded() {}
};

struct RouterSettings {
    std::string endpoint; // "ipc:///…/hub.sock"; its folder is 0700
    std::int64_t heartbeat_ms = 1000;
    int heartbeats_missed_max = 3;
    int queue_max = 100000;                // messages waiting for the router's thread
    std::int64_t hello_timeout_ms = 10000; // from admit() to HELLO
    std::int64_t ready_timeout_ms = 30000; // from admit() to the first credit
};

/// What the router has seen since it was made.
struct RouterCounters {
    std::uint64_t received = 0;      // messages of any kind
    std::uint64_t sent = 0;          // messages handed to the socket
    std::uint64_t undeliverable = 0; // meant for a host that was gone
    std::uint64_t malformed = 0;     // not HUBP/1, or broken
    std::uint64_t strangers = 0;     // from a peer that is not welcome
    std::uint64_t hellos_refused = 0;
    std::uint64_t hosts_welcomed = 0;
    std::uint64_t hosts_lost = 0;
};

/// All functions but the constructor are thread-safe.
class Router {
public:
    /// Binds the socket; throws base::Failure naming the endpoint when that fails, or when its
    /// folder is not 0700.
    Router(zmq::context_t& context, RouterSettings settings, RouterListener& listener);
    /// On connections and a clock of the caller's, who calls turn() instead of start() (the
    /// simulation); both outlive the router. No endpoint is bound.
    Router(zmq::context_t& context,
           RouterSettings settings,
           RouterListener& listener,
           Transport& transport,
           const base::Clock& clock);
    ~Router();
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    void start();
    /// One turn of the router's thread, on the caller's. Never waits.
    void turn();
    /// Sends STOP to every host, then ends the thread. Idempotent.
    void stop();

    const std::string& endpoint() const noexcept;

    /// Makes a place for a process about to be started; the token is for its environment and
    /// good for one HELLO.
    std::string admit(const HostId& host, Welcome welcome);
    /// Sends STOP; the host answers BYE when its library stopped.
    void dismiss(const HostId& host, std::int64_t deadline_unix_ms);
    /// Forgets the host: its process is known to be dead. What it had sent before still counts,
    /// then comes hostLost().
    void expel(const HostId& host, const std::string& reason);

    /// Between the two everything that anybody sends is gathered, then it travels together. Nests.
    void hold();
    void release();

    /// All return false when the router's queue is full or the host is not there (any more), and
    /// throw base::Failure naming the field when a message breaks a limit of HUBP/1.
    bool send(const HostId& host, journal::CallDelivery call);
    bool send(const HostId& host, journal::EventDelivery event);
    /// An inbound request to be read (a callback): answered like a call, never stored.
    bool sendCallback(const HostId& host, journal::CallDelivery call);
    /// A safe call that is never stored.
    bool sendAside(const HostId& host, journal::CallDelivery call);
    /// The lease of a standing connection: answered like a call, never stored.
    bool sendSession(const HostId& host, journal::CallDelivery session);
    bool send(const HostId& host, std::uint64_t token, journal::Published published);
    bool send(const HostId& host, ServedFrame served);

    RouterCounters counters() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hub::bus
