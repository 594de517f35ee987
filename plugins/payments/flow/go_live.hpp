// GoLive: the check that a new account goes through before visitors do: one fen is paid there by
// the organizer's own phone, goes back, and both stand in the provider's bill of the day.
#pragma once

#include "flow/work.hpp"
#include "store/operation_rows.hpp"

#include <optional>
#include <string>

namespace payments {

/// Of the payment that a check makes; no method of the settings can have this name.
inline constexpr std::string_view kGoLiveMethod = "go-live";

/// Nothing when the account does not offer a code now.
std::optional<GoLive> startGoLive(const Work& work, const std::string& account);

/// After the payment was paid: it goes back at once.
void refundGoLive(const Work& work, Payment& payment, const Attempt& attempt);
/// After the refund: the bill of the day is wanted as soon as providers have it.
void wantGoLiveBill(const Work& work, const Payment& payment, const Refund& refund);
/// A line of a bill is of this payment.
void noteBilled(const Work& work, const std::string& payment_id, bool is_refund);

} // namespace payments
