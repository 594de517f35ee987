// KeysFake: hub.keys/1 with real cryptography over keys that a test puts in. It knows
// "rsa_sha256", "hmac_sha256", "sha256", "md5" and "aes_256_gcm"; other algorithms are
// HUB_UNSUPPORTED, as on a hub that lacks them. A name may be given several keys: the newest
// signs, all verify. Keys go in before the library starts, or by the library; thread-safe.
#pragma once

#include <hub/host.hpp>
#include <hub/result.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hub::testing {

class KeysFake {
public:
    /// PEM, PKCS#1 or PKCS#8. Throws std::invalid_argument.
    void addPrivateKey(const std::string& name, std::string_view pem)
    {
        const BioPointer bio = readOnly(pem);
        keep(name, KeyPointer{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)});
    }

    /// PEM, SubjectPublicKeyInfo. Throws std::invalid_argument.
    void addPublicKey(const std::string& name, std::string_view pem)
    {
        const BioPointer bio = readOnly(pem);
        keep(name, KeyPointer{PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)});
    }

    /// PEM of a certificate: verifies with its key, is its own public part.
    void addCertificate(const std::string& name, std::string_view pem)
    {
        const BioPointer bio = readOnly(pem);
        const CertificatePointer certificate{
            PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
        keep(name,
             certificate == nullptr ? nullptr : KeyPointer{X509_get_pubkey(certificate.get())},
             std::string{pem});
    }

    /// The bytes of a shared secret, for HMAC and digests.
    void addSecret(const std::string& name, std::string bytes)
    {
        secrets_[name] = std::move(bytes);
    }

    Result<std::string>
    sign(std::string_view name, std::string_view algorithm, std::string_view data) const
    {
        const std::lock_guard lock(mutex_);
        const auto key = keys_.find(name);
        if (key == keys_.end()) {
            return Error{HUB_NOT_FOUND, "no such key"};
        }
        if (algorithm != "rsa_sha256") {
            return Error{HUB_UNSUPPORTED, "no such algorithm"};
        }
        const MdPointer md{EVP_MD_CTX_new()};
        EVP_PKEY* newest = key->second.back().key.get();
        std::size_t size = 0;
        if (EVP_DigestSignInit(md.get(), nullptr, EVP_sha256(), nullptr, newest) != 1 ||
            EVP_DigestSign(md.get(), nullptr, &size, bytesOf(data), data.size()) != 1) {
            return Error{HUB_BAD_REQUEST, "the key can't sign"};
        }
        std::string signature(size, '\0');
        if (EVP_DigestSign(md.get(),
                           reinterpret_cast<unsigned char*>(signature.data()),
                           &size,
                           bytesOf(data),
                           data.size()) != 1) {
            return Error{HUB_BAD_REQUEST, "the key can't sign"};
        }
        signature.resize(size);
        return signature;
    }

    hub_status verify(std::string_view name,
                      std::string_view algorithm,
                      std::string_view data,
                      std::string_view signature) const
    {
        const std::lock_guard lock(mutex_);
        const auto key = keys_.find(name);
        if (key == keys_.end()) {
            return HUB_NOT_FOUND;
        }
        if (algorithm != "rsa_sha256") {
            return HUB_UNSUPPORTED;
        }
        for (const Version& version : key->second) {
            if (isGenuine(version.key.get(), data, signature)) {
                return HUB_OK;
            }
        }
        return HUB_REJECTED;
    }

    Result<std::string>
    hmac(std::string_view name, std::string_view algorithm, std::string_view data) const
    {
        const auto secret = secrets_.find(name);
        if (secret == secrets_.end()) {
            return Error{HUB_NOT_FOUND, "no such secret"};
        }
        if (algorithm != "hmac_sha256") {
            return Error{HUB_UNSUPPORTED, "no such algorithm"};
        }
        std::string mac(EVP_MAX_MD_SIZE, '\0');
        unsigned int size = 0;
        HMAC(EVP_sha256(),
             secret->second.data(),
             static_cast<int>(secret->second.size()),
             bytesOf(data),
             data.size(),
             reinterpret_cast<unsigned char*>(mac.data()),
             &size);
        mac.resize(size);
        return mac;
    }

    Result<std::string> digest(std::string_view algorithm,
                               const std::vector<DigestPart>& parts) const
    {
        const EVP_MD* kind = algorithm == "sha256" ? EVP_sha256()
                             : algorithm == "md5"  ? EVP_md5()
                                                   : nullptr;
        if (kind == nullptr) {
            return Error{HUB_UNSUPPORTED, "no such algorithm"};
        }
        std::string text;
        for (const DigestPart& part : parts) {
            const auto secret = secrets_.find(part.secret);
            if (!part.secret.empty() && secret == secrets_.end()) {
                return Error{HUB_NOT_FOUND, "no such secret"};
            }
            text += part.secret.empty() ? part.bytes : secret->second;
        }
        std::string out(EVP_MAX_MD_SIZE, '\0');
        unsigned int size = 0;
        EVP_Digest(text.data(),
                   text.size(),
                   reinterpret_cast<unsigned char*>(out.data()),
                   &size,
                   kind,
                   nullptr);
        out.resize(size);
        return out;
    }

    /// "aes_256_gcm" with the key that addSecret() gave; the tag is at the end of the bytes.
    Result<std::string>
    encrypt(std::string_view name, const Cipher& cipher, std::string_view plain) const
    {
        return crypt(name, cipher, plain, {}, true);
    }

    Result<std::string>
    decrypt(std::string_view name, const Cipher& cipher, std::string_view bytes) const
    {
        if (bytes.size() < kTagBytes) {
            return Error{HUB_REJECTED, "shorter than its tag"};
        }
        const std::size_t size = bytes.size() - kTagBytes;
        return crypt(name, cipher, bytes.substr(0, size), bytes.substr(size), false);
    }

    Result<std::string> publicPart(std::string_view name) const
    {
        const std::lock_guard lock(mutex_);
        const auto key = keys_.find(name);
        return key == keys_.end() ? Result<std::string>(Error{HUB_NOT_FOUND, "no such key"})
                                  : pemOf(key->second.back());
    }

    Result<std::string> publicParts(std::string_view name) const
    {
        const std::lock_guard lock(mutex_);
        const auto key = keys_.find(name);
        if (key == keys_.end()) {
            return Error{HUB_NOT_FOUND, "no such key"};
        }
        std::string pems;
        for (auto version = key->second.rbegin(); version != key->second.rend(); ++version) {
            auto pem = pemOf(*version);
            if (!pem.ok()) {
                return pem;
            }
            pems += pem.value();
        }
        return pems;
    }

    hub_status addPublic(const std::string& name, std::string_view pem)
    {
        {
            const std::lock_guard lock(mutex_);
            const auto present = keys_.find(name);
            if (present != keys_.end()) {
                for (const Version& version : present->second) {
                    if (isPem(version, pem)) {
                        return HUB_ALREADY_DONE;
                    }
                }
            }
        }
        try {
            if (pem.find("BEGIN CERTIFICATE") != std::string_view::npos) {
                addCertificate(name, pem);
            } else {
                addPublicKey(name, pem);
            }
        } catch (const std::invalid_argument&) {
            return HUB_BAD_REQUEST;
        }
        return HUB_OK;
    }

private:
    struct Free {
        void operator()(BIO* bio) const noexcept { BIO_free(bio); }
        void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
        void operator()(EVP_MD_CTX* md) const noexcept { EVP_MD_CTX_free(md); }
        void operator()(EVP_CIPHER_CTX* cipher) const noexcept { EVP_CIPHER_CTX_free(cipher); }
        void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    };
    using BioPointer = std::unique_ptr<BIO, Free>;
    using KeyPointer = std::unique_ptr<EVP_PKEY, Free>;
    using MdPointer = std::unique_ptr<EVP_MD_CTX, Free>;
    using CipherPointer = std::unique_ptr<EVP_CIPHER_CTX, Free>;
    using CertificatePointer = std::unique_ptr<X509, Free>;

    struct Version {
        KeyPointer key;
        std::string certificate; // PEM, or empty
    };

    static constexpr std::size_t kTagBytes = 16;

    static const unsigned char* bytesOf(std::string_view text) noexcept
    {
        return reinterpret_cast<const unsigned char*>(text.data());
    }

    static BioPointer readOnly(std::string_view pem)
    {
        return BioPointer{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    }

    static bool isGenuine(EVP_PKEY* key, std::string_view data, std::string_view signature) noexcept
    {
        const MdPointer md{EVP_MD_CTX_new()};
        const bool genuine =
            EVP_DigestVerifyInit(md.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
            EVP_DigestVerify(
                md.get(), bytesOf(signature), signature.size(), bytesOf(data), data.size()) == 1;
        ERR_clear_error();
        return genuine;
    }

    static bool isPem(const Version& version, std::string_view pem)
    {
        const auto own = pemOf(version);
        return own.ok() && own.value() == pem;
    }

    static Result<std::string> pemOf(const Version& version)
    {
        if (!version.certificate.empty()) {
            return version.certificate;
        }
        const BioPointer bio{BIO_new(BIO_s_mem())};
        char* data = nullptr;
        if (PEM_write_bio_PUBKEY(bio.get(), version.key.get()) != 1) {
            return Error{HUB_BAD_REQUEST, "the key has no public part"};
        }
        const long size = BIO_get_mem_data(bio.get(), &data);
        return std::string(data, static_cast<std::size_t>(size));
    }

    Result<std::string> crypt(std::string_view name,
                              const Cipher& cipher,
                              std::string_view bytes,
                              std::string_view tag,
                              bool encrypts) const
    {
        const auto secret = secrets_.find(name);
        if (secret == secrets_.end()) {
            return Error{HUB_NOT_FOUND, "no such secret"};
        }
        if (cipher.algorithm != "aes_256_gcm") {
            return Error{HUB_UNSUPPORTED, "no such algorithm"};
        }
        if (secret->second.size() != 32 || cipher.nonce.size() != 12) {
            return Error{HUB_BAD_REQUEST, "a key has 32 bytes, a nonce 12"};
        }
        const CipherPointer context{EVP_CIPHER_CTX_new()};
        std::string out(bytes.size() + kTagBytes, '\0');
        std::string end(tag);
        end.resize(kTagBytes);
        int size = 0;
        auto* const to = reinterpret_cast<unsigned char*>(out.data());
        EVP_CipherInit_ex(context.get(),
                          EVP_aes_256_gcm(),
                          nullptr,
                          bytesOf(secret->second),
                          bytesOf(cipher.nonce),
                          encrypts ? 1 : 0);
        if (!encrypts) {
            EVP_CIPHER_CTX_ctrl(
                context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), end.data());
        }
        EVP_CipherUpdate(context.get(),
                         nullptr,
                         &size,
                         bytesOf(cipher.associated_data),
                         static_cast<int>(cipher.associated_data.size()));
        EVP_CipherUpdate(context.get(), to, &size, bytesOf(bytes), static_cast<int>(bytes.size()));
        int last = 0;
        const bool whole = EVP_CipherFinal_ex(context.get(), to + size, &last) == 1;
        ERR_clear_error();
        if (!whole) {
            return Error{HUB_REJECTED, "the tag is wrong"};
        }
        out.resize(bytes.size());
        if (encrypts) {
            EVP_CIPHER_CTX_ctrl(
                context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes), end.data());
            out += end;
        }
        return out;
    }

    void keep(const std::string& name, KeyPointer key, std::string certificate = {})
    {
        if (key == nullptr) {
            ERR_clear_error();
            throw std::invalid_argument("key " + name + " is no PEM of the expected kind");
        }
        const std::lock_guard lock(mutex_);
        keys_[name].push_back({std::move(key), std::move(certificate)});
    }

    mutable std::mutex mutex_; // of keys_
    std::map<std::string, std::vector<Version>, std::less<>> keys_;
    std::map<std::string, std::string, std::less<>> secrets_;
};

} // namespace hub::testing
