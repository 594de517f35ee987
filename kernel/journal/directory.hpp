// Directory: what the journal must know of contracts, accounts and subscriptions. The plugin
// subsystem answers; tests give their own.
#pragma once

#include <hub/plugin.h>
#include <hub/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::journal {

enum class AfterUnknown { ResendSameKey, QueryFirst, NeverResend };

/// What a resolving query's answer means for the call that it resolves.
enum class Verdict {
    Answer, // the query's result is the outcome
    Repeat, // the provider knows nothing of it: send it again, unchanged
    Wait    // under way: query again later
};

/// How a call with an unknown or pending outcome is found out.
struct ResolveSpec {
    std::string operation;         // of the same contract
    std::vector<std::string> copy; // members of the request that the query takes over
    std::string verdict_pointer;   // JSON Pointer into the query's result
    std::map<std::string, Verdict> verdicts;
};

/// Who carries a request to the provider: an exchange of the hub's, or the payer's browser with a
/// form that the connector signed. As stored.
inline constexpr const char* kByHub = "hub";
inline constexpr const char* kBrowser = "browser";

/// One operation of a contract.
struct OperationSpec {
    std::string contract;
    std::string operation;
    std::uint32_t version = 1;
    bool safe = false;
    bool personal = false;
    std::string carrier = kByHub;
    AfterUnknown after_unknown = AfterUnknown::NeverResend;
    std::int64_t timeout_ms = 15000;
    std::uint32_t deliveries_max = 3;
    std::optional<ResolveSpec> resolve;
};

/// What a library subscribes to. Its own timers and outcomes reach it without being listed.
struct SubscriptionSpec {
    std::string library;
    struct Versions {
        std::uint32_t from = 1;
        std::uint32_t to = 1;
    };
    std::map<std::string, Versions, std::less<>> types;
    bool blocks_key = true; // a dead letter keeps the later events of its key back
    bool in_process = false;
};

/// Thread-safe; called by the lane for every call, so it answers from memory.
class Directory {
public:
    virtual ~Directory() = default;

    /// The operation with its carrier for this request; HUB_UNSUPPORTED when no contract has it.
    virtual Result<OperationSpec> operation(std::string_view contract,
                                            std::string_view operation,
                                            std::string_view request) const = 0;
    /// The enabled connector that serves the operation on this account; HUB_UNSUPPORTED with the
    /// reason when there is none.
    virtual Result<std::string> connector(std::string_view contract,
                                          std::string_view operation,
                                          std::string_view account) const = 0;
    /// ok, or the first violation of the operation's schema.
    virtual Result<void> checkRequest(std::string_view contract,
                                      std::string_view operation,
                                      std::string_view payload) const = 0;
    virtual Result<void> checkResult(std::string_view contract,
                                     std::string_view operation,
                                     std::string_view payload) const = 0;
    /// HUB_REJECTED: the library's manifest does not list the type in this version.
    /// HUB_BAD_REQUEST: the payload breaks what the library itself says of the type.
    virtual Result<void> checkPublication(std::string_view library,
                                          std::string_view type,
                                          std::uint32_t version,
                                          std::string_view payload) const = 0;
    /// True when the library's manifest lists calls to the contract.
    virtual bool mayCall(std::string_view library, std::string_view contract) const = 0;
};

} // namespace hub::journal
