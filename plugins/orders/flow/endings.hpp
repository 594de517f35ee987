// How an order ends unpaid: canceled by its organization, because of a person, or by the clock.
#pragma once

#include "flow/work.hpp"

#include <string>

namespace orders {

/// Frees the persons and tells it. The caller knows that no money may come.
void end(const Work& work, Order& order, OrderCause cause);

/// After the end of a payment: carries out a wanted cancellation as soon as no money may come.
void settleWanted(const Work& work, Order& order);

void onExpiryTimer(const Work& work, const std::string& number);
void onReminderTimer(const Work& work, const std::string& number);

/// A person of an order was canceled: an unpaid order is canceled, a paid one stays as it is.
hub::Answer takePersonCanceled(const Work& work, const hub::Event& event);

} // namespace orders
