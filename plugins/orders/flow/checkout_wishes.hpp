// What became of the wish for a code: payments makes a payment or declines. Its answers may come
// twice and out of order; the newest answer to the newest wish counts.
#pragma once

#include "flow/work.hpp"

#include <hub/event.hpp>

#include <string_view>

namespace orders {

void noteWish(const Work& work, const Order& order);

/// payment.declined.
hub::Answer takePaymentDeclined(const Work& work, const hub::Event& event);

/// payment.created: whatever was declined before, there is a payment now.
void noteGranted(const Work& work, std::string_view number, std::int64_t created_ms);

} // namespace orders
