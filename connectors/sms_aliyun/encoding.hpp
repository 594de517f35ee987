// Bytes as text: base64, hex and percent encoding, and the digest that the envelope is made with.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace aliyun {

/// One line with padding. HUB_BAD_REQUEST for anything that is not the one encoding of its bytes.
hub::Result<std::string> fromBase64(std::string_view text);
std::string toBase64(std::string_view bytes);
std::string toHex(std::string_view bytes); // lower case
/// RFC 3986: everything but letters, digits and - _ . ~ as %XX.
std::string toPercent(std::string_view text);
/// In lower-case hex. Throws std::runtime_error when OpenSSL has no SHA-256.
std::string sha256(std::string_view bytes);

} // namespace aliyun
