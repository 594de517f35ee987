// Whether money may still come for an order. Before an order ends, this is asked twice: our own
// table of what the events of payments have said, and payments itself in the same unit, since an
// event may be on its way (DESIGN 14.34). In doubt money may come.
#pragma once

#include "flow/work.hpp"

#include <string>
#include <vector>

namespace orders {

struct OpenMoney {
    std::vector<std::string> payments; // ids of those that may bring money
    bool is_undecided = false;         // payments is finding out, or does not answer

    bool mayCome() const noexcept { return is_undecided || !payments.empty(); }
};

OpenMoney openMoneyOf(const Work& work, const Order& order);

} // namespace orders
