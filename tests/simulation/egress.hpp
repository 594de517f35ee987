// Egress: the hub's exchanges with the provider, as app/ServiceDesk and egress/Exchanger make
// them: connect, then the durable mark, then the bytes, then a reply or the end of the time.
#pragma once

#include "app/bridge.hpp"
#include "bus/router.hpp"
#include "journal/lane.hpp"
#include "provider.hpp"
#include "surroundings.hpp"

#include <functional>
#include <memory>

namespace hub::simulation {

/// Belongs to one process of the hub and dies with it: what is under way then ends in nothing.
class Egress final : public app::ServiceProvider, public std::enable_shared_from_this<Egress> {
public:
    Egress(Surroundings& world, Provider& provider);

    void attach(app::Bridge& bridge, bus::Router& router, journal::Lane& lane);
    void detach() noexcept { lane_ = nullptr; }

    void serve(const bus::HostId& host, bus::ServiceFrame frame) override;

private:
    struct Exchange;
    using ExchangePtr = std::shared_ptr<Exchange>;

    void after(std::int64_t delay_ms, std::function<void()> what);
    void connect(const ExchangePtr& exchange);
    void mark(const ExchangePtr& exchange);
    void leave(const ExchangePtr& exchange);
    void end(const ExchangePtr& exchange, hub_status status, const std::string& result);

    Surroundings& world_;
    Provider& provider_;
    app::Bridge* bridge_ = nullptr;
    bus::Router* router_ = nullptr;
    journal::Lane* lane_ = nullptr;
};

} // namespace hub::simulation
