// Words: what the checkout page says, in both languages.
#pragma once

#include "pages/html.hpp"

#include <string>
#include <string_view>

namespace payments {

/// Throws std::out_of_range for a key that has no words: a test looks at all.
const char* words(Tongue tongue, std::string_view key);

/// The same with a name in its place.
std::string wordsWith(Tongue tongue, std::string_view key, std::string_view name);

} // namespace payments
