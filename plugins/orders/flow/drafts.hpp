// A draft: an order as it would be, priced and checked. The confirm page shows one, and
// creating an order begins with one, so that both say the same.
#pragma once

#include "api/answers.hpp"
#include "flow/registration.hpp"
#include "flow/work.hpp"

#include <variant>
#include <vector>

namespace orders {

inline constexpr std::size_t kPersonsMax = 500;

struct Draft {
    Order order; // without a number
    std::vector<Line> lines;
    Payables persons;
};

/// All guards of 4.6 and C-07. A refusal about persons lists each by id with its reason.
std::variant<Draft, Refusal> draftOrder(const Work& work, const Request& request);

} // namespace orders
