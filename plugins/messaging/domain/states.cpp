#include "domain/states.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace messaging {

namespace {

template <typename State, typename Cause>
struct Rule {
    State from;
    Cause cause;
    State to;
};

using M = MessageState;
using MC = MessageCause;
constexpr std::array kMessageRules = {
    Rule<M, MC>{M::Held, MC::QuietHoursOver, M::Sending},
    Rule<M, MC>{M::Sending, MC::ProviderAccepted, M::Accepted},
    Rule<M, MC>{M::Sending, MC::ProviderRefused, M::Failed},
    Rule<M, MC>{M::Sending, MC::Unsendable, M::Failed},
    Rule<M, MC>{M::Sending, MC::OutcomeUnknown, M::InDoubt},
    Rule<M, MC>{M::InDoubt, MC::ProviderAccepted, M::Accepted},
    Rule<M, MC>{M::InDoubt, MC::ProviderRefused, M::Failed},
    Rule<M, MC>{M::InDoubt, MC::ReportedFailed, M::Failed},
    Rule<M, MC>{M::Accepted, MC::ReportedFailed, M::Failed},
    // A report may overtake the answer to the request that it is about.
    Rule<M, MC>{M::Sending, MC::ReportedFailed, M::Failed},
    // What arrived has arrived, whatever was believed before.
    Rule<M, MC>{M::Sending, MC::ReportedDelivered, M::Delivered},
    Rule<M, MC>{M::InDoubt, MC::ReportedDelivered, M::Delivered},
    Rule<M, MC>{M::Accepted, MC::ReportedDelivered, M::Delivered},
    Rule<M, MC>{M::Failed, MC::ReportedDelivered, M::Delivered},
};

using V = VerificationState;
using VC = VerificationCause;
constexpr std::array kVerificationRules = {
    Rule<V, VC>{V::Open, VC::CodeRight, V::Confirmed},
    Rule<V, VC>{V::Open, VC::NewerCode, V::Replaced},
    Rule<V, VC>{V::Open, VC::TriesUsed, V::Exhausted},
};

// In the order of the enumerators.
constexpr std::array<std::string_view, 7> kMessageStates = {
    "held", "sending", "accepted", "delivered", "failed", "in_doubt", "no_recipient"};
constexpr std::array<std::string_view, 4> kVerificationStates = {
    "open", "confirmed", "replaced", "exhausted"};

template <typename Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view text)
{
    const auto found = std::find(names.begin(), names.end(), text);
    return found == names.end() ? std::nullopt
                                : std::optional{static_cast<Enum>(found - names.begin())};
}

template <typename Enum, std::size_t N>
Enum parse(const std::array<std::string_view, N>& names, std::string_view text)
{
    const auto found = find<Enum>(names, text);
    if (!found) {
        throw std::invalid_argument("a row holds the state \"" + std::string{text} +
                                    "\", which this version does not know");
    }
    return *found;
}

template <typename State, typename Cause, std::size_t N>
std::optional<State> lead(const std::array<Rule<State, Cause>, N>& rules, State from, Cause cause)
{
    for (const auto& rule : rules) {
        if (rule.from == from && rule.cause == cause) {
            return rule.to;
        }
    }
    return std::nullopt;
}

} // namespace

std::string_view toText(MessageState state)
{
    return kMessageStates.at(static_cast<std::size_t>(state));
}

std::string_view toText(VerificationState state)
{
    return kVerificationStates.at(static_cast<std::size_t>(state));
}

std::optional<MessageState> findMessageState(std::string_view text)
{
    return find<MessageState>(kMessageStates, text);
}

MessageState parseMessageState(std::string_view text)
{
    return parse<MessageState>(kMessageStates, text);
}

VerificationState parseVerificationState(std::string_view text)
{
    return parse<VerificationState>(kVerificationStates, text);
}

std::optional<MessageState> next(MessageState from, MessageCause cause)
{
    return lead(kMessageRules, from, cause);
}

std::optional<VerificationState> next(VerificationState from, VerificationCause cause)
{
    return lead(kVerificationRules, from, cause);
}

} // namespace messaging
