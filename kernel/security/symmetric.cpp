#include "security/symmetric.hpp"

#include "base/exception.hpp"
#include "security/openssl.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>
#include <climits>

namespace hub::security {

namespace {

struct Cipher {
    std::string_view name;
    const EVP_CIPHER* (*evp)();
    std::size_t key_bytes;
    std::size_t nonce_bytes;
    bool tagged;
};

const std::array<Cipher, 4> kCiphers{{
    {"aes_256_gcm", EVP_aes_256_gcm, 32, kGcmNonceBytes, true},
    {"aes_128_cbc", EVP_aes_128_cbc, 16, 16, false},
    {"aes_256_cbc", EVP_aes_256_cbc, 32, 16, false},
    {"sm4_cbc", EVP_sm4_cbc, 16, 16, false},
}};

const Cipher* findCipher(std::string_view name) noexcept
{
    for (const Cipher& cipher : kCiphers) {
        if (cipher.name == name) {
            return &cipher;
        }
    }
    return nullptr;
}

Result<const Cipher*> checkInput(const SymmetricInput& input, std::string_view data)
{
    const Cipher* cipher = findCipher(input.algorithm);
    if (cipher == nullptr) {
        return Error{HUB_UNSUPPORTED,
                     fmt::format("cipher \"{}\" is none of this hub's", input.algorithm)};
    }
    if (input.key.size() != cipher->key_bytes) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("the key has {} bytes, {} needs {}",
                                 input.key.size(),
                                 cipher->name,
                                 cipher->key_bytes)};
    }
    if (input.nonce.size() != cipher->nonce_bytes) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("the nonce has {} bytes, {} needs {}",
                                 input.nonce.size(),
                                 cipher->name,
                                 cipher->nonce_bytes)};
    }
    if (!cipher->tagged && !input.associated_data.empty()) {
        return Error{
            HUB_BAD_REQUEST,
            fmt::format("{} authenticates nothing; leave the associated data empty", cipher->name)};
    }
    if (data.size() > INT_MAX / 2 || input.associated_data.size() > INT_MAX / 2) {
        return Error{HUB_BAD_REQUEST, "the bytes to encrypt or decrypt are over 1 GiB"};
    }
    return cipher;
}

void require(int answer)
{
    if (answer != 1) {
        throw base::Failure(HUB_INTERNAL, "the cryptographic library failed to run a cipher");
    }
}

CipherContextPtr beginCipher(const Cipher& cipher, const SymmetricInput& input, bool encrypt)
{
    CipherContextPtr context(EVP_CIPHER_CTX_new());
    require(context ? 1 : 0);
    require(EVP_CipherInit_ex(context.get(),
                              cipher.evp(),
                              nullptr,
                              bytesOf(input.key),
                              bytesOf(input.nonce),
                              encrypt ? 1 : 0));
    if (!input.associated_data.empty()) {
        int size = 0;
        require(EVP_CipherUpdate(context.get(),
                                 nullptr,
                                 &size,
                                 bytesOf(input.associated_data),
                                 static_cast<int>(input.associated_data.size())));
    }
    return context;
}

const EVP_MD* findDigest(std::string_view name) noexcept
{
    if (name == "sha256") {
        return EVP_sha256();
    }
    if (name == "md5") {
        return EVP_md5();
    }
    if (name == "sm3") {
        return EVP_sm3();
    }
    return nullptr;
}

} // namespace

bool isSymmetricCipher(std::string_view algorithm) noexcept
{
    return findCipher(algorithm) != nullptr;
}

std::size_t symmetricKeyBytes(std::string_view algorithm) noexcept
{
    const Cipher* cipher = findCipher(algorithm);
    return cipher == nullptr ? 0 : cipher->key_bytes;
}

Result<std::string> encryptSymmetric(const SymmetricInput& input, std::string_view plain)
{
    const ErrorQueueGuard guard;
    const Result<const Cipher*> cipher = checkInput(input, plain);
    if (!cipher) {
        return cipher.error();
    }
    const CipherContextPtr context = beginCipher(*cipher.value(), input, true);
    std::string bytes(plain.size() + EVP_MAX_BLOCK_LENGTH, '\0');
    int size = 0;
    int rest = 0;
    require(EVP_CipherUpdate(
        context.get(), bytesOf(bytes), &size, bytesOf(plain), static_cast<int>(plain.size())));
    require(EVP_CipherFinal_ex(context.get(), bytesOf(bytes) + size, &rest));
    bytes.resize(static_cast<std::size_t>(size + rest));
    if (cipher.value()->tagged) {
        std::string tag(kGcmTagBytes, '\0');
        require(EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()), tag.data()));
        bytes += tag;
    }
    return bytes;
}

Result<std::string> decryptSymmetric(const SymmetricInput& input, std::string_view bytes)
{
    const ErrorQueueGuard guard;
    const Result<const Cipher*> cipher = checkInput(input, bytes);
    if (!cipher) {
        return cipher.error();
    }
    const CipherContextPtr context = beginCipher(*cipher.value(), input, false);
    if (cipher.value()->tagged) {
        if (bytes.size() < kGcmTagBytes) {
            return Error{HUB_REJECTED, "the encrypted bytes are shorter than their tag"};
        }
        std::string tag(bytes.substr(bytes.size() - kGcmTagBytes));
        bytes.remove_suffix(kGcmTagBytes);
        require(EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), tag.data()));
    }
    std::string plain(bytes.size() + EVP_MAX_BLOCK_LENGTH, '\0');
    int size = 0;
    int rest = 0;
    require(EVP_CipherUpdate(
        context.get(), bytesOf(plain), &size, bytesOf(bytes), static_cast<int>(bytes.size())));
    if (EVP_CipherFinal_ex(context.get(), bytesOf(plain) + size, &rest) != 1) {
        OPENSSL_cleanse(plain.data(), plain.size());
        return Error{HUB_REJECTED,
                     cipher.value()->tagged ? "the authentication tag does not fit"
                                            : "the padding of the encrypted bytes is wrong"};
    }
    plain.resize(static_cast<std::size_t>(size + rest));
    return plain;
}

Result<std::string>
hmacBytes(std::string_view algorithm, std::string_view key, std::string_view data)
{
    const EVP_MD* digest = algorithm == "hmac_sha256" ? EVP_sha256()
                           : algorithm == "hmac_sm3"  ? EVP_sm3()
                                                      : nullptr;
    if (digest == nullptr) {
        return Error{HUB_UNSUPPORTED, fmt::format("hmac \"{}\" is none of this hub's", algorithm)};
    }
    if (key.empty()) {
        return Error{HUB_BAD_REQUEST, "the key of an HMAC is empty"};
    }
    std::string mac(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    if (HMAC(digest,
             key.data(),
             static_cast<int>(key.size()),
             bytesOf(data),
             data.size(),
             bytesOf(mac),
             &size) == nullptr) {
        throw base::Failure(HUB_INTERNAL, "the cryptographic library failed to compute an HMAC");
    }
    mac.resize(size);
    return mac;
}

Result<std::string> digestBytes(std::string_view algorithm,
                                const std::vector<std::string_view>& parts)
{
    const ErrorQueueGuard guard;
    const EVP_MD* kind = findDigest(algorithm);
    if (kind == nullptr) {
        return Error{HUB_UNSUPPORTED,
                     fmt::format("digest \"{}\" is none of this hub's", algorithm)};
    }
    const DigestContextPtr context(EVP_MD_CTX_new());
    bool good = context && EVP_DigestInit_ex(context.get(), kind, nullptr) == 1;
    for (const std::string_view part : parts) {
        good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    }
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    if (!good || EVP_DigestFinal_ex(context.get(), bytesOf(digest), &size) != 1) {
        // A system whose policy forbids MD5 ends here.
        return Error{HUB_UNSUPPORTED,
                     fmt::format("digest \"{}\" is switched off on this system", algorithm)};
    }
    digest.resize(size);
    return digest;
}

} // namespace hub::security
