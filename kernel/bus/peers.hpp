// Peers: who is admitted and who is welcome, with the deadlines that hold for them. Belongs to
// the router's thread. Presence is the part of it that other threads may ask.
#pragma once

#include "bus/router.hpp"
#include "hubp/batch.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::bus {

struct Peer {
    HostId host;
    Welcome welcome;
    std::string token;      // empty once it was used
    std::string routing_id; // empty until it is welcome
    std::int64_t admitted_ms = 0;
    std::int64_t heard_ms = 0;
    bool ready = false;
    hubp::BatchWriter outgoing; // empty between the turns of the router
    /// Its process or connection has ended; what it had sent before is still on its way.
    bool leaving = false;
    std::string leaving_reason;
    std::int64_t leaving_until_ms = 0;
};

struct LostPeer {
    HostId host;
    std::string reason;
};

class Peers {
public:
    void admit(Peer peer);
    void remove(const HostId& host);

    /// Null when it is not there. Pointers are valid until the next admit() or remove().
    Peer* find(const HostId& host);
    Peer* findRoute(std::string_view routing_id);
    /// The admitted peer whose token this is; the token is used up.
    Peer* redeem(std::string_view token);
    void welcome(Peer& peer, std::string routing_id, std::int64_t now_ms);

    /// Those to whom something may be sent.
    std::vector<HostId> welcomed() const;
    std::vector<HostId> leaving() const;
    /// Those whose time for HELLO, first credit or a sign of life has passed.
    std::vector<LostPeer> overdue(const RouterSettings& settings, std::int64_t now_ms) const;

private:
    std::map<HostId, Peer> peers_;
    std::map<std::string, HostId, std::less<>> routes_;
};

enum class Presence { Starting, Ready, Stopping };

/// Thread-safe.
class PresenceTable {
public:
    void set(const HostId& host, Presence presence);
    /// Does nothing when the host is not there.
    void change(const HostId& host, Presence presence);
    void remove(const HostId& host);
    std::optional<Presence> of(const HostId& host) const;

private:
    mutable std::mutex mutex_;
    std::map<HostId, Presence> table_;
};

} // namespace hub::bus
