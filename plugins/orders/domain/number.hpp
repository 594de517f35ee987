// The number of a badge order: V, the moment in Shanghai to the millisecond, three drawn
// digits, and 001 for the sub-order, of which there is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orders {

inline constexpr std::size_t kNumberRandomBytes = 4;

/// Nothing for bytes that would make some numbers likelier than others: draw again.
std::optional<std::string> makeNumber(std::int64_t now_ms, std::string_view random);

/// The form alone; whether there is such an order, the store knows.
bool isOrderNumber(std::string_view text);

} // namespace orders
