// Checks on text that crosses the wire.
#pragma once

#include <cstddef>
#include <string_view>

namespace hub::hubp {

/// True for well-formed UTF-8 without surrogates (Unicode 15, table 3-7).
bool isWellFormed(std::string_view text) noexcept;
/// The longest prefix of at most `bytes_max` that cuts no character.
std::string_view shortened(std::string_view text, std::size_t bytes_max) noexcept;

} // namespace hub::hubp
