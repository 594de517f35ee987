#include "hub_process.hpp"

#include "app/host_works.hpp"

#include <fmt/format.h>

#include <utility>

namespace hub::simulation {

namespace {

constexpr int kTurnsMax = 50;

class SubscribeWork final : public journal::Work {
public:
    explicit SubscribeWork(Owner& owner)
        : owner_(owner)
    {}
    void run(journal::LaneContext& context) override
    {
        for (const char* name : {kOwner, "partner", "gossip"}) {
            journal::SubscriptionSpec spec;
            spec.library = name;
            spec.types[kHappened] = {1, 1};
            spec.in_process = name == std::string(kOwner);
            spec.blocks_key = name != std::string("gossip");
            context.deliveries.add(context.group, spec, spec.in_process ? &owner_ : nullptr);
        }
    }
    void committed() noexcept override {}
    void failed(const journal::UnitFailed&) noexcept override {}
    bool mustHappen() const noexcept override { return true; }

private:
    Owner& owner_;
};

class Quiet final : public journal::CommitListener {
public:
    void committed(const journal::Effects&) noexcept override {}
};

Quiet quiet;

} // namespace

std::string SeededIds::make(std::int64_t unix_ms)
{
    const std::uint64_t bits = random_.next();
    return fmt::format("{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
                       static_cast<std::uint64_t>(unix_ms) >> 16U & 0xFFFFFFFFU,
                       static_cast<std::uint64_t>(unix_ms) & 0xFFFFU,
                       bits & 0xFFFU,
                       bits >> 12U & 0xFFFU,
                       random_.next() & 0xFFFFFFFFFFFFU);
}

/// Passes everything on; a mutation bends some of it.
class HubProcess::Wrong final : public bus::RouterListener, public journal::Outlet {
public:
    Wrong(HubProcess& hub, Mutation mutation, app::HostWatch watch)
        : hub_(hub)
        , mutation_(mutation)
        , watch_(std::move(watch))
    {}

    bool sendCall(const std::string& library,
                  journal::Incarnation incarnation,
                  journal::CallDelivery call) override
    {
        return hub_.bridge_.sendCall(library, incarnation, std::move(call));
    }
    bool sendEvent(const std::string& library,
                   journal::Incarnation incarnation,
                   journal::EventDelivery event) override
    {
        if (mutation_ == Mutation::OrderIgnored) {
            event.resume = true;
        }
        if (mutation_ == Mutation::CursorFirst) {
            hub_.lane_->submit(app::wordsWork(
                {{{library, incarnation},
                  journal::Acknowledgement{event.event->seq, HUB_OK, {}, event.delivery}}}));
        }
        return hub_.bridge_.sendEvent(library, incarnation, std::move(event));
    }
    void hold() noexcept override { hub_.bridge_.hold(); }
    void release() noexcept override { hub_.bridge_.release(); }

    void hostReady(const bus::HostId& host) override { hub_.bridge_.hostReady(host); }
    void hostLost(const bus::HostId& host, const std::string& reason) override
    {
        if (mutation_ == Mutation::LossUntold) {
            watch_.lost(host, reason);
        } else {
            hub_.bridge_.hostLost(host, reason);
        }
    }
    void credit(const bus::HostId& host, std::uint32_t count) override
    {
        hub_.bridge_.credit(host, mutation_ == Mutation::CreditDoubled ? 2 * count : count);
    }
    void answered(const bus::HostId& host, journal::CallAnswer answer) override
    {
        hub_.bridge_.answered(host, std::move(answer));
    }
    void acknowledged(const bus::HostId& host, journal::Acknowledgement answer) override
    {
        if (mutation_ == Mutation::SettleOnThrottled && answer.status == HUB_THROTTLED) {
            answer.status = HUB_OK;
        }
        hub_.bridge_.acknowledged(host, std::move(answer));
    }
    void published(const bus::HostId& host, bus::PublishFrame frame) override
    {
        hub_.bridge_.published(host, std::move(frame));
    }
    void service(const bus::HostId& host, bus::ServiceFrame frame) override
    {
        hub_.bridge_.service(host, std::move(frame));
    }
    void logged(const bus::HostId&, int, const std::string&) override {}
    void turnEnded() override { hub_.bridge_.turnEnded(); }

private:
    HubProcess& hub_;
    Mutation mutation_;
    app::HostWatch watch_;
};

HubProcess::HubProcess(HubParts& parts, app::HostWatch watch)
    : parts_(parts)
    , wrong_(std::make_unique<Wrong>(*this, parts.world.mutation, watch))
    , router_(std::make_unique<bus::Router>(
          parts.zmq, parts.router, *wrong_, parts.network, parts.world.timeline))
    , lane_(std::make_unique<journal::Lane>(parts.store,
                                            parts.world.timeline,
                                            parts.contract,
                                            *wrong_,
                                            quiet,
                                            parts.lane,
                                            [this](const std::string& why) {
                                                parts_.world.trace.add("fatal: {}", why);
                                                fatal_ = true;
                                            }))
    , egress_(std::make_shared<Egress>(parts.world, parts.provider))
{
    bridge_.attach(*lane_, *router_, *egress_, std::move(watch));
    egress_->attach(bridge_, *router_, *lane_);
}

HubProcess::~HubProcess()
{
    egress_->detach();
}

bool HubProcess::begin()
{
    try {
        if (!lane_->begin()) {
            return false;
        }
    } catch (const base::Failure&) {
        return false; // the store is away: its supervisor starts it again
    }
    lane_->submit(std::make_unique<SubscribeWork>(parts_.owner));
    return turn(true);
}

bool HubProcess::turn(bool lane_too)
{
    router_->turn();
    for (int turns = 0; lane_too && turns < kTurnsMax && lane_->turn(); ++turns) {}
    router_->turn();
    return !fatal_;
}

} // namespace hub::simulation
