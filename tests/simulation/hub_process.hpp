// HubProcess: one life of the hub inside a simulated world, from its start to its death. What it
// had in memory dies with it; the store stays.
#pragma once

#include "app/bridge.hpp"
#include "bus/router.hpp"
#include "contract.hpp"
#include "egress.hpp"
#include "journal/lane.hpp"
#include "network.hpp"
#include "owner.hpp"
#include "store.hpp"
#include "surroundings.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace hub::simulation {

/// Draws ids from the seed.
class SeededIds final : public journal::IdSource {
public:
    explicit SeededIds(std::uint64_t seed)
        : random_(seed)
    {}
    std::string make(std::int64_t unix_ms) override;

private:
    Seeded random_;
};

/// What does not change from one life to the next.
struct HubParts {
    Surroundings& world;
    BreakingStore& store;
    Network& network;
    Provider& provider;
    Contract& contract;
    Owner& owner;
    SeededIds& ids;
    zmq::context_t& zmq;
    journal::LaneSettings lane;
    bus::RouterSettings router;
};

class HubProcess {
public:
    HubProcess(HubParts& parts, app::HostWatch watch);
    ~HubProcess();
    HubProcess(const HubProcess&) = delete;
    HubProcess& operator=(const HubProcess&) = delete;

    /// False, or HubDied: it did not come up.
    bool begin();
    /// One turn of the router and, unless it comes late, as many of the lane as it takes. False
    /// when it must end; may throw HubDied.
    bool turn(bool lane_too);

    bus::Router& router() noexcept { return *router_; }
    journal::Lane& lane() noexcept { return *lane_; }

private:
    class Wrong;

    HubParts& parts_;
    app::Bridge bridge_;
    std::unique_ptr<Wrong> wrong_; // between router, bridge and lane, for the mutations
    std::unique_ptr<bus::Router> router_;
    std::unique_ptr<journal::Lane> lane_;
    std::shared_ptr<Egress> egress_;
    bool fatal_ = false;
};

} // namespace hub::simulation
