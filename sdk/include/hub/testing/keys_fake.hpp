// KeysFake: hub.keys/1 with real cryptography over keys that a test puts in. It knows
// "rsa_sha256", "hmac_sha256", "sha256" and "md5"; other algorithms are HUB_UNSUPPORTED, as on a
// hub that lacks them. Keys go in before the library starts; then it is thread-safe.
#pragma once

#include <hub/host.hpp>
#include <hub/result.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <map>
#include <memory>
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

    /// The bytes of a shared secret, for HMAC and digests.
    void addSecret(const std::string& name, std::string bytes)
    {
        secrets_[name] = std::move(bytes);
    }

    Result<std::string>
    sign(std::string_view name, std::string_view algorithm, std::string_view data) const
    {
        const auto key = keys_.find(name);
        if (key == keys_.end()) {
            return Error{HUB_NOT_FOUND, "no such key"};
        }
        if (algorithm != "rsa_sha256") {
            return Error{HUB_UNSUPPORTED, "no such algorithm"};
        }
        const MdPointer md{EVP_MD_CTX_new()};
        std::size_t size = 0;
        if (EVP_DigestSignInit(md.get(), nullptr, EVP_sha256(), nullptr, key->second.get()) != 1 ||
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
        const auto key = keys_.find(name);
        if (key == keys_.end()) {
            return HUB_NOT_FOUND;
        }
        if (algorithm != "rsa_sha256") {
            return HUB_UNSUPPORTED;
        }
        const MdPointer md{EVP_MD_CTX_new()};
        const bool is_genuine =
            EVP_DigestVerifyInit(md.get(), nullptr, EVP_sha256(), nullptr, key->second.get()) ==
                1 &&
            EVP_DigestVerify(
                md.get(), bytesOf(signature), signature.size(), bytesOf(data), data.size()) == 1;
        ERR_clear_error();
        return is_genuine ? HUB_OK : HUB_REJECTED;
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

    Result<std::string> publicPart(std::string_view name) const
    {
        const auto key = keys_.find(name);
        if (key == keys_.end()) {
            return Error{HUB_NOT_FOUND, "no such key"};
        }
        const BioPointer bio{BIO_new(BIO_s_mem())};
        char* data = nullptr;
        if (PEM_write_bio_PUBKEY(bio.get(), key->second.get()) != 1) {
            return Error{HUB_BAD_REQUEST, "the key has no public part"};
        }
        const long size = BIO_get_mem_data(bio.get(), &data);
        return std::string(data, static_cast<std::size_t>(size));
    }

private:
    struct Free {
        void operator()(BIO* bio) const noexcept { BIO_free(bio); }
        void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
        void operator()(EVP_MD_CTX* md) const noexcept { EVP_MD_CTX_free(md); }
    };
    using BioPointer = std::unique_ptr<BIO, Free>;
    using KeyPointer = std::unique_ptr<EVP_PKEY, Free>;
    using MdPointer = std::unique_ptr<EVP_MD_CTX, Free>;

    static const unsigned char* bytesOf(std::string_view text) noexcept
    {
        return reinterpret_cast<const unsigned char*>(text.data());
    }

    static BioPointer readOnly(std::string_view pem)
    {
        return BioPointer{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    }

    void keep(const std::string& name, KeyPointer key)
    {
        if (key == nullptr) {
            ERR_clear_error();
            throw std::invalid_argument("key " + name + " is no PEM of the expected kind");
        }
        keys_[name] = std::move(key);
    }

    std::map<std::string, KeyPointer, std::less<>> keys_;
    std::map<std::string, std::string, std::less<>> secrets_;
};

} // namespace hub::testing
