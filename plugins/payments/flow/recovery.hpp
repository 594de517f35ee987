// Recovery: after the store was restored from a backup. Every attempt and refund that was open is
// asked about, then the bills since the backup are compared: what the provider alone knows is
// booked into suspense, with an exception for people. All of it by calls that may be repeated.
#pragma once

#include "flow/work.hpp"

#include <string>

namespace payments {

inline constexpr std::string_view kRestoredEvent = "hub.restored";
inline constexpr std::string_view kRecoveryTimer = "recovery";

void onRestored(const Work& work, const hub::Event& event);
void onRecoveryTimer(const Work& work);
/// A bill is wanted: it is asked for when it is due.
void lookForBills(const Work& work);

/// After the outcome of a query was taken by the rules: it may be the answer to a question.
void noteAnswer(const Work& work, const hub::Event& event, const ProviderCall& call);
/// Outcomes of bill.
void takeBill(const Work& work, const hub::Event& event, const ProviderCall& call);

} // namespace payments
