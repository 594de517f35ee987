// AsymmetricKey: one parsed RSA or SM2 key, private or public, and what can be done with it.
// Immutable and thread-safe.
#pragma once

#include "security/openssl.hpp"

#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace hub::security {

class AsymmetricKey {
public:
    /// PEM (blocks of a private key, a public key, a certificate; a key may stand beside its
    /// certificate) or one line of base64 of DER of the same kinds. HUB_BAD_REQUEST.
    static Result<AsymmetricKey> parse(std::string_view text);

    static bool isSignature(std::string_view algorithm) noexcept;

    Result<std::string> sign(std::string_view algorithm, std::string_view data) const;
    /// HUB_REJECTED: not genuine.
    Result<void>
    verify(std::string_view algorithm, std::string_view data, std::string_view signature) const;
    /// RSA-OAEP with SHA-1.
    Result<std::string> encrypt(std::string_view plain) const;
    Result<std::string> decrypt(std::string_view bytes) const;
    /// PEM of the certificate, or else of the public key.
    std::string publicPart() const;
    bool isPrivate() const noexcept { return private_; }
    /// As they were read; the certificate may be null.
    EVP_PKEY* key() const noexcept { return key_.get(); }
    X509* certificate() const noexcept { return certificate_.get(); }
    bool hasSamePublicKey(const AsymmetricKey& other) const noexcept;

private:
    Result<void> checkKind(std::string_view algorithm) const;
    Result<void> take(std::string_view label, std::string_view der);

    PkeyPtr key_;
    X509Ptr certificate_;
    bool private_ = false;
};

} // namespace hub::security
