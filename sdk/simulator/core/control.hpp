// The control interface under /control/: what tests and the demo tell the simulated world, and
// what the oracle reads. For loopback only; nothing of it exists at a real provider.
#pragma once

#include "core/exchange.hpp"
#include "core/wallet.hpp"

#include <functional>

namespace hub::simulator {

/// Thread-safe.
class Control {
public:
    struct Surroundings {
        Books& books;
        TestClock& clock;
        Wallet& wallet;
        Faults& faults;
        ExchangeLog& exchanges;
        const Providers& providers;
        std::function<void()> changed; ///< something may have fallen due
    };

    explicit Control(Surroundings surroundings)
        : with_(std::move(surroundings))
    {}

    Reply handle(const HttpMessage& message);

private:
    Reply get(const HttpMessage& message);
    Json messages(const HttpMessage& message);
    Reply post(const std::string& path, const Json& body);
    Reply person(const std::string& verb, const Json& body);
    Reply sendAgain(const Json& body);
    Reply advance(const Json& body);
    Reply changeBalance(const Json& body);
    Reply endRefund(const Json& body);
    Reply command(const std::string& path, const Json& body);
    Json clockToJson() const;

    Surroundings with_;
};

} // namespace hub::simulator
