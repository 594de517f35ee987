#include "domain/states.hpp"

#include <stdexcept>
#include <string>

namespace payments {

namespace {

template <typename State, typename Cause>
struct Rule {
    State from;
    Cause cause;
    State to;
};

using P = PaymentState;
using PC = PaymentCause;
constexpr std::array kPaymentRules = {
    Rule<P, PC>{P::Open, PC::CancelRequested, P::Closing},
    Rule<P, PC>{P::Open, PC::OrderPaidElsewhere, P::Closing},
    Rule<P, PC>{P::Closing, PC::AttemptsEnded, P::Closed},
    Rule<P, PC>{P::Open, PC::LifeOver, P::Expired},
    Rule<P, PC>{P::Open, PC::AttemptPaid, P::Paid},
    Rule<P, PC>{P::Closing, PC::LateSuccessHonored, P::Paid},
    Rule<P, PC>{P::Closed, PC::LateSuccessHonored, P::Paid},
    Rule<P, PC>{P::Expired, PC::LateSuccessHonored, P::Paid},
};

using A = AttemptState;
using AC = AttemptCause;
constexpr std::array kAttemptRules = {
    Rule<A, AC>{A::Queued, AC::CreateCalled, A::Creating},
    Rule<A, AC>{A::Queued, AC::NotOffered, A::Failed},
    Rule<A, AC>{A::Queued, AC::Superseded, A::Closed},
    Rule<A, AC>{A::Creating, AC::CreateSucceeded, A::Waiting},
    Rule<A, AC>{A::Creating, AC::OutcomeUnknown, A::Unknown},
    Rule<A, AC>{A::Creating, AC::ProviderRejected, A::Failed},
    Rule<A, AC>{A::Creating, AC::NotSent, A::Failed},
    Rule<A, AC>{A::Creating, AC::CloseConfirmed, A::Closed},
    Rule<A, AC>{A::Creating, AC::CodeExpired, A::Expired},
    Rule<A, AC>{A::Unknown, AC::CreateSucceeded, A::Waiting},
    Rule<A, AC>{A::Unknown, AC::ProviderRejected, A::Failed},
    Rule<A, AC>{A::Unknown, AC::CloseConfirmed, A::Closed},
    Rule<A, AC>{A::Unknown, AC::CodeExpired, A::Expired},
    Rule<A, AC>{A::Waiting, AC::CloseConfirmed, A::Closed},
    Rule<A, AC>{A::Waiting, AC::CodeExpired, A::Expired},
    // Money that came is a fact, whatever we believed before.
    Rule<A, AC>{A::Creating, AC::PaidReported, A::Paid},
    Rule<A, AC>{A::Unknown, AC::PaidReported, A::Paid},
    Rule<A, AC>{A::Waiting, AC::PaidReported, A::Paid},
    Rule<A, AC>{A::Failed, AC::PaidReported, A::Paid},
    Rule<A, AC>{A::Closed, AC::PaidReported, A::Paid},
    Rule<A, AC>{A::Expired, AC::PaidReported, A::Paid},
};

using R = RefundState;
using RC = RefundCause;
constexpr std::array kRefundRules = {
    Rule<R, RC>{R::Requested, RC::OutcomeUnknown, R::Unknown},
    Rule<R, RC>{R::Requested, RC::ProviderAccepted, R::Processing},
    Rule<R, RC>{R::Requested, RC::ProviderFailed, R::Failed},
    Rule<R, RC>{R::Requested, RC::ProviderSucceeded, R::Succeeded},
    Rule<R, RC>{R::Requested, RC::Superseded, R::Failed},
    Rule<R, RC>{R::Unknown, RC::ProviderAccepted, R::Processing},
    Rule<R, RC>{R::Unknown, RC::ProviderFailed, R::Failed},
    Rule<R, RC>{R::Unknown, RC::ProviderSucceeded, R::Succeeded},
    Rule<R, RC>{R::Processing, RC::ProviderFailed, R::Failed},
    Rule<R, RC>{R::Processing, RC::ProviderSucceeded, R::Succeeded},
    Rule<R, RC>{R::Failed, RC::ProviderSucceeded, R::Succeeded},
};

// In the order of the enumerators.
constexpr std::array<std::string_view, 5> kPaymentStates = {
    "open", "closing", "closed", "expired", "paid"};
constexpr std::array<std::string_view, 6> kPaymentCauses = {"cancel_requested",
                                                            "order_paid_elsewhere",
                                                            "attempts_ended",
                                                            "life_over",
                                                            "attempt_paid",
                                                            "late_success_honored"};
constexpr std::array<std::string_view, 8> kAttemptStates = {
    "queued", "creating", "unknown", "waiting", "failed", "closed", "expired", "paid"};
constexpr std::array<std::string_view, 10> kAttemptCauses = {"create_called",
                                                             "not_offered",
                                                             "superseded",
                                                             "create_succeeded",
                                                             "outcome_unknown",
                                                             "provider_rejected",
                                                             "not_sent",
                                                             "close_confirmed",
                                                             "code_expired",
                                                             "paid_reported"};
constexpr std::array<std::string_view, 5> kRefundStates = {
    "requested", "unknown", "processing", "failed", "succeeded"};
constexpr std::array<std::string_view, 5> kRefundCauses = {
    "outcome_unknown", "provider_accepted", "provider_failed", "provider_succeeded", "superseded"};

template <typename Enum, std::size_t N>
Enum parse(const std::array<std::string_view, N>& names, std::string_view text)
{
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == text) {
            return static_cast<Enum>(i);
        }
    }
    throw std::invalid_argument("a row holds the state \"" + std::string{text} +
                                "\", which this version does not know");
}

template <typename State, typename Cause, std::size_t N>
std::optional<State> find(const std::array<Rule<State, Cause>, N>& rules, State from, Cause cause)
{
    for (const auto& rule : rules) {
        if (rule.from == from && rule.cause == cause) {
            return rule.to;
        }
    }
    return std::nullopt;
}

template <typename Enum>
std::size_t index(Enum value)
{
    return static_cast<std::size_t>(value);
}

} // namespace

std::string_view toText(PaymentState state)
{
    return kPaymentStates.at(index(state));
}
std::string_view toText(PaymentCause cause)
{
    return kPaymentCauses.at(index(cause));
}
std::string_view toText(AttemptState state)
{
    return kAttemptStates.at(index(state));
}
std::string_view toText(AttemptCause cause)
{
    return kAttemptCauses.at(index(cause));
}
std::string_view toText(RefundState state)
{
    return kRefundStates.at(index(state));
}
std::string_view toText(RefundCause cause)
{
    return kRefundCauses.at(index(cause));
}

PaymentState parsePaymentState(std::string_view text)
{
    return parse<PaymentState>(kPaymentStates, text);
}

AttemptState parseAttemptState(std::string_view text)
{
    return parse<AttemptState>(kAttemptStates, text);
}

RefundState parseRefundState(std::string_view text)
{
    return parse<RefundState>(kRefundStates, text);
}

std::optional<PaymentState> next(PaymentState from, PaymentCause cause)
{
    return find(kPaymentRules, from, cause);
}

std::optional<AttemptState> next(AttemptState from, AttemptCause cause)
{
    return find(kAttemptRules, from, cause);
}

std::optional<RefundState> next(RefundState from, RefundCause cause)
{
    return find(kRefundRules, from, cause);
}

bool isLive(AttemptState state)
{
    return state == A::Queued || state == A::Creating || state == A::Unknown || state == A::Waiting;
}

bool isFinal(RefundState state)
{
    return state == R::Failed || state == R::Succeeded;
}

} // namespace payments
