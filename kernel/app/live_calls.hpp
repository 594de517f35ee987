// LiveCalls: which deliveries are in the hands of which process right now. Host services are
// given within a live delivery only; the entry says for which account and until when.
#pragma once

#include "bus/router.hpp"
#include "egress/exchanger.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace hub::app {

struct LiveCall {
    bus::HostId host;
    egress::Ticket ticket;
    std::string contract;
    bool session = false; // holds the account's standing connection: nothing of it is marked
    bool inbound = false; // reads a callback: no exchange, no mark
    bool aside = false;   // somebody waits for its answer, which is stored nowhere
    bool carried = false; // by the payer's browser: a signature, but no exchange
    std::uint32_t exchanges = 0;
    /// The hub itself saw that the provider gave no sound answer, or could not see whether.
    bool unproven = false;
};

/// Thread-safe.
class LiveCalls {
public:
    void begin(const LiveCall& call);
    /// Ends it; what it was.
    std::optional<LiveCall> end(const bus::HostId& host, hub_call_id call);
    void endAll(const bus::HostId& host);
    /// Only for the process that has it in hand, and not past its deadline.
    std::optional<LiveCall>
    find(const bus::HostId& host, hub_call_id call, std::int64_t now_ms) const;
    /// Counts one more exchange; false above `limit`.
    bool countExchange(const bus::HostId& host, hub_call_id call, std::uint32_t limit);

    /// An exchange of it ended without a sound answer of the provider.
    void noteUnproven(const bus::HostId& host, hub_call_id call);

private:
    using Key = std::pair<std::string, hub_call_id>;

    mutable std::mutex mutex_;
    std::map<Key, LiveCall> calls_;
};

/// Whether an answer speaks for the library that gave it. An unknown outcome speaks against it
/// where the provider answered and the library could not tell what; a provider that is down would
/// else take a good version out of service.
bool isWell(const LiveCall& live, hub_status status) noexcept;

} // namespace hub::app
