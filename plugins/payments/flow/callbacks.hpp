// Callbacks: verified readings of providers' notices. A notice is evidence, not an order: it takes
// effect only where account, number, amount, currency and merchant fit our own record.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace payments {

/// HUB_OK: a new effect · HUB_ALREADY_DONE: nothing new · HUB_REJECTED: it does not fit.
hub::Answer takeCallback(const Work& work, const hub::Event& event);

} // namespace payments
