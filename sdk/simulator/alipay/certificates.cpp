#include "alipay/certificates.hpp"

#include "core/crypto.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace hub::simulator::alipay {

namespace {

namespace fs = std::filesystem;

template <auto Free>
struct Deleter {
    template <typename Object>
    void operator()(Object* object) const noexcept
    {
        Free(object);
    }
};
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

constexpr long kDaySeconds = 24L * 3600;
constexpr long kDays = 3650;
constexpr std::size_t kSerialBytes = 16;

void require(bool done, std::string_view what)
{
    if (!done) {
        throw std::runtime_error(openSslFailure(what));
    }
}

std::string textOf(BIO& memory)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(&memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

/// Written beside the target and renamed, so that a file exists only when it is complete.
void write(const fs::path& path, const std::string& text)
{
    fs::create_directories(path.parent_path());
    const fs::path fresh = path.string() + ".new";
    std::ofstream file(fresh, std::ios::binary);
    fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write);
    file << text;
    file.close();
    if (!file) {
        throw std::runtime_error(fresh.string() + ": can't be written");
    }
    fs::rename(fresh, path);
}

std::string toPem(X509& certificate)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(memory.get(), &certificate) == 1, "a certificate can't be written");
    return textOf(*memory);
}

void addPart(X509_NAME& name, const char* type, const std::string& value)
{
    require(X509_NAME_add_entry_by_txt(&name,
                                       type,
                                       MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(value.c_str()),
                                       -1,
                                       -1,
                                       0) == 1,
            "a name can't be written");
}

/// Not signed yet; its own issuer until somebody else is named.
Certificate makeCertificate(EVP_PKEY& key, const std::string& name)
{
    Certificate certificate(X509_new());
    std::string serial = randomBytes(kSerialBytes);
    serial[0] = static_cast<char>(serial[0] & 0x7F);
    const Number number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), kSerialBytes, nullptr));
    require(certificate && number &&
                BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) !=
                    nullptr &&
                X509_set_version(certificate.get(), 2) == 1 &&
                X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDaySeconds) != nullptr &&
                X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDays * kDaySeconds) !=
                    nullptr &&
                X509_set_pubkey(certificate.get(), &key) == 1,
            "a certificate can't be filled in");
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    addPart(*subject, "C", "CN");
    addPart(*subject, "O", "ExpoHub simulated Alipay");
    addPart(*subject, "OU", "Certification Authority");
    addPart(*subject, "CN", name);
    X509_set_issuer_name(certificate.get(), subject);
    return certificate;
}

std::string makeRoot(EVP_PKEY& key, const std::string& name, const EVP_MD* digest)
{
    const Certificate root = makeCertificate(key, name);
    X509V3_CTX context{};
    X509V3_set_ctx(&context, root.get(), root.get(), nullptr, nullptr, 0);
    const Extension authority(
        X509V3_EXT_conf_nid(nullptr, &context, NID_basic_constraints, "critical,CA:TRUE"));
    require(authority && X509_add_ext(root.get(), authority.get(), -1) == 1,
            "a root can't be made an authority");
    require(X509_sign(root.get(), &key, digest) > 0, "a root can't be signed");
    return toPem(*root);
}

std::vector<Certificate> readCertificates(const fs::path& path)
{
    const Bio file(BIO_new_file(path.c_str(), "rb"));
    std::vector<Certificate> certificates;
    while (file) {
        Certificate one(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
        if (!one) {
            break;
        }
        certificates.push_back(std::move(one));
    }
    ERR_clear_error();
    if (certificates.empty()) {
        throw std::runtime_error(path.string() +
                                 ": holds no certificate in PEM form; run \"expohub-simulator "
                                 "prepare\" on its folder");
    }
    return certificates;
}

std::string numberOf(const X509& certificate)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    require(X509_NAME_print_ex(memory.get(),
                               X509_get_issuer_name(&certificate),
                               0,
                               XN_FLAG_RFC2253 &
                                   ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) >= 0,
            "an issuer can't be printed");
    const Number serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
    const std::unique_ptr<char, Deleter<[](char* text) {
                              OPENSSL_free(text);
                          }>>
        decimal(BN_bn2dec(serial.get()));
    require(decimal != nullptr, "a serial number can't be printed");
    const std::string text = textOf(*memory) + decimal.get();
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    require(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr) == 1,
            "MD5 is switched off on this system");
    std::string number;
    for (unsigned int i = 0; i < size; ++i) {
        number += fmt::format("{:02x}", digest[i]);
    }
    return number;
}

bool isRsaSigned(const X509& certificate)
{
    constexpr std::string_view kFamily = "1.2.840.113549.1.1.";
    const X509_ALGOR* algorithm = nullptr;
    X509_get0_signature(nullptr, &algorithm, &certificate);
    std::array<char, 80> text{};
    const int size =
        OBJ_obj2txt(text.data(), static_cast<int>(text.size()), algorithm->algorithm, 1);
    return size > 0 && std::string_view(text.data()).starts_with(kFamily);
}

} // namespace

void ensureRoots(const fs::path& roots, const fs::path& roots_key)
{
    if (fs::exists(roots) && fs::exists(roots_key)) {
        return;
    }
    const Key issuing(EVP_RSA_gen(2048));
    const Key curve(EVP_EC_gen("P-384"));
    const Key other(EVP_RSA_gen(2048));
    require(issuing && curve && other, "no key was generated");
    const Bio memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PrivateKey(
                memory.get(), issuing.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "a private key can't be written as PEM");
    write(roots_key, textOf(*memory));
    write(roots,
          makeRoot(*issuing, "Simulated Root R1", EVP_sha256()) +
              makeRoot(*curve, "Simulated Root E1", EVP_sha384()) +
              makeRoot(*other, "Simulated Root R2", EVP_sha256()));
}

void ensureCertificate(const fs::path& certificate,
                       const fs::path& private_key,
                       const fs::path& roots,
                       const fs::path& roots_key,
                       const std::string& name)
{
    const Key key = readPrivateKey(private_key);
    const Key root_key = readPrivateKey(roots_key);
    if (fs::exists(certificate)) {
        const auto known = readCertificates(certificate);
        if (X509_check_private_key(known.front().get(), key.get()) == 1 &&
            X509_verify(known.front().get(), root_key.get()) == 1) {
            return;
        }
        ERR_clear_error();
    }
    const Certificate fresh = makeCertificate(*key, name);
    X509_set_issuer_name(fresh.get(), X509_get_subject_name(readCertificates(roots).front().get()));
    require(X509_sign(fresh.get(), root_key.get(), EVP_sha256()) > 0,
            "a certificate can't be signed");
    write(certificate, toPem(*fresh));
}

std::string certificateNumber(const fs::path& certificate)
{
    return numberOf(*readCertificates(certificate).front());
}

std::string rootNumber(const fs::path& roots)
{
    std::string number;
    for (const Certificate& root : readCertificates(roots)) {
        if (isRsaSigned(*root)) {
            number += (number.empty() ? "" : "_") + numberOf(*root);
        }
    }
    return number;
}

} // namespace hub::simulator::alipay
