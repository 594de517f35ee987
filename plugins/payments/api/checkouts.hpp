// The checkout's routes: its page, what a person chooses there, its state for the page's script,
// and a new code for a payment.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace payments {

hub::Answer
showCheckout(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
getCheckout(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer chooseWallet(const Work& work, const hub::Event& event);
hub::Answer createCheckout(const Work& work, const hub::Event& event);

/// What a payment's view shows of its newest checkout; null when it has none.
Json checkoutView(const hub::Snapshot& snapshot, const Payment& payment, const Settings& settings);

} // namespace payments
