#include "base/json.hpp"
#include "host.hpp"

#include <array>

namespace hub::simulation {

void Connector::takeCall(const hubp::Call& call)
{
    soon([this, call] {
        if (world_.random.chance(world_.weather.lies)) {
            answer(call, lie(call), "booked");
            return;
        }
        exchange(call);
        if (world_.random.chance(world_.weather.doubles)) {
            exchange(call);
        }
    });
}

/// An answer without any exchange. What a safe call's connector says must be believed, so it does
/// not make that up.
hub_status Connector::lie(const hubp::Call& call)
{
    static constexpr std::array<hub_status, 7> kLies = {HUB_UNAVAILABLE,
                                                        HUB_THROTTLED,
                                                        HUB_INTERNAL,
                                                        HUB_OUTCOME_UNKNOWN,
                                                        HUB_BAD_REQUEST,
                                                        HUB_OK,
                                                        HUB_PENDING};
    return kLies[world_.random.below(call.envelope.operation == "track" ? 5 : 7)];
}

void Connector::exchange(const hubp::Call& call)
{
    const base::Json arguments = {{"operation", call.envelope.operation},
                                  {"number", base::Json::parse(call.payload).at("number")},
                                  {"key", call.envelope.idempotency_key}};
    exchanges_[++last_service_] = call;
    send(hubp::Service{
        last_service_, call.envelope.call_id, "hub.http/1", "exchange", arguments.dump()});
}

void Connector::takeServed(const hubp::Served& served)
{
    const hubp::Call call = exchanges_.at(served.service_id);
    exchanges_.erase(served.service_id);
    if (served.status != HUB_OK) {
        const bool lies = world_.random.chance(world_.weather.lies);
        answer(call, lies ? hub_status{HUB_UNAVAILABLE} : served.status, {});
    } else if (call.envelope.operation == "track" || served.result == "booked") {
        answer(call, HUB_OK, served.result);
    } else {
        answer(call, served.result == "refused" ? HUB_REJECTED : HUB_PENDING, {});
    }
}

void Connector::answer(const hubp::Call& call, hub_status status, const std::string& state)
{
    const bool first = answered_.insert({call.envelope.call_id, call.delivery}).second;
    if (!first && !world_.random.chance(world_.weather.doubles)) {
        return;
    }
    const std::string payload =
        status == HUB_OK ? base::Json{{"state", state}}.dump() : std::string();
    const hubp::Outcome outcome{
        call.envelope.call_id, call.delivery, status, 0, first ? "" : "again", payload};
    send(outcome);
    if (first) {
        if (world_.random.chance(world_.weather.doubles)) {
            send(outcome);
        }
        grant(1);
    }
}

} // namespace hub::simulation
