#include "core/x509.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <stdexcept>

namespace hub::simulator {

namespace {

namespace fs = std::filesystem;

using Extension = std::unique_ptr<X509_EXTENSION, OpenSslDeleter<X509_EXTENSION_free>>;

constexpr long kDaySeconds = 24L * 3600;

void addPart(X509_NAME& name, const char* type, const std::string& value)
{
    requireOpenSsl(X509_NAME_add_entry_by_txt(&name,
                                              type,
                                              MBSTRING_UTF8,
                                              reinterpret_cast<const unsigned char*>(value.c_str()),
                                              -1,
                                              -1,
                                              0) == 1,
                   "a name can't be written");
}

} // namespace

void requireOpenSsl(bool done, std::string_view what)
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

std::string toPem(const X509& certificate)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    requireOpenSsl(PEM_write_bio_X509(memory.get(), &certificate) == 1,
                   "a certificate can't be written as PEM");
    return textOf(*memory);
}

std::string toPem(const EVP_PKEY& private_key)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    requireOpenSsl(PEM_write_bio_PrivateKey(
                       memory.get(), &private_key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
                   "a private key can't be written as PEM");
    return textOf(*memory);
}

void writeWhole(const fs::path& path, std::string_view text)
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

Certificate
makeCertificate(EVP_PKEY& key, std::string_view serial, const NameParts& subject, long days)
{
    Certificate certificate(X509_new());
    const Number number(BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()),
                                  static_cast<int>(serial.size()),
                                  nullptr));
    requireOpenSsl(
        certificate && number &&
            BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
            X509_set_version(certificate.get(), 2) == 1 &&
            X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDaySeconds) != nullptr &&
            X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDaySeconds) != nullptr &&
            X509_set_pubkey(certificate.get(), &key) == 1,
        "a certificate can't be filled in");
    X509_NAME* name = X509_get_subject_name(certificate.get());
    for (const auto& [type, value] : subject) {
        addPart(*name, type, value);
    }
    X509_set_issuer_name(certificate.get(), name);
    return certificate;
}

std::string signedPem(X509& certificate,
                      X509& issuer,
                      EVP_PKEY& issuer_key,
                      const Extensions& extensions,
                      const EVP_MD* digest)
{
    X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer));
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    for (const auto& [kind, value] : extensions) {
        const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
        requireOpenSsl(extension && X509_add_ext(&certificate, extension.get(), -1) == 1,
                       "a certificate extension can't be added");
    }
    requireOpenSsl(X509_sign(&certificate, &issuer_key, digest) > 0,
                   "a certificate can't be signed");
    return toPem(certificate);
}

std::string decimalSerial(const X509& certificate)
{
    const Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
    const std::unique_ptr<char, OpenSslDeleter<[](char* text) {
                              OPENSSL_free(text);
                          }>>
        decimal(number ? BN_bn2dec(number.get()) : nullptr);
    requireOpenSsl(decimal != nullptr, "a serial number can't be printed");
    return decimal.get();
}

} // namespace hub::simulator
