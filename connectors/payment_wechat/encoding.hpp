// The text codings of the provider's protocol: base64, hexadecimal, percent signs. Pure functions.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace wechat {

/// Standard alphabet, padded, one line.
std::string toBase64(std::string_view bytes);
/// HUB_BAD_REQUEST for anything but the standard alphabet with correct padding.
hub::Result<std::string> fromBase64(std::string_view text);

/// Digits as the provider writes numbers of certificates.
std::string toUpperHex(std::string_view bytes);
/// ASCII letters alone.
std::string toLower(std::string_view text);

/// One value of a query or one segment of a path: all but unreserved characters become %XX.
std::string toPercent(std::string_view text);

} // namespace wechat
