// Settlement: what an answer means, from the status, the mark and the history of its call. Pure:
// the one place that decides between succeeded, rejected, not sent, pending and unknown.
#pragma once

#include "journal/calls.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hub::journal {

/// The table of sdk/ABI.md section 3, before the mark is looked at.
std::uint32_t outcomeOf(hub_status status) noexcept;

/// With the mark only succeeded, rejected and pending are believed. Without it nothing left, so
/// the outcome is never unknown, and a success that needed an exchange is none.
std::uint32_t classify(hub_status status, const CallRow& row) noexcept;

struct Settlement {
    enum class Kind {
        Final,          // store and tell the owner
        Redeliver,      // nothing left: hand it to the connector again at due_ms
        BeginResolving, // tell the owner it is unknown or pending; find out from due_ms on
        KeepResolving   // as before; next step at due_ms, the owner is not told again
    };
    Kind kind = Kind::Final;
    std::uint32_t outcome = HUB_OUTCOME_NONE;
    std::int64_t due_ms = 0;
};

/// What to do with an answer to the delivery under way.
Settlement settle(const CallRow& row,
                  const OperationSpec& spec,
                  hub_status status,
                  std::uint32_t retry_after_ms,
                  std::int64_t now_ms);

/// The next step for a call whose outcome is unknown or pending.
enum class ResolveStep { Query, Resend, Nothing };
ResolveStep nextStep(const CallRow& row, const OperationSpec& spec) noexcept;

/// What a resolving query's result says, by the contract's table; nothing when the result names a
/// state that the table does not have.
std::optional<Verdict> verdictOf(const ResolveSpec& resolve, const std::string& result);

/// How long after step `step` the next one is taken: 1 s, growing to 5 minutes.
std::int64_t resolveDelayMs(std::uint32_t step) noexcept;
/// How long a delivery that left nothing waits before the next.
std::int64_t redeliverDelayMs(std::uint32_t delivery) noexcept;

} // namespace hub::journal
