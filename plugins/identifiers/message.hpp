// What people read of a finding, in the caller's language. Made from the code and the few
// characters that a finding holds, so no message repeats a number.
#pragma once

#include "finding.hpp"

#include <string>

namespace identifiers {

enum class Language { Chinese, English };

std::string messageOf(const Finding& finding, Language language);

} // namespace identifiers
