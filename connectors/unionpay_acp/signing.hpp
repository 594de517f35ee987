// How an ACP message is signed. With RSA the private key signs a text that this file makes; with a
// shared key this file makes the whole signature. Pure functions.
#pragma once

#include "fields.hpp"

#include <string>
#include <string_view>

namespace unionpay {

enum class Version {
    V5_0_0, // SHA-1; read for old messages only
    V5_1_0,
};

/// signMethod 01: the lower-case hexadecimal digest of the sorted text. RSA with the same hash
/// signs these characters, so everything is hashed twice.
std::string rsaSignText(const Fields& fields, Version version = Version::V5_1_0);

enum class KeyedMethod {
    Sha256, // signMethod 11
    Sm3,    // signMethod 12
};

/// Lower-case hexadecimal. The key is a secret of the merchant: a connector does not have it.
std::string keyedSignature(const Fields& fields, KeyedMethod method, std::string_view secure_key);

} // namespace unionpay
