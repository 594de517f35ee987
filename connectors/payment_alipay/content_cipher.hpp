// Content encryption (encrypt_type=AES): the business content travels as base64 of AES-CBC with
// PKCS#7 padding under a shared key, from a vector of 16 zero bytes. It hides; it proves nothing,
// so the signature over it is what counts.
#pragma once

#include <hub/host.hpp>

namespace alipay {

inline constexpr std::string_view kContentCipher = "aes_128_cbc";

/// For hub.keys. The key is the 16 bytes behind the console's base64.
inline hub::Cipher contentCipher()
{
    return {std::string{kContentCipher}, std::string(16, '\0'), {}};
}

} // namespace alipay
