// The state machines of a message and of a verification, as data: a row says from which state which
// cause leads where. What has no row does not happen: a report of failure after one of delivery,
// for one, moves nothing.
#pragma once

#include <optional>
#include <string_view>

namespace messaging {

/// InDoubt: it may have been sent; only the provider's word leads out of it. NoRecipient: a notice
/// that nobody could be found for, kept to be seen.
enum class MessageState { Held, Sending, Accepted, Delivered, Failed, InDoubt, NoRecipient };
enum class MessageCause {
    QuietHoursOver,
    ProviderAccepted,
    ProviderRefused,
    Unsendable,
    OutcomeUnknown,
    ReportedDelivered,
    ReportedFailed
};
inline constexpr MessageState kLastMessageState = MessageState::NoRecipient;
inline constexpr MessageCause kLastMessageCause = MessageCause::ReportedFailed;

/// Exhausted: all tries were used.
enum class VerificationState { Open, Confirmed, Replaced, Exhausted };
enum class VerificationCause { CodeRight, NewerCode, TriesUsed };
inline constexpr VerificationState kLastVerificationState = VerificationState::Exhausted;
inline constexpr VerificationCause kLastVerificationCause = VerificationCause::TriesUsed;

std::string_view toText(MessageState state);
std::string_view toText(VerificationState state);

/// Nothing for a word that no state has.
std::optional<MessageState> findMessageState(std::string_view text);

/// Throw std::invalid_argument for a text that no state has: the row is damaged.
MessageState parseMessageState(std::string_view text);
VerificationState parseVerificationState(std::string_view text);

/// Where the cause leads; nothing when it changes nothing.
std::optional<MessageState> next(MessageState from, MessageCause cause);
std::optional<VerificationState> next(VerificationState from, VerificationCause cause);

} // namespace messaging
