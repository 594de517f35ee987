// Statements whose plans are tested, since their tables grow with the payments.
#pragma once

#include <string>

namespace payments {

std::string paymentsOfOrderStatement();

} // namespace payments
