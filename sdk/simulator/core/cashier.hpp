// The simulated wallet's page: what a person sees after opening a code on a phone. Looking costs
// nothing; only the buttons, which post, change something.
#pragma once

#include "core/wallet.hpp"

namespace hub::simulator {

/// Thread-safe.
class Cashier {
public:
    explicit Cashier(Wallet& wallet)
        : wallet_(wallet)
    {}

    /// Answers /qr/<code> and /qr/<code>/{open,pay,decline,leave}.
    Reply handle(const HttpMessage& message);

private:
    Reply show(const std::string& code);
    Reply act(const std::string& code, const std::string& verb);

    Wallet& wallet_;
};

} // namespace hub::simulator
