// Where a refund goes that can't go back the way the money came. Check digits of banks only ask
// people to look again: a bank may know better.
#pragma once

#include "finding.hpp"

#include <string_view>

namespace identifiers {

enum class PayeeKind { Person, Organization };

/// CNAPS: 12 digits (bank 3, city 4, branch 4, check 1 by MOD 11,10). A check digit that does not
/// fit is a warning.
Checked checkBankCode(std::string_view text);

/// A person's card: 16 to 19 digits; Luhn is a warning. An organization's account: 8 to 32 digits,
/// to which Luhn does not apply.
Checked checkAccount(std::string_view text, PayeeKind payee);

} // namespace identifiers
