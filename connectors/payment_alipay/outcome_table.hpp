// What the provider's answer codes mean for money: one table, read by every operation.
#pragma once

#include <hub/plugin.h>

#include <span>
#include <string>
#include <string_view>

namespace alipay {

/// The methods of the gateway that this connector calls.
enum class Method { Any, Precreate, Query, Close, Cancel, Refund, RefundQuery, Bill };

struct OutcomeRule {
    Method method;
    std::string_view code;     // empty: every code but 10000
    std::string_view sub_code; // exact, or a prefix with * at its end
    hub_status status;
    /// With HUB_OK the contract's state; otherwise the contract's word for the reason, empty: made
    /// from the sub_code.
    std::string_view word;
    /// Of precreate: certainly nothing was booked, and what is wrong is this account, not the
    /// order: another account may take it.
    bool is_retriable = false;
};

/// First match wins. The last row is what nobody has described: unknown, never refused.
std::span<const OutcomeRule> outcomeRules();

/// For an answer whose signature is genuine and whose code is not 10000.
const OutcomeRule& findOutcome(Method method, std::string_view code, std::string_view sub_code);

/// "ACQ.TOTAL_FEE_EXCEED" -> "total_fee_exceed", "isv.invalid-signature" -> "invalid_signature".
std::string reasonOf(const OutcomeRule& rule, std::string_view sub_code);

} // namespace alipay
