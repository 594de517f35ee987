// One request of the contract as one exchange with the provider, in the way that the account is
// configured for: gateway.do or REST v3, keys alone or certificates. The hub signs, sends and
// verifies; what the bytes mean is in protocol.cpp.
#pragma once

#include "account.hpp"
#include "certificate.hpp"
#include "protocol.hpp"

#include <hub/connector.hpp>

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace alipay {

inline constexpr std::string_view kAppKey = "app_key";
inline constexpr std::string_view kProviderKey = "provider_key";
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

/// Thread-safe.
class Exchanger {
public:
    explicit Exchanger(hub::Host host) noexcept
        : host_(host)
    {}

    hub::Answer ask(const Task& task, const Operation& operation) const;

    /// Exchanges nothing: the form is what the payer's browser carries. It goes to gateway.do in
    /// either form of the interface, as REST v3 has no pages.
    hub::Answer makeForm(const Task& task, const CarriedProduct& product) const;

    /// A plain download of at most what the hub takes in one answer. Every failure is an Answer of
    /// a safe operation: it is repeated.
    hub::Result<std::string> download(const Task& task, const std::string& address) const;

private:
    hub::Answer askGateway(const Task& task,
                           const Operation& operation,
                           const CertificateNumbers& numbers) const;
    hub::Answer
    askRest(const Task& task, const Operation& operation, const CertificateNumbers& numbers) const;
    hub::Answer readGateway(const Task& task,
                            const Operation& operation,
                            const hub::HttpResponse& response) const;
    hub::Answer
    readRest(const Task& task, const Operation& operation, const hub::HttpResponse& answer) const;
    hub::Result<std::string> sign(const Task& task, const std::string& text) const;
    /// Empty when the signature is genuine; otherwise what is wrong. `number` is the certificate's
    /// that the answer names, or empty.
    std::string findForgery(const Task& task,
                            std::string_view text,
                            std::string_view signature,
                            const std::string& number,
                            std::string_view said) const;

    hub::Result<CertificateNumbers> numbersOf(const Task& task) const;
    hub::Result<std::string> ownNumber(const Task& task, std::string_view key) const;
    Md5 md5(hub_call_id call) const;

    hub::Host host_;
    // Numbers of certificate texts, computed once: a pure function's results, nobody's state.
    mutable std::mutex guard_;
    mutable std::map<std::string, std::string> numbers_;
};

} // namespace alipay
