// What lists show of persons: enough to tell two rows apart, not enough to use. Any bytes may come
// in; what is no UTF-8 is hidden as a whole. A mask never says how long the hidden part is.
#pragma once

#include <string>
#include <string_view>

namespace identifiers {

/// "110101****8190"; of shorter numbers less: a number of up to four characters shows nothing.
std::string maskNumber(std::string_view number);

/// "+86138****0000" of E.164, "138****0000" of what is no E.164.
std::string maskPhone(std::string_view number);

/// "张*", "欧**明" becomes "欧*明"; names in words: "J*** S***".
std::string maskName(std::string_view name);

/// "a***@example.org"
std::string maskEmail(std::string_view address);

} // namespace identifiers
