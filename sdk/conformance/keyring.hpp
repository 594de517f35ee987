// The keys and secrets of the account under test, made when the suite starts: nothing that it uses
// exists anywhere else. Real cryptography, the answers of hub.keys/1.
#pragma once

#include "json.hpp"

#include <hub/result.hpp>

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::conformance {

/// Filled before the first session; then thread-safe.
class Keyring {
public:
    /// "rsa_2048", "sm2", "aes_128", "aes_256", "sm4", or "secret" (64 hex digits). Throws
    /// std::runtime_error for another word.
    void make(const std::string& role, const std::string& kind);
    /// PEM of a private or public key; a certificate may stand beside it. Throws.
    void load(const std::string& role, const std::string& pem);
    /// The bytes of a secret or a symmetric key.
    void keep(const std::string& role, const std::string& bytes) { secrets_[role] = bytes; }

    Result<std::string>
    sign(const std::string& role, std::string_view algorithm, std::string_view data) const;
    hub_status verify(const std::string& role,
                      std::string_view algorithm,
                      std::string_view data,
                      std::string_view signature) const;
    Result<std::string>
    hmac(const std::string& role, std::string_view algorithm, std::string_view data) const;
    /// The bytes of a secret; HUB_NOT_FOUND.
    Result<std::string> secret(const std::string& role) const;
    static Result<std::string> digest(std::string_view algorithm, std::string_view data);
    struct Cipher {
        std::string algorithm;
        std::string nonce;
        std::string associated_data;
    };
    /// GCM appends its tag. HUB_REJECTED: tag or padding is wrong.
    Result<std::string> crypt(const std::string& role,
                              const Cipher& cipher,
                              std::string_view data,
                              bool encrypts) const;
    Result<std::string> publicPart(const std::string& role) const;
    /// That and what addPublic() added, newest first.
    Result<std::string> publicParts(const std::string& role) const;
    /// A further public key or certificate that verifies for the role.
    hub_status addPublic(const std::string& role, const std::string& pem);

    /// Texts that must not be met outside: secrets as they are, in hex and in base64, and lines of
    /// private keys.
    std::vector<std::string> canaries() const;

private:
    struct Free {
        void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    };
    using KeyPointer = std::unique_ptr<EVP_PKEY, Free>;

    Result<EVP_PKEY*> find(const std::string& role) const;

    std::map<std::string, KeyPointer> keys_;
    std::map<std::string, std::string> pems_; // public parts
    struct Added {
        KeyPointer key;
        std::string pem;
    };
    std::map<std::string, std::vector<Added>> added_; // by addPublic(), newest last
    std::map<std::string, std::string> secrets_;
};

/// The word for make() that suits an algorithm of a manifest.
std::string keyKindFor(const Json& algorithms);
std::string randomHex(std::size_t bytes);
std::string toHex(std::string_view bytes);

} // namespace hub::conformance
