// The texts of ACP messages: fields as a form, as a raw answer, and as the text that is signed.
#pragma once

#include "core/crypto.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::unionpay {

/// Sorted by the bytes of their names, as the signature wants them.
using Fields = std::map<std::string, std::string>;

/// The field's value; empty when it is absent.
std::string get(const Fields& fields, const std::string& name);

/// Reads a percent-encoded form. False when the coding is broken, a text is no UTF-8 or a name
/// stands twice; `into` then holds what came before.
bool readForm(std::string_view form, Fields& into);
std::string toForm(const Fields& fields);

/// "k=v&k=v" without any coding, the certificate and the signature last.
std::string toRaw(const Fields& fields);

/// "k=v&k=v" of everything but the signature.
std::string signedText(const Fields& fields);

/// signMethod 01: the signature is over the lower-case hex of the text's SHA-256, not over the
/// text.
std::string signFields(EVP_PKEY& private_key, std::string_view text);
bool verifyFields(EVP_PKEY& public_key, std::string_view text, std::string_view signature_base64);

/// "20261121104000" in Beijing time.
std::string toCompactTime(std::int64_t unix_ms);
/// Empty for any other form and for times that don't exist.
std::optional<std::int64_t> parseCompactTime(std::string_view text);

} // namespace hub::simulator::unionpay
