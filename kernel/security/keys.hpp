// Keys: the cryptography behind hub.keys/1, by the name of a secret. Who may use which key for
// what is decided before (kernel/plugin). Thread-safe; parsed keys are cached per version.
#pragma once

#include "security/secrets.hpp"

#include <hub/ext/keys.h>
#include <hub/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::security {

struct CipherInput {
    std::string algorithm;
    std::string nonce;
    std::string associated_data;
};

struct DigestInput {
    std::string secret; // name of a secret; empty: `bytes` is the part
    std::string bytes;
};

/// A key secret holds PEM (private PKCS#1 or PKCS#8, SPKI, certificate), or the one-line base64
/// of DER that providers' consoles give out; a symmetric one holds its raw bytes.
class Keys {
public:
    explicit Keys(Secrets& secrets);
    ~Keys();

    Result<std::string>
    sign(std::string_view secret, std::string_view algorithm, std::string_view data);
    /// ok: genuine; HUB_REJECTED: not.
    Result<void> verify(std::string_view secret,
                        std::string_view algorithm,
                        std::string_view data,
                        std::string_view signature);
    Result<std::string>
    hmac(std::string_view secret, std::string_view algorithm, std::string_view data);
    Result<std::string> digest(std::string_view algorithm, const std::vector<DigestInput>& parts);
    Result<std::string>
    encrypt(std::string_view secret, const CipherInput& cipher, std::string_view plain);
    Result<std::string>
    decrypt(std::string_view secret, const CipherInput& cipher, std::string_view bytes);
    Result<std::string> publicPart(std::string_view secret);
    /// PEM after PEM, newest first.
    Result<std::string> publicParts(std::string_view secret);
    /// A public key or certificate as the newest version; its number, or 0 when a version in use
    /// has this public key. HUB_BAD_REQUEST: something else; HUB_THROTTLED: too many are in use.
    Result<std::uint32_t> addPublic(std::string_view secret, std::string_view pem);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hub::security
