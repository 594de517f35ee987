#include "bus/peers.hpp"

#include "base/encoding.hpp"

#include <fmt/format.h>

#include <utility>

namespace hub::bus {

void Peers::admit(Peer peer)
{
    const HostId host = peer.host;
    peers_.insert_or_assign(host, std::move(peer));
}

void Peers::remove(const HostId& host)
{
    const auto found = peers_.find(host);
    if (found != peers_.end()) {
        routes_.erase(found->second.routing_id);
        peers_.erase(found);
    }
}

Peer* Peers::find(const HostId& host)
{
    const auto found = peers_.find(host);
    return found == peers_.end() ? nullptr : &found->second;
}

Peer* Peers::findRoute(std::string_view routing_id)
{
    const auto found = routes_.find(routing_id);
    return found == routes_.end() ? nullptr : find(found->second);
}

Peer* Peers::redeem(std::string_view token)
{
    // Every waiting token is compared in constant time: a stranger learns nothing by trying.
    Peer* match = nullptr;
    for (auto& [host, peer] : peers_) {
        if (!peer.token.empty() && base::equalConstantTime(peer.token, token)) {
            match = &peer;
        }
    }
    if (match != nullptr) {
        match->token.clear();
    }
    return match;
}

void Peers::welcome(Peer& peer, std::string routing_id, std::int64_t now_ms)
{
    peer.routing_id = std::move(routing_id);
    peer.heard_ms = now_ms;
    routes_.emplace(peer.routing_id, peer.host);
}

std::vector<HostId> Peers::welcomed() const
{
    std::vector<HostId> hosts;
    for (const auto& [host, peer] : peers_) {
        if (!peer.routing_id.empty() && !peer.leaving) {
            hosts.push_back(host);
        }
    }
    return hosts;
}

std::vector<HostId> Peers::leaving() const
{
    std::vector<HostId> hosts;
    for (const auto& [host, peer] : peers_) {
        if (peer.leaving) {
            hosts.push_back(host);
        }
    }
    return hosts;
}

std::vector<LostPeer> Peers::overdue(const RouterSettings& settings, std::int64_t now_ms) const
{
    const std::int64_t silence_max_ms = settings.heartbeat_ms * settings.heartbeats_missed_max;
    std::vector<LostPeer> lost;
    for (const auto& [host, peer] : peers_) {
        if (peer.leaving) {
            continue;
        }
        const std::int64_t age_ms = now_ms - peer.admitted_ms;
        if (peer.routing_id.empty() && age_ms > settings.hello_timeout_ms) {
            lost.push_back(
                {host, fmt::format("sent no HELLO within {} ms", settings.hello_timeout_ms)});
        } else if (!peer.routing_id.empty() && now_ms - peer.heard_ms > silence_max_ms) {
            lost.push_back({host,
                            fmt::format("was silent for {} heartbeats of {} ms",
                                        settings.heartbeats_missed_max,
                                        settings.heartbeat_ms)});
        } else if (!peer.ready && age_ms > settings.ready_timeout_ms) {
            lost.push_back(
                {host,
                 fmt::format("its library did not start within {} ms", settings.ready_timeout_ms)});
        }
    }
    return lost;
}

void PresenceTable::set(const HostId& host, Presence presence)
{
    const std::lock_guard lock(mutex_);
    table_[host] = presence;
}

void PresenceTable::change(const HostId& host, Presence presence)
{
    const std::lock_guard lock(mutex_);
    const auto found = table_.find(host);
    if (found != table_.end()) {
        found->second = presence;
    }
}

void PresenceTable::remove(const HostId& host)
{
    const std::lock_guard lock(mutex_);
    table_.erase(host);
}

std::optional<Presence> PresenceTable::of(const HostId& host) const
{
    const std::lock_guard lock(mutex_);
    const auto found = table_.find(host);
    return found == table_.end() ? std::nullopt : std::optional(found->second);
}

} // namespace hub::bus
