#include "egress.hpp"

#include "base/json.hpp"
#include "journal/calls.hpp"

#include <algorithm>
#include <utility>

namespace hub::simulation {

struct Egress::Exchange {
    bus::HostId host;
    std::uint64_t service_id = 0;
    egress::Ticket ticket;
    Request request;
    bool ended = false;
};

namespace {

class MarkWork final : public journal::Work {
public:
    MarkWork(hub_call_id call, std::uint32_t delivery, std::function<void(bool)> done)
        : call_(call)
        , delivery_(delivery)
        , done_(std::move(done))
    {}
    void run(journal::LaneContext& context) override
    {
        granted_ = false;
        const auto failed = context.group.attempt([&] {
            granted_ = journal::Calls::markSending(context.group, call_, delivery_, "digest");
        });
        granted_ = granted_ && !failed;
    }
    void committed() noexcept override { done_(granted_); }
    void failed(const journal::UnitFailed&) noexcept override { done_(false); }

private:
    hub_call_id call_;
    std::uint32_t delivery_;
    std::function<void(bool)> done_;
    bool granted_ = false;
};

} // namespace

Egress::Egress(Surroundings& world, Provider& provider)
    : world_(world)
    , provider_(provider)
{}

void Egress::attach(app::Bridge& bridge, bus::Router& router, journal::Lane& lane)
{
    bridge_ = &bridge;
    router_ = &router;
    lane_ = &lane;
}

void Egress::after(std::int64_t delay_ms, std::function<void()> what)
{
    world_.timeline.after(delay_ms, [self = shared_from_this(), what = std::move(what)] {
        if (self->lane_ != nullptr) {
            what();
        }
    });
}

void Egress::serve(const bus::HostId& host, bus::ServiceFrame frame)
{
    auto exchange = std::make_shared<Exchange>();
    exchange->host = host;
    exchange->service_id = frame.service_id;
    const auto live = bridge_->liveCalls().find(host, frame.call_id, world_.timeline.nowMs());
    if (!live) {
        end(exchange, HUB_UNAVAILABLE, {});
        return;
    }
    const base::Json arguments = base::Json::parse(frame.arguments);
    exchange->ticket = live->ticket;
    exchange->request = {arguments.at("operation").get<std::string>(),
                         arguments.at("number").get<std::string>(),
                         arguments.at("key").get<std::string>()};
    after(1 + world_.random.below(world_.weather.latency_max_ms),
          [this, exchange] { connect(exchange); });
}

void Egress::connect(const ExchangePtr& exchange)
{
    const egress::Ticket& ticket = exchange->ticket;
    if (world_.random.chance(world_.weather.connect_fails) ||
        world_.timeline.nowMs() >= ticket.deadline_ms) {
        end(exchange, HUB_UNAVAILABLE, {});
    } else if (ticket.safe || world_.mutation == Mutation::MarkForgotten) {
        leave(exchange);
    } else {
        mark(exchange);
    }
}

void Egress::mark(const ExchangePtr& exchange)
{
    const egress::Ticket& ticket = exchange->ticket;
    const auto done = [this, exchange](bool granted) {
        if (granted) {
            leave(exchange);
        } else {
            end(exchange, HUB_UNAVAILABLE, {});
        }
    };
    lane_->submit(std::make_unique<MarkWork>(ticket.call_id, ticket.delivery, done));
}

void Egress::leave(const ExchangePtr& exchange)
{
    provider_.take(exchange->request,
                   [self = shared_from_this(), exchange](const std::string& state) {
                       self->end(exchange, HUB_OK, state);
                   });
    const std::int64_t rest_ms = exchange->ticket.deadline_ms - world_.timeline.nowMs();
    after(std::max<std::int64_t>(1, rest_ms),
          [this, exchange] { end(exchange, HUB_OUTCOME_UNKNOWN, {}); });
}

void Egress::end(const ExchangePtr& exchange, hub_status status, const std::string& result)
{
    if (lane_ != nullptr && !std::exchange(exchange->ended, true)) {
        router_->send(exchange->host, {exchange->service_id, status, result});
    }
}

} // namespace hub::simulation
