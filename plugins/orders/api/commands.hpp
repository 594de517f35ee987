// What an operator sees of orders.
#pragma once

#include <hub/plugin.hpp>

namespace orders {

hub::Answer showOrder(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer showOrders(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer showUnapplied(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace orders
