// Network: carries HUBP/1 messages between the router and the simulated hosts, each connection in
// order, connections among each other in any. It stands where the ROUTER socket is.
#pragma once

#include "bus/transport.hpp"
#include "hubp/frames.hpp"
#include "surroundings.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulation {

/// The host's end of one connection.
class Link {
public:
    std::string routing_id;
    std::function<void(const hubp::Frame&)> receive;
    bool host_is_there = true;
    bool hub_is_there = true;

private:
    friend class Network;
    std::size_t under_way = 0; // to the hub, not heard yet
    std::int64_t to_hub_ms = 0;
    std::int64_t to_host_ms = 0;
};
using LinkPtr = std::shared_ptr<Link>;

class Network final : public bus::Transport {
public:
    explicit Network(Surroundings& world)
        : world_(world)
    {}

    LinkPtr connect(std::function<void(const hubp::Frame&)> receive);
    void send(const LinkPtr& link, const hubp::Frame& frame);
    /// The host's process ended; what it had sent still arrives.
    static void close(const LinkPtr& link) { link->host_is_there = false; }
    /// The hub's process ended.
    void hubDied();

    const std::vector<std::string_view>* receive() override;
    bus::Sent send(std::string_view routing_id, const hubp::Message& message) override;
    void* handle() override { return nullptr; }

private:
    struct Packet {
        LinkPtr link;
        std::vector<std::string> parts;
    };
    std::int64_t arrival(std::int64_t& last_ms);

    Surroundings& world_;
    std::uint64_t connections_ = 0;
    std::map<std::string, LinkPtr, std::less<>> links_;
    std::deque<Packet> arrived_;
    Packet heard_;
    std::vector<std::string_view> views_;
};

} // namespace hub::simulation
