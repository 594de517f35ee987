// Statements whose plans are tested, since their tables grow with the orders.
#pragma once

#include <string>

namespace orders {

std::string linesOfPersonStatement();

} // namespace orders
