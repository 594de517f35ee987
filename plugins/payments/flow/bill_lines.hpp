// BillLines: one line of a provider's bill against our own books. What we don't know is theirs
// only: booked into suspense, with an exception; what we know otherwise is asked about.
#pragma once

#include "flow/work.hpp"
#include "store/recovery_rows.hpp"

#include <string>

namespace payments {

/// A line of the contract's operation `bill`. Throws std::runtime_error for a line that is none.
void compareLine(const Work& work, const BillDay& bill, const std::string& line);

} // namespace payments
