// Contract: the operations of one kind of provider as data, from sdk/contracts/*.json. The hub
// learns from it how to check payloads, how long to wait and what to do about an unknown outcome.
#pragma once

#include "base/json.hpp"
#include "config/schema.hpp"
#include "journal/directory.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hub::plugin {

using journal::AfterUnknown;
using journal::ResolveSpec;
using journal::Verdict;

/// Who carries a product to the provider. `Browser`: a signed form; no exchange of the hub's.
enum class Carrier { Hub, Browser };

struct Operation {
    std::string name;
    bool safe = false;    // changes nothing at the provider
    bool opens = false;   // begins something: not on an account that drains
    bool inbound = false; // reads a provider's request; never a durable call
    AfterUnknown after_unknown = AfterUnknown::NeverResend;
    std::int64_t timeout_ms = 0;
    std::uint32_t deliveries_max = 1;
    std::optional<ResolveSpec> resolve;
    std::shared_ptr<const config::Schema> request;
    std::shared_ptr<const config::Schema> result;
};

/// A safe call that tells whether an account works: its keys, its configuration, the way there.
struct TestCall {
    std::string operation;
    base::Json request;
};

struct Contract {
    std::string name;
    std::uint32_t version = 1;
    bool personal = false;
    bool leaf = false; // its owner answers hub.ask without asking anybody else
    base::Json title;
    std::map<std::string, Carrier> products;
    std::map<std::string, Operation> operations;
    std::optional<TestCall> test;
    std::shared_ptr<const config::Schema> traits; // of who implements it; null: any

    const Operation* findOperation(const std::string& operation) const;
    /// Carrier of the product that a request to begin something names; else Hub.
    Carrier carrierOf(const Operation& operation, const base::Json& request) const;
};

/// Empty when something is wrong; then `problems` has a sentence for each. Checks the examples
/// against the contract's own schemas, too.
std::optional<Contract>
parseContract(const base::Json& json, const std::string& name, std::vector<std::string>& problems);

} // namespace hub::plugin
