#include "certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace wechat {

namespace {

struct Free {
    void operator()(BIO* value) const noexcept { BIO_free(value); }
    void operator()(X509* value) const noexcept { X509_free(value); }
    void operator()(BIGNUM* value) const noexcept { BN_free(value); }
    void operator()(EVP_PKEY* value) const noexcept { EVP_PKEY_free(value); }
    void operator()(EVP_MD_CTX* value) const noexcept { EVP_MD_CTX_free(value); }
    void operator()(char* value) const noexcept { OPENSSL_free(value); }
};

template <typename T>
using Owner = std::unique_ptr<T, Free>;

constexpr std::size_t kPemBytesMax = 64UL * 1024;

const unsigned char* bytesOf(std::string_view text) noexcept
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

Owner<X509> parse(std::string_view pem) noexcept
{
    const Owner<BIO> bio{pem.size() > kPemBytesMax
                             ? nullptr
                             : BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    Owner<X509> certificate{
        bio == nullptr ? nullptr : PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    ERR_clear_error();
    return certificate;
}

Owner<EVP_PKEY> parseKey(std::string_view pem) noexcept
{
    if (const auto certificate = parse(pem)) {
        return Owner<EVP_PKEY>{X509_get_pubkey(certificate.get())};
    }
    const Owner<BIO> bio{pem.size() > kPemBytesMax
                             ? nullptr
                             : BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    Owner<EVP_PKEY> key{bio == nullptr ? nullptr
                                       : PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)};
    ERR_clear_error();
    return key;
}

bool readTime(const ASN1_TIME* time, std::int64_t& unix_ms)
{
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) {
        return false;
    }
    unix_ms = std::int64_t{timegm(&parts)} * 1000;
    return true;
}

} // namespace

hub::Result<Certificate> readCertificate(std::string_view pem)
{
    const auto parsed = parse(pem);
    if (parsed == nullptr) {
        return hub::Error{HUB_BAD_REQUEST, "the text holds no certificate in PEM"};
    }
    Certificate certificate;
    const Owner<BIGNUM> serial{ASN1_INTEGER_to_BN(X509_get0_serialNumber(parsed.get()), nullptr)};
    const Owner<char> hex{serial == nullptr ? nullptr : BN_bn2hex(serial.get())};
    if (hex == nullptr || !readTime(X509_get0_notBefore(parsed.get()), certificate.valid_from_ms) ||
        !readTime(X509_get0_notAfter(parsed.get()), certificate.valid_to_ms)) {
        ERR_clear_error();
        return hub::Error{HUB_BAD_REQUEST, "the certificate has no serial number or no validity"};
    }
    certificate.serial = hex.get();
    return certificate;
}

hub_status
verifyByPem(std::string_view pem, std::string_view text, std::string_view signature) noexcept
{
    const auto key = parseKey(pem);
    if (key == nullptr || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) {
        return HUB_BAD_REQUEST;
    }
    const Owner<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    const bool is_genuine =
        context != nullptr &&
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
        EVP_DigestVerify(
            context.get(), bytesOf(signature), signature.size(), bytesOf(text), text.size()) == 1;
    ERR_clear_error();
    return is_genuine ? HUB_OK : HUB_REJECTED;
}

std::vector<std::string> splitPem(std::string_view pems)
{
    constexpr std::string_view kBegin = "-----BEGIN ";
    std::vector<std::string> each;
    std::size_t at = pems.find(kBegin);
    while (at != std::string_view::npos) {
        const std::size_t next = pems.find(kBegin, at + kBegin.size());
        each.emplace_back(pems.substr(at, next - at));
        at = next;
    }
    return each;
}

} // namespace wechat
