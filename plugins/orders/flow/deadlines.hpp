// Until when an organization may order and pay (C-07): the edition's payment deadline, or what the
// organizer has granted it beyond.
#pragma once

#include "api/answers.hpp"
#include "flow/work.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace orders {

/// 0: there is none. Refused when it is over, or when the edition's rule can't be read.
std::variant<std::int64_t, Refusal>
openDeadlineOf(const Work& work, const Json& pack, const std::string& organization_id);

/// When an unpaid order ends by itself (D-01): after its life, but never beyond the deadline.
std::int64_t expiryOf(const Order& order, const Settings& settings);

/// Adds an exception and gives the organization's unpaid orders as long.
void grantUntil(const Work& work, const Exception& exception);

} // namespace orders
