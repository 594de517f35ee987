// Signed exchanges with the provider, and proof of what it says. The hub signs, sends, verifies and
// decrypts; what the bytes mean is in protocol.cpp, notice.cpp and trust.cpp.
#pragma once

#include "account.hpp"
#include "envelope.hpp"
#include "notice.hpp"
#include "protocol.hpp"
#include "trust.hpp"

#include <hub/connector.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace wechat {

inline constexpr std::string_view kMerchantKey = "merchant_key";
inline constexpr std::string_view kApiKey = "api_v3_key";
inline constexpr std::string_view kAlgorithm = "rsa_sha256";

/// The delivery that an exchange belongs to.
struct Task {
    hub_call_id call;
    const Account& account;
    const Json& request;
};

/// Nothing has left: safe to repeat once what the message names is put right.
hub::Answer notSent(const hub::Error& error);
/// The request may have left: only a query tells.
hub::Answer unknown(std::string message);

/// Thread-safe; keeps no state.
class Exchanger {
public:
    explicit Exchanger(hub::Host host) noexcept
        : host_(host)
    {}

    hub::Answer ask(const Task& task, const Operation& operation) const;

    /// The file behind a link; the provider signs none. Every failure is an Answer's of a safe
    /// operation: it is repeated.
    hub::Result<std::string> download(const Task& task, const std::string& address) const;

    /// {"state": "current"|"none", "added": [serial numbers], "known": n}. `none`: this merchant
    /// has no certificates.
    hub::Answer refreshTrust(const Task& task) const;

    /// The payer's identity for a code of the log-in page.
    hub::Answer identify(const Task& task) const;

    /// HUB_REJECTED: forged, stale, unsigned, or signed by somebody whom the account does not
    /// believe. Every other error: it could not be checked.
    hub::Result<void> prove(const Task& task, const Proof& proof, std::string_view body) const;

    /// The content of a notice or of a listed certificate. HUB_REJECTED: not sealed with
    /// api_v3_key; other errors: it could not be opened.
    hub::Result<std::string> open(const Task& task, const Sealed& sealed) const;

private:
    /// Signed, not sent. Fails when it could not be signed.
    hub::Result<hub::HttpRequest> prepare(const Task& task,
                                          const Request& request,
                                          const std::string& origin,
                                          const std::string& wanted_serial) const;
    hub::Answer
    read(const Task& task, const Operation& operation, const hub::HttpResponse& response) const;
    hub::Answer invoke(const Task& task, hub::Answer created) const;
    hub::Result<std::string> sign(const Task& task, const std::string& text) const;
    hub::Result<std::string> merchantSerial(const Task& task) const;
    hub::Result<std::vector<PlatformKey>> keysOf(const Task& task) const;
    hub_status verify(const Task& task,
                      const PlatformKey& key,
                      const std::string& text,
                      const std::string& signature) const;
    hub::Answer takeList(const Task& task, const hub::HttpResponse& response) const;

    hub::Host host_;
};

} // namespace wechat
