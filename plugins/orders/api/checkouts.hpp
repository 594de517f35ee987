// The scan checkout of an order: asked for by its organization, made by payments, which the
// order tells about by an event; its address stands in the order as soon as it is there.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

#include <string>

namespace orders {

/// POST /orders/{number}/checkouts: 202; asking again is harmless.
hub::Answer requestCheckout(const Work& work, const hub::Event& event);

/// {"url", "expires_at"} of a code that can be paid; null when there is none.
Json checkoutOf(const hub::Snapshot& snapshot, const std::string& number);

} // namespace orders
