// What the provider's answer codes mean for money: one table, read by every operation. What a code
// says by itself is in unionpay_acp/response_code.cpp.
#pragma once

#include "unionpay_acp/response_code.hpp"

#include <hub/plugin.h>

#include <span>
#include <string>
#include <string_view>

namespace payment_unionpay {

/// What was answered: respCode to one of our messages, or origRespCode within a query's answer.
enum class Question { Apply, Refund, Query, Bill, PaymentState, RefundState };

struct OutcomeRule {
    Question question;
    unionpay::Meaning meaning;
    hub_status status;
    /// With HUB_OK and HUB_PENDING the contract's state; otherwise empty: the code's own word.
    std::string_view word;
    /// Certainly nothing was booked, and what is wrong is this account, not the order: another
    /// account may take it.
    bool is_retriable = false;
};

std::span<const OutcomeRule> outcomeRules();

/// Every pair has a row.
const OutcomeRule& findOutcome(Question question, unionpay::Meaning meaning);

} // namespace payment_unionpay
