// The text codings of the provider's protocol: base64, URL form coding, UTF-8. Pure functions.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alipay {

/// Parameters in their order of appearance; values are raw, not form-coded.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Standard alphabet, padded, one line.
std::string toBase64(std::string_view bytes);
/// HUB_BAD_REQUEST for anything but the standard alphabet with correct padding: a signature whose
/// plus signs became spaces must not pass.
hub::Result<std::string> fromBase64(std::string_view text);

/// `application/x-www-form-urlencoded`: a space becomes a plus sign.
std::string toForm(const Parameters& parameters);
/// Decodes once. HUB_BAD_REQUEST for broken escapes, bytes that are not UTF-8, and a name that
/// appears twice: two readers could pick different values.
hub::Result<Parameters> fromForm(std::string_view body);

/// True for well-formed UTF-8 without overlong forms and surrogates.
bool isUtf8(std::string_view text) noexcept;

/// The value of `name`, or nothing when it is not there.
std::string_view valueOf(const Parameters& parameters, std::string_view name) noexcept;

} // namespace alipay
