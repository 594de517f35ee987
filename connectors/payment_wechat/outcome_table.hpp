// The one place where the provider's answers of failure get their meaning. Pure data.
#pragma once

#include <hub/plugin.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wechat {

/// What was asked. Any stands in rules that hold for all.
enum class Method { Any, Create, Query, Close, Refund, RefundQuery, Bill, Certificates, Identity };

struct OutcomeRule {
    Method method;
    std::uint32_t http_status; // 0: every one
    std::string_view code;     // "*": every one
    hub_status status;         // HUB_OK: `word` is the contract's state
    std::string_view word;     // reason or state; empty: the code in lower case
    /// Of create: certainly nothing was booked, and what is wrong is this account, not the order:
    /// another account may take it.
    bool is_retriable = false;
};

/// In the order in which they are tried.
std::span<const OutcomeRule> outcomeRules();

/// The first rule that holds. What no rule describes is HUB_OUTCOME_UNKNOWN.
const OutcomeRule& findOutcome(Method method, std::uint32_t http_status, std::string_view code);

/// The reason for the contract's answer.
std::string reasonOf(const OutcomeRule& rule, std::string_view code);

} // namespace wechat
