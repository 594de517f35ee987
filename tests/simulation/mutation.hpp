// Mutation: a core that is wrong on purpose. Each lives in a wrapper around the kernel, in this
// folder alone; the seeds must notice every one of them.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace hub::simulation {

enum class Mutation {
    None,
    SettleOnThrottled, // "blocked" counts as done
    CursorFirst,       // an event counts as done when it is sent
    MarkForgotten,     // a request leaves without its mark
    ResendOnUnknown,   // every contract is taken to allow it
    OrderIgnored,      // a key that failed does not hold later events back
    CommitLies,        // a group that was rolled back counts as committed
    EffectOutsideUnit, // the plugin's effect is not part of its unit
    CreditDoubled,
    LossUntold,      // nobody hears that a process ended
    EndlessRetries,  // no event ever dies
    ReleaseSwallowed // the owner's release of a call is not recorded
};

inline constexpr std::array<std::pair<Mutation, std::string_view>, 11> kMutations = {{
    {Mutation::SettleOnThrottled, "settle-on-throttled"},
    {Mutation::CursorFirst, "cursor-first"},
    {Mutation::MarkForgotten, "mark-forgotten"},
    {Mutation::ResendOnUnknown, "resend-on-unknown"},
    {Mutation::OrderIgnored, "order-ignored"},
    {Mutation::CommitLies, "commit-lies"},
    {Mutation::EffectOutsideUnit, "effect-outside-unit"},
    {Mutation::CreditDoubled, "credit-doubled"},
    {Mutation::LossUntold, "loss-untold"},
    {Mutation::EndlessRetries, "endless-retries"},
    {Mutation::ReleaseSwallowed, "release-swallowed"},
}};

} // namespace hub::simulation
