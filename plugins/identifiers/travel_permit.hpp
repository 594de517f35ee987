// Permits with which residents of Hong Kong, Macao and Taiwan travel to the mainland. They have no
// check character; the first characters are the holder's for life.
#pragma once

#include "finding.hpp"

#include <string>
#include <string_view>

namespace identifiers {

/// H or M and 8 digits, on older cards 2 more for the renewals; or H or M, A and 7 digits for
/// residents who are not Chinese citizens (since 2024-07-10).
Checked checkHongKongMacaoPermit(std::string_view text);

/// 8 digits; on booklets (until 2015) 2 more for the count of issues, and the sign of the office
/// that issued it, often in brackets, which normalization removes.
Checked checkTaiwanPermit(std::string_view text);

/// The part that is the person's for life, whatever the renewals; empty when the text is no such
/// permit.
std::string hongKongMacaoKey(std::string_view text);
std::string taiwanKey(std::string_view text);

} // namespace identifiers
