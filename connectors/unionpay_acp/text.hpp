// The codings of ACP's texts: base64, lower-case hexadecimal, UTF-8, GBK. Pure functions.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace unionpay {

/// Standard alphabet, padded, one line.
std::string toBase64(std::string_view bytes);
/// HUB_BAD_REQUEST for anything but what toBase64 writes: a signature whose plus signs became
/// spaces must not pass.
hub::Result<std::string> fromBase64(std::string_view text);

/// Two lower-case digits for each byte.
std::string toHex(std::string_view bytes);

/// True for well-formed UTF-8 without overlong forms and surrogates.
bool isUtf8(std::string_view text) noexcept;

/// GB 18030, which holds GBK, to UTF-8. HUB_BAD_REQUEST when the bytes are none; HUB_UNAVAILABLE
/// when this system lacks the conversion.
hub::Result<std::string> fromGbk(std::string_view bytes);

} // namespace unionpay
