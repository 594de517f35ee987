// Which mistake of typing would explain a number whose check character does not fit.
#pragma once

#include "finding.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace identifiers {

inline constexpr std::size_t kDoubtsMax = 4;

/// Tries every adjacent swap and every other single character of `shape` (shape.hpp), which `text`
/// fits, and keeps what `is_right` accepts. Swaps and look-alikes (0 and D) are likely and come
/// first; when there are none, other single characters count, but only as long as they are few:
/// nearly every position of a bare modulus has one, and that would help nobody.
/// At most kDoubtsMax, swaps before misreadings, each from left to right.
std::vector<Doubt> findDoubts(std::string_view text,
                              std::string_view shape,
                              const std::function<bool(std::string_view)>& is_right);

} // namespace identifiers
