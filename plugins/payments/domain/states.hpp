// The state machines of a payment, an attempt and a refund, as data: a row says from which state
// which cause leads where. What has no row does not happen, so nothing ever moves backwards.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace payments {

enum class PaymentState { Open, Closing, Closed, Expired, Paid };
enum class PaymentCause {
    CancelRequested,
    OrderPaidElsewhere,
    AttemptsEnded,
    LifeOver,
    AttemptPaid,
    LateSuccessHonored
};

/// Live: Queued, Creating, Unknown, Waiting. Ended: Failed, Closed, Expired; still watched, since
/// only the provider knows whether somebody pays after all. Paid is the end.
enum class AttemptState { Queued, Creating, Unknown, Waiting, Failed, Closed, Expired, Paid };
enum class AttemptCause {
    CreateCalled,
    NotOffered,
    Superseded,
    CreateSucceeded,
    OutcomeUnknown,
    ProviderRejected,
    NotSent,
    CloseConfirmed,
    CodeExpired,
    PaidReported
};

enum class RefundState { Requested, Unknown, Processing, Failed, Succeeded };
enum class RefundCause {
    OutcomeUnknown,
    ProviderAccepted,
    ProviderFailed,
    ProviderSucceeded,
    Superseded
};

std::string_view toText(PaymentState state);
std::string_view toText(PaymentCause cause);
std::string_view toText(AttemptState state);
std::string_view toText(AttemptCause cause);
std::string_view toText(RefundState state);
std::string_view toText(RefundCause cause);

/// Throw std::invalid_argument for a text that no state has: the row is damaged.
PaymentState parsePaymentState(std::string_view text);
AttemptState parseAttemptState(std::string_view text);
RefundState parseRefundState(std::string_view text);

/// Where the cause leads; nothing when it changes nothing.
std::optional<PaymentState> next(PaymentState from, PaymentCause cause);
std::optional<AttemptState> next(AttemptState from, AttemptCause cause);
std::optional<RefundState> next(RefundState from, RefundCause cause);

/// The code may be paid, or its fate is not known yet.
bool isLive(AttemptState state);
bool isFinal(RefundState state);

} // namespace payments
