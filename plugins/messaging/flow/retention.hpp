// Retention: numbers of recipients are kept for some months, and no longer.
#pragma once

#include "flow/work.hpp"

namespace messaging {

/// One bounded step; the timer is set again while something is left.
void onRetentionTimer(const Work& work);

} // namespace messaging
