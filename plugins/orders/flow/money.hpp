// What the events of payments mean for orders: which payments may bring money, and what money pays.
#pragma once

#include "flow/work.hpp"

namespace orders {

/// payment.created, failed, expired, closed and paid, in any order and repeated.
hub::Answer takePaymentEvent(const Work& work, const hub::Event& event);

} // namespace orders
