// Whether money pays an order: only the very amount, in the very currency, for an order that still
// waits for it, and in time (R-192, C-07). Everything else is kept for finance.
#pragma once

#include "domain/records.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace orders {

/// The reason why it does not; nothing when it does. `order` may be null. `margin_ms` is how long
/// after the deadline a confirmation may come of what was paid before it.
std::optional<std::string_view>
objectionTo(const Money& money, const Order* order, std::int64_t margin_ms);

} // namespace orders
