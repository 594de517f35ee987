// A certification authority of our own, made when a test starts: root, middle, and leaves that sign
// messages as UnionPay does. It uses OpenSSL alone and none of the code under test but the text
// that is signed, which the vectors check.
#pragma once

#include "unionpay_acp/fields.hpp"
#include "unionpay_acp/signing.hpp"
#include "unionpay_acp/text.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace unionpay_test {

inline constexpr const char* kOwnerName = "041@8310000000083040@中国银联股份有限公司@00016495";
inline constexpr const char* kSandboxName = "041@Z12@00040000:SIGN@00000062";
inline constexpr std::int64_t kNowS = 1795228800; // 2026-11-21 10:40 in Beijing
inline constexpr std::int64_t kYearS = 365LL * 24 * 3600;

/// A key and its certificate.
class Party {
public:
    struct Wish {
        std::string name;
        long serial = 1;
        std::int64_t from_s = kNowS - kYearS;
        std::int64_t to_s = kNowS + kYearS;
        bool is_authority = false;
        const EVP_MD* hash = EVP_sha256();
    };

    /// Signed by `issuer`, or by itself.
    explicit Party(const Wish& wish, const Party* issuer = nullptr)
        : key_(EVP_RSA_gen(2048), EVP_PKEY_free)
        , certificate_(X509_new(), X509_free)
    {
        X509* x509 = certificate_.get();
        X509_set_version(x509, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), wish.serial);
        ASN1_TIME_set(X509_getm_notBefore(x509), wish.from_s);
        ASN1_TIME_set(X509_getm_notAfter(x509), wish.to_s);
        X509_set_pubkey(x509, key_.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x509),
                                   "CN",
                                   MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(wish.name.c_str()),
                                   -1,
                                   -1,
                                   0);
        const X509* signer = issuer == nullptr ? x509 : issuer->certificate_.get();
        X509_set_issuer_name(x509, X509_get_subject_name(signer));
        if (wish.is_authority) {
            X509_EXTENSION* extension =
                X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
            X509_add_ext(x509, extension, -1);
            X509_EXTENSION_free(extension);
        }
        if (X509_sign(x509, (issuer == nullptr ? *this : *issuer).key_.get(), wish.hash) == 0) {
            throw std::runtime_error("a certificate could not be made");
        }
    }

    std::string certificatePem() const
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new(BIO_s_mem()), BIO_free};
        PEM_write_bio_X509(bio.get(), certificate_.get());
        return textOf(bio.get());
    }

    std::string keyPem() const
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new(BIO_s_mem()), BIO_free};
        PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        return textOf(bio.get());
    }

    /// Base64 of RSA with SHA-256 over the text.
    std::string sign(const std::string& text) const
    {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> md{EVP_MD_CTX_new(),
                                                                         EVP_MD_CTX_free};
        std::size_t size = 512;
        std::string signature(size, '\0');
        const bool is_signed =
            EVP_DigestSignInit(md.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
            EVP_DigestSign(md.get(),
                           reinterpret_cast<unsigned char*>(signature.data()),
                           &size,
                           reinterpret_cast<const unsigned char*>(text.data()),
                           text.size()) == 1;
        if (!is_signed) {
            throw std::runtime_error("a message could not be signed");
        }
        signature.resize(size);
        return unionpay::toBase64(signature);
    }

private:
    static std::string textOf(BIO* bio)
    {
        char* data = nullptr;
        const long size = BIO_get_mem_data(bio, &data);
        return {data, static_cast<std::size_t>(size)};
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

/// The chain that the tests believe in.
struct Authority {
    Party root{{"Test Root", 1, kNowS - kYearS, kNowS + kYearS, true}};
    Party middle{{"Test Middle", 2, kNowS - kYearS, kNowS + kYearS, true}, &root};
    Party leaf{{kOwnerName, 69678957}, &middle};

    /// One for all tests of a process: keys take long to make.
    static const Authority& shared()
    {
        static const Authority kAuthority;
        return kAuthority;
    }
};

/// What a server of UnionPay adds: its certificate, with the ends of line that it uses, and the
/// signature.
inline unionpay::Fields signedBy(const Party& party, unionpay::Fields fields)
{
    std::string pem = party.certificatePem();
    for (auto at = pem.find('\n'); at != std::string::npos; at = pem.find('\n', at + 2)) {
        pem.replace(at, 1, "\r\n");
    }
    fields.emplace_back("signPubKeyCert", pem);
    fields.emplace_back("signature", party.sign(unionpay::rsaSignText(fields)));
    return fields;
}

/// A synchronous answer as it travels.
inline std::string toRaw(const unionpay::Fields& fields)
{
    std::string raw;
    for (const auto& [name, value] : fields) {
        raw += (raw.empty() ? "" : "&") + name + "=" + value;
    }
    return raw;
}

} // namespace unionpay_test
