// The one place where the provider's codes of failure get their meaning. Pure data.
#pragma once

#include <hub/plugin.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace licence_reader {

struct OutcomeRule {
    std::string_view code; // "*": every one
    hub_status status;
    std::string_view words;            // for the operator
    bool is_believed_unsigned = false; // nobody could have signed it
    std::uint32_t retry_after_ms = 0;  // 0: nothing is known
};

/// In the order in which they are tried.
std::span<const OutcomeRule> outcomeRules();

/// The first rule that holds. What no rule describes is HUB_OUTCOME_UNKNOWN.
const OutcomeRule& findOutcome(std::string_view code);

} // namespace licence_reader
