// Why there is no code for an order, and what to do next, for people.
#pragma once

#include "domain/json.hpp"
#include "store/money_rows.hpp"

#include <string_view>

namespace orders {

/// `code`, `detail` in both languages and `declined_at`; null when the newest wish was not
/// declined.
Json declinedOf(const MoneyRows& money, std::string_view number);

} // namespace orders
