// Route: events from a publisher's process through the durable journal to subscribers' processes.
#pragma once

#include "figure.hpp"

#include <vector>

namespace bench {

std::vector<Figure> routeFigures();

} // namespace bench
