// HubBackend: the hub behind the gateway: routes to units, reads and tasks of plugins, and
// callbacks through the connector that reads them to the plugin that owns them.
#pragma once

#include "app/audit_trail.hpp"
#include "app/bridge.hpp"
#include "app/call_directory.hpp"
#include "app/exchange_log.hpp"
#include "app/fleet.hpp"
#include "app/outcome_waiters.hpp"
#include "app/provider_accounts.hpp"
#include "gateway/backend.hpp"
#include "security/sessions.hpp"

namespace hub::app {

struct BackendParts {
    const plugin::LiveCatalogue& catalogue;
    const config::Settings& settings;
    const base::Clock& clock;
    store::Database& database;
    journal::Lane& lane;
    Bridge& bridge;
    Fleet& fleet;
    CallDirectory& directory;
    OutcomeWaiters& waiters;
    ExchangeLog& exchanges;
    AuditTrail& audit;
    security::Sessions& sessions;
    ProviderAccounts& accounts;
};

class HubBackend final : public gateway::Backend {
public:
    explicit HubBackend(BackendParts parts);

    std::vector<gateway::Route> routes() const override;
    std::vector<gateway::Asset> assets() const override;
    std::vector<gateway::EventDescription> events() const override;
    gateway::Reply write(const gateway::Request& request) override;
    gateway::Reply read(const gateway::Request& request) override;
    void endSession(const std::string& id) override;
    bool awaitOutcome(hub_call_id call, std::int64_t deadline_ms) override;
    gateway::CallbackReply callback(const gateway::Callback& callback) override;
    void callbackRefused(const gateway::Callback& callback, const std::string& reason) override;
    gateway::Readiness readiness() const override;

private:
    struct Reading {
        hub_status status = HUB_INTERNAL;
        std::string message;
        base::Json payload;
    };

    /// Why the address is none of ours; empty when it is.
    std::string foreign(const gateway::Callback& callback) const;
    Reading readByConnector(const gateway::Callback& callback, const std::string& contract);
    Answer
    takeIn(const gateway::Callback& callback, const std::string& contract, const Reading& reading);
    /// How it ended.
    std::string refuseRead(const gateway::Callback& callback, const Reading& reading);
    void record(const gateway::Callback& callback,
                const gateway::CallbackReply& reply,
                const std::string& ended,
                std::int64_t started_ms);
    gateway::Reply runUnit(const gateway::Request& request);
    gateway::Reply runRead(const gateway::Request& request);
    /// By the route's mode.
    gateway::Reply runOnce(const gateway::Request& request);
    /// The first run has asked for `wanted` to be worked out: does it beside the lane and runs the
    /// route again with what came of it.
    gateway::Reply runTwice(const gateway::Request& request, const base::Json& wanted);
    std::string contractRead(const std::string& connector) const;
    /// Of a personal contract only size and digest are recorded.
    bool isPersonal(const std::string& connector) const;

    BackendParts parts_;
};

} // namespace hub::app
