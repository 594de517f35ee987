// RSA keys, SHA256withRSA (PKCS #1 v1.5), base64 and random bytes over OpenSSL 3.
#pragma once

#include <openssl/evp.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace hub::simulator {

struct KeyDeleter {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;

/// Throw std::runtime_error naming the file when it can't be read or holds no such key.
Key readPrivateKey(const std::filesystem::path& pem_file);
Key readPublicKey(const std::filesystem::path& pem_file);

/// base64(SHA256withRSA(text)) in one line. Thread-safe for a shared key.
std::string signRsa2(EVP_PKEY& private_key, std::string_view text);
/// False for anything but a genuine signature, malformed base64 included.
bool verifyRsa2(EVP_PKEY& public_key, std::string_view text, std::string_view signature_base64);

std::string toBase64(std::string_view bytes);

/// From the system's generator.
std::string randomBytes(std::size_t size);
std::string randomDigits(std::size_t size);
/// Lower-case letters and digits, as in the addresses of real codes.
std::string randomToken(std::size_t size);

/// "what: OpenSSL's own words", for exceptions.
std::string openSslFailure(std::string_view what);

} // namespace hub::simulator
