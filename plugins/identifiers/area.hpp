// The first two digits of an area code (GB/T 2260): which provinces there are.
#pragma once

#include <string_view>

namespace identifiers {

/// The 31 of the mainland.
bool isProvince(std::string_view two_digits) noexcept;

} // namespace identifiers
