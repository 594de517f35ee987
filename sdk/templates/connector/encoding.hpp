// What every protocol needs of texts and bytes.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace protocol {

std::string toHex(std::string_view bytes);
/// Compares in time that depends on the lengths only: the duration must not help to guess.
bool isSame(std::string_view a, std::string_view b) noexcept;
/// HUB_BAD_REQUEST for anything but padded base64.
hub::Result<std::string> fromBase64(std::string_view text);

} // namespace protocol
