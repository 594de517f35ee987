// Codes with which a partner recommends an organization. Which codes there are, only the list of
// them can tell; here it is about what nobody needs to look up.
#pragma once

#include "finding.hpp"

#include <string_view>

namespace identifiers {

/// Errors: more than 32 characters, anything but letters and digits. Warning: another shape than a
/// letter and seven digits, the only one that is known, and of one edition only.
Checked checkReferralCode(std::string_view text);

} // namespace identifiers
