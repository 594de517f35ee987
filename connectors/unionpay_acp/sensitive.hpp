// Card data within a message (accNo, customerInfo): RSA PKCS#1 v1.5 under UnionPay's certificate
// for encryption. The hub's own flows send none.
#pragma once

#include "certificate.hpp"

#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace unionpay {

/// Base64, as it stands in the field; `certificate` gives encryptCertId. HUB_BAD_REQUEST when its
/// key is no RSA key or the text is too long for one block.
hub::Result<std::string> encryptSensitive(const Certificate& certificate, std::string_view plain);

/// The way back, for whoever holds the private key as PEM: never a connector. HUB_BAD_REQUEST
/// without a word of why, because a word would help who probes the padding.
hub::Result<std::string> decryptSensitive(std::string_view private_pem, std::string_view base64);

} // namespace unionpay
