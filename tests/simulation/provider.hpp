// Provider: the outside world that keeps the books. It knows every request that is on its way, so
// that "not found" is the whole truth, as the contract asks of a provider.
#pragma once

#include "oracle.hpp"
#include "timeline.hpp"
#include "trace.hpp"
#include "weather.hpp"

#include <functional>
#include <string>

namespace hub::simulation {

struct Request {
    std::string operation;
    std::string number;
    std::string key; // idempotency key
};

/// "booked", "refused", "moving" or "not_found".
using Reply = std::function<void(const std::string& state)>;

class Provider {
public:
    Provider(
        Timeline& timeline, Seeded& random, const Weather& weather, Oracle& oracle, Trace& trace);

    /// The bytes have left the hub. `reply` may come late or never.
    void take(const Request& request, Reply reply);

private:
    void arrive(const Request& request, const Reply& reply);
    void answer(const std::string& state, const Reply& reply);
    std::string decide(const Request& request);
    std::string stateOf(const std::string& number) const;

    Timeline& timeline_;
    Seeded& random_;
    const Weather& weather_;
    Oracle& oracle_;
    Trace& trace_;
};

} // namespace hub::simulation
