// Settlement: what money that came is used for. One charge per order: the first success pays it,
// every other one goes back by itself, and so does one that came too late, if that is the rule.
#pragma once

#include "flow/work.hpp"

namespace payments {

/// Takes evidence of a payment that fits the attempt. False when all of it was known.
bool settle(const Work& work, Payment& payment, Attempt& attempt, const Evidence& evidence);

} // namespace payments
