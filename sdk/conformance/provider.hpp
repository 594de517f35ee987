// The provider's side of the account under test. Two kinds: the simulator that comes with the SDK,
// and answers that conformance.json writes down.
#pragma once

#include "description.hpp"
#include "hubp/services.hpp"
#include "keyring.hpp"

#include <hub/result.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hub::conformance {

/// What is wrong with the next answer, or with a callback.
enum class Flaw {
    None,
    BadSignature,
    Unsigned,
    WrongAmount, // and validly signed
    Refused,     // and validly signed
    Unsure,      // a failure that decides nothing, and validly signed
    MoreMembers, // unknown ones, validly signed where a signature covers them
    Foreign,     // callback: of another merchant, validly signed
    Stale,       // callback: validly signed, long ago
    Unreadable   // nothing can be read from what was given, and validly signed
};

/// A picture that the provider can read, and what stands on it.
struct SampleLicence {
    std::string picture; // PNG
    std::string name;
    std::string social_credit_code;
};

/// A request of the provider, as the gateway would hand it on.
struct Inbound {
    std::string method;
    std::string path;
    std::string query;
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;
};

/// exchange() is called from several threads, the rest by the rules alone.
class Provider {
public:
    virtual ~Provider() = default;

    /// True when a request for `url` goes to this provider.
    virtual bool serves(const std::string& url) const = 0;
    /// Does what the request says and answers; an error when it can't be reached.
    virtual Result<hubp::HttpAnswer> exchange(const hubp::HttpExchange& request) = 0;
    /// The next answer to `operation` has this flaw. Empty when that is arranged, otherwise why
    /// this provider can't.
    virtual std::string spoil(const std::string& operation, Flaw flaw) = 0;
    /// The attempts that this provider has heard of, each once, in order; of licences the SHA-256
    /// of the pictures.
    virtual std::vector<std::string> numbers() = 0;
    /// How much was given back for an attempt, in minor units.
    virtual Result<std::int64_t> refunded(const std::string& number) = 0;
    /// The payer pays.
    virtual Result<void> pay(const std::string& number, std::int64_t amount_minor) = 0;
    /// Pays, and what the provider then calls back with. HUB_UNSUPPORTED: it can't do this.
    virtual Result<Inbound>
    callback(const std::string& number, std::int64_t amount_minor, Flaw flaw) = 0;
    /// How many messages it took under the number.
    virtual Result<std::size_t> messages(const std::string& number) = 0;
    /// What it calls back with about a message that it took. HUB_UNSUPPORTED: it can't do this.
    virtual Result<Inbound> report(const std::string& number) = 0;
    /// A licence to be read. HUB_UNSUPPORTED: it reads none.
    virtual Result<SampleLicence> licence() = 0;
    /// Where the account under test is called back.
    virtual std::string callbackUrl() const = 0;
    /// Values for "{name}" in conformance.json's account.
    virtual std::map<std::string, std::string> variables() const = 0;
};

/// Puts the keys that it knows into `keys`. Throws std::runtime_error with a sentence.
std::unique_ptr<Provider> makeSimulatedProvider(const Description& description, Keyring& keys);
std::unique_ptr<Provider> makeScriptedProvider(const Description& description, Keyring& keys);

} // namespace hub::conformance
