// The page of a phone that pretends to be each provider's app: what a person sees after opening a
// code. Looking costs
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

    static bool serves(const HttpMessage& message);

    /// Answers /qr/<code>, /qr/<code>/{open,pay,decline,leave}, and /phone, where the text of any
    /// code can be typed in, as no camera app knows what to do with a provider's own scheme.
    Reply handle(const HttpMessage& message);

private:
    Reply show(const std::string& code);
    Reply act(const std::string& code, const std::string& verb);
    Reply leave(const std::string& code);
    Reply phone(const HttpMessage& message);

    Wallet& wallet_;
};

} // namespace hub::simulator
