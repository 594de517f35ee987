#include "outcome_table.hpp"

#include <algorithm>
#include <stdexcept>

namespace payment_unionpay {

namespace {

using enum Question;
using enum unionpay::Meaning;

constexpr OutcomeRule kRules[] = {
    // An application for a code.
    {Apply, Success, HUB_OK, "created"},
    {Apply, Pending, HUB_OUTCOME_UNKNOWN, ""},
    {Apply, Debited, HUB_OUTCOME_UNKNOWN, ""},
    {Apply, AlreadyDone, HUB_OUTCOME_UNKNOWN, ""}, // the query tells what became of it
    {Apply, NotFound, HUB_REJECTED, ""},
    {Apply, NoFile, HUB_OUTCOME_UNKNOWN, ""},
    {Apply, TooOften, HUB_THROTTLED, ""},
    {Apply, Credentials, HUB_UNAUTHENTICATED, "", true},
    {Apply, Merchant, HUB_REJECTED, "", true},
    {Apply, NotAccepted, HUB_REJECTED, ""},
    {Apply, Failed, HUB_REJECTED, ""},
    {Apply, Unknown, HUB_OUTCOME_UNKNOWN, ""},

    // A refund. Success means taken; whether money moves, its query and its notification tell.
    {Refund, Success, HUB_PENDING, "processing"},
    {Refund, Pending, HUB_OUTCOME_UNKNOWN, ""},
    {Refund, Debited, HUB_OUTCOME_UNKNOWN, ""},
    {Refund, AlreadyDone, HUB_OUTCOME_UNKNOWN, ""}, // perhaps by this very refund
    {Refund, NotFound, HUB_REJECTED, ""},
    {Refund, NoFile, HUB_OUTCOME_UNKNOWN, ""},
    {Refund, TooOften, HUB_THROTTLED, ""},
    {Refund, Credentials, HUB_UNAUTHENTICATED, ""},
    {Refund, Merchant, HUB_REJECTED, ""},
    {Refund, NotAccepted, HUB_REJECTED, ""},
    {Refund, Failed, HUB_REJECTED, ""},
    {Refund, Unknown, HUB_OUTCOME_UNKNOWN, ""},

    // The query itself; on success origRespCode is looked at.
    {Query, Success, HUB_OK, "answered"},
    {Query, Pending, HUB_OUTCOME_UNKNOWN, ""},
    {Query, Debited, HUB_OUTCOME_UNKNOWN, ""},
    {Query, AlreadyDone, HUB_OUTCOME_UNKNOWN, ""},
    {Query, NotFound, HUB_OK, "not_found"},
    {Query, NoFile, HUB_OUTCOME_UNKNOWN, ""},
    {Query, TooOften, HUB_THROTTLED, ""},
    {Query, Credentials, HUB_UNAUTHENTICATED, ""},
    {Query, Merchant, HUB_OUTCOME_UNKNOWN, ""},
    {Query, NotAccepted, HUB_REJECTED, ""},
    {Query, Failed, HUB_OUTCOME_UNKNOWN, ""}, // says nothing about the original
    {Query, Unknown, HUB_OUTCOME_UNKNOWN, ""},

    // The request for a bill.
    {Bill, Success, HUB_OK, "ready"},
    {Bill, Pending, HUB_OUTCOME_UNKNOWN, ""},
    {Bill, Debited, HUB_OUTCOME_UNKNOWN, ""},
    {Bill, AlreadyDone, HUB_OUTCOME_UNKNOWN, ""},
    {Bill, NotFound, HUB_OUTCOME_UNKNOWN, ""},
    {Bill, NoFile, HUB_OK, "empty"},
    {Bill, TooOften, HUB_THROTTLED, ""},
    {Bill, Credentials, HUB_UNAUTHENTICATED, ""},
    {Bill, Merchant, HUB_REJECTED, ""},
    {Bill, NotAccepted, HUB_REJECTED, ""},
    {Bill, Failed, HUB_REJECTED, ""},
    {Bill, Unknown, HUB_OUTCOME_UNKNOWN, ""},

    // A payment. The payer may try again with another card until payTimeout, so whatever is no
    // success is a moment, not an end.
    {PaymentState, Success, HUB_OK, "paid"},
    {PaymentState, Pending, HUB_OK, "waiting"},
    {PaymentState, Debited, HUB_OUTCOME_UNKNOWN, ""}, // money moved: for people
    {PaymentState, AlreadyDone, HUB_OUTCOME_UNKNOWN, ""},
    {PaymentState, NotFound, HUB_OK, "waiting"},
    {PaymentState, NoFile, HUB_OUTCOME_UNKNOWN, ""},
    {PaymentState, TooOften, HUB_OUTCOME_UNKNOWN, ""},
    {PaymentState, Credentials, HUB_OUTCOME_UNKNOWN, ""},
    {PaymentState, Merchant, HUB_OK, "waiting"},
    {PaymentState, NotAccepted, HUB_OUTCOME_UNKNOWN, ""},
    {PaymentState, Failed, HUB_OK, "waiting"},
    {PaymentState, Unknown, HUB_OUTCOME_UNKNOWN, ""},

    // A refund is a back transaction: its failure is final.
    {RefundState, Success, HUB_OK, "succeeded"},
    {RefundState, Pending, HUB_OK, "processing"},
    {RefundState, Debited, HUB_OUTCOME_UNKNOWN, ""},
    {RefundState, AlreadyDone, HUB_OUTCOME_UNKNOWN, ""},
    {RefundState, NotFound, HUB_OK, "failed"},
    {RefundState, NoFile, HUB_OUTCOME_UNKNOWN, ""},
    {RefundState, TooOften, HUB_OUTCOME_UNKNOWN, ""},
    {RefundState, Credentials, HUB_OUTCOME_UNKNOWN, ""},
    {RefundState, Merchant, HUB_OK, "failed"},
    {RefundState, NotAccepted, HUB_OK, "failed"},
    {RefundState, Failed, HUB_OK, "failed"},
    {RefundState, Unknown, HUB_OUTCOME_UNKNOWN, ""},
};

} // namespace

std::span<const OutcomeRule> outcomeRules()
{
    return kRules;
}

const OutcomeRule& findOutcome(Question question, unionpay::Meaning meaning)
{
    const auto* found =
        std::find_if(std::begin(kRules), std::end(kRules), [&](const OutcomeRule& rule) {
            return rule.question == question && rule.meaning == meaning;
        });
    if (found == std::end(kRules)) {
        throw std::logic_error("the outcome table lacks a row");
    }
    return *found;
}

} // namespace payment_unionpay
