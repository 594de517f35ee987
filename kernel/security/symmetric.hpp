// The symmetric ciphers of the hub: AES-256-GCM, AES-CBC and SM4-CBC with PKCS#7 padding, and
// keyed and plain digests. Pure functions over bytes.
#pragma once

#include <hub/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hub::security {

inline constexpr std::size_t kGcmNonceBytes = 12;
inline constexpr std::size_t kGcmTagBytes = 16;

struct SymmetricInput {
    std::string_view algorithm; // "aes_256_gcm", "aes_128_cbc", "aes_256_cbc", "sm4_cbc"
    std::string_view key;
    std::string_view nonce;
    std::string_view associated_data; // GCM only
};

bool isSymmetricCipher(std::string_view algorithm) noexcept;
/// Of a symmetric cipher's key; 0 for what is none.
std::size_t symmetricKeyBytes(std::string_view algorithm) noexcept;

/// GCM appends its tag of 16 bytes. HUB_BAD_REQUEST: the length of key or nonce, associated data
/// where the cipher has none · HUB_UNSUPPORTED.
Result<std::string> encryptSymmetric(const SymmetricInput& input, std::string_view plain);
/// HUB_REJECTED: the tag or the padding is wrong; nothing of the plain text is given out.
Result<std::string> decryptSymmetric(const SymmetricInput& input, std::string_view bytes);

/// "hmac_sha256", "hmac_sm3".
Result<std::string>
hmacBytes(std::string_view algorithm, std::string_view key, std::string_view data);
/// "sha256", "md5", "sm3" over the parts one after the other.
Result<std::string> digestBytes(std::string_view algorithm,
                                const std::vector<std::string_view>& parts);

} // namespace hub::security
