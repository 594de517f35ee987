// One request of the contract as one signed exchange with the provider. The hub signs and sends;
// what the bytes mean is in protocol.cpp.
#pragma once

#include "protocol.hpp"

#include <hub/connector.hpp>

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace payment_unionpay {

/// Nothing has left: safe to repeat once what the message names is put right.
hub::Answer notSent(const hub::Error& error);
/// The request may have left: only a query tells.
hub::Answer unknown(std::string message);

/// Thread-safe.
class Exchanger {
public:
    explicit Exchanger(hub::Host host) noexcept
        : host_(host)
    {}

    hub::Answer ask(hub_call_id call, const Context& context, const Operation& operation) const;
    /// The signed form of product page; nothing is sent.
    hub::Answer makeForm(hub_call_id call, const Context& context) const;

private:
    hub::Answer readResponse(const Context& context,
                             const Operation& operation,
                             const hub::HttpResponse& response) const;
    /// Adds `signature`.
    hub::Result<void> sign(hub_call_id call, unionpay::Fields& fields) const;
    /// Of the certificate that stands beside signing_key.
    hub::Result<std::string> certId(hub_call_id call) const;

    hub::Host host_;
    // Serial numbers of certificate texts, read once: a pure function's results, nobody's state.
    mutable std::mutex guard_;
    mutable std::map<std::string, std::string> serials_;
};

} // namespace payment_unionpay
