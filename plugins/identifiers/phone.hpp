// Mobile numbers, in the form of E.164. Rules of numbering change, so only what is stable is
// checked: country code, length, and the first digits of the four regions that visitors mostly come
// from.
#pragma once

#include "finding.hpp"

#include <string>
#include <string_view>

namespace identifiers {

enum class PhoneRegion { Mainland, HongKong, Macao, Taiwan, Other };

struct Phone {
    Checked checked; // its value is E.164, "+8613800000000", when it is acceptable
    PhoneRegion region = PhoneRegion::Other;
};

/// A number with its country code (+, 00, or merely in front of a whole number of one of the four
/// regions) is read as such; all others as numbers of `home`. Without a country code and with
/// `home` Other the finding is CountryCode.
Phone checkPhone(std::string_view text, PhoneRegion home);

/// Only these get text messages. Of a value of checkPhone.
bool isMainlandPhone(std::string_view e164) noexcept;

} // namespace identifiers
