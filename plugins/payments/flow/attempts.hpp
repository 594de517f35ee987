// Attempts: opening one at a provider, ending it, and finding out what became of it. The plugin
// alone decides to give up on an unknown, and only when a close is confirmed, or when the code has
// expired with a margin and still does not exist at the provider.
#pragma once

#include "flow/candidates.hpp"
#include "flow/work.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace payments {

/// Of one payment, whoever asks for them.
inline constexpr std::size_t kAttemptsMax = 50;

/// `wait_call` is the call after which there is news; 0 when none was made.
struct Opened {
    Attempt attempt;
    std::int64_t wait_call = 0;
};

/// What names an attempt at its provider, for every operation of the contract; frozen with it.
Json identityOf(const Attempt& attempt);

/// Where this payment has not come through.
std::set<std::string> failedAccounts(const Work& work, const Payment& payment);

/// Opens an attempt at once, at the first account that fits and takes it. Nothing when there is
/// none.
std::optional<Opened> openAttempt(const Work& work,
                                  Payment& payment,
                                  const Wanted& wanted,
                                  const std::set<std::string>& except = {});

/// Ends the live attempts of the payment and queues a new one: it opens when their close is
/// confirmed, at the latest after kCloseWaitMs. They stay watched. Nothing when no account fits.
std::optional<Opened> replaceAttempt(const Work& work, Payment& payment, const Wanted& wanted);

/// Asks the provider to end the live attempts, except the one named. Answers the call after which
/// there is news, 0 when there is none to wait for.
std::int64_t
endAttempts(const Work& work, Payment& payment, EndReason reason, const std::string& except = {});

/// Finishes what waited for the end of an attempt: a payment that is closing, a queued attempt.
void settleEnded(const Work& work, Payment& payment);

/// What the provider states when it was asked; `asked_ms` is when.
void applyStatement(const Work& work,
                    Payment& payment,
                    Attempt& attempt,
                    const Evidence& evidence,
                    std::int64_t asked_ms);

/// The provider says that the code can't be paid any more. False when that is no news.
bool confirmEnd(const Work& work, Payment& payment, Attempt& attempt);

/// Outcomes of create, query, close and cancel.
void takeAttemptOutcome(const Work& work, const hub::Event& event, const ProviderCall& call);

void onAttemptTimer(const Work& work, const std::string& number);
void onOpenTimer(const Work& work, const std::string& number);
void onPaymentTimer(const Work& work, const std::string& payment_id);

/// A query of this attempt; nothing when no enabled account offers it now.
std::optional<std::int64_t>
askAttempt(const Work& work, const Payment& payment, const Attempt& attempt);
/// The same, unless one is open.
void queryAttempt(const Work& work, const Payment& payment, const Attempt& attempt);

} // namespace payments
