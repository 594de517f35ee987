#include "unionpay/certificates.hpp"

#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace hub::simulator::unionpay {

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
using Extensions = std::initializer_list<std::pair<int, const char*>>;

constexpr long kDaySeconds = 24L * 3600;
constexpr long kAuthorityDays = 3650;
constexpr long kIssuedDays = 5 * 365;
// As long as the serial numbers that CFCA gives, which are read as eleven decimal digits.
constexpr std::size_t kSerialBytes = 5;

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

Key ensureKey(const fs::path& path)
{
    if (!fs::exists(path)) {
        const Key key(EVP_RSA_gen(2048));
        const Bio memory(BIO_new(BIO_s_mem()));
        require(key && memory &&
                    PEM_write_bio_PrivateKey(
                        memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
                "no RSA key was made");
        write(path, textOf(*memory));
    }
    return readPrivateKey(path);
}

std::string toPem(X509& certificate)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(memory.get(), &certificate) == 1, "a certificate can't be written");
    return textOf(*memory);
}

Certificate readCertificate(const fs::path& path)
{
    const Bio file(BIO_new_file(path.c_str(), "rb"));
    Certificate certificate(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)
                                 : nullptr);
    if (!certificate) {
        throw std::runtime_error(path.string() +
                                 ": holds no certificate in PEM form; run \"expohub-simulator "
                                 "prepare\" on its folder");
    }
    return certificate;
}

void addName(X509_NAME& name, const char* type, const std::string& value)
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
Certificate makeCertificate(EVP_PKEY& key, const std::string& common_name, long days)
{
    Certificate certificate(X509_new());
    std::string serial = randomBytes(kSerialBytes);
    serial[0] = 0x10;
    const Number number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), kSerialBytes, nullptr));
    require(
        certificate && number &&
            BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
            X509_set_version(certificate.get(), 2) == 1 &&
            X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDaySeconds) != nullptr &&
            X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDaySeconds) != nullptr &&
            X509_set_pubkey(certificate.get(), &key) == 1,
        "a certificate can't be filled in");
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    addName(*subject, "C", "CN");
    addName(*subject, "O", "ExpoHub simulated UnionPay");
    addName(*subject, "CN", common_name);
    X509_set_issuer_name(certificate.get(), subject);
    return certificate;
}

std::string
signedPem(X509& certificate, X509& issuer, EVP_PKEY& issuer_key, const Extensions& extensions)
{
    X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer));
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    for (const auto& [kind, value] : extensions) {
        const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
        require(extension && X509_add_ext(&certificate, extension.get(), -1) == 1,
                "a certificate extension can't be added");
    }
    require(X509_sign(&certificate, &issuer_key, EVP_sha256()) > 0,
            "a certificate can't be signed");
    return toPem(certificate);
}

} // namespace

void ensureAuthority(const fs::path& folder)
{
    const Key root_key = ensureKey(folder / "root.key");
    if (!fs::exists(folder / "root.pem")) {
        const Certificate root = makeCertificate(*root_key, "Simulated CS CA", kAuthorityDays);
        write(folder / "root.pem",
              signedPem(*root,
                        *root,
                        *root_key,
                        {{NID_basic_constraints, "critical,CA:TRUE"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"},
                         {NID_subject_key_identifier, "hash"}}));
    }
    const Key middle_key = ensureKey(folder / "middle.key");
    if (!fs::exists(folder / "middle.pem")) {
        const Certificate root = readCertificate(folder / "root.pem");
        const Certificate middle = makeCertificate(*middle_key, "Simulated OCA1", kAuthorityDays);
        write(folder / "middle.pem",
              signedPem(*middle,
                        *root,
                        *root_key,
                        {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"},
                         {NID_subject_key_identifier, "hash"},
                         {NID_authority_key_identifier, "keyid"}}));
    }
}

void ensureIssued(const fs::path& authority_folder,
                  const fs::path& private_file,
                  const fs::path& certificate_file,
                  const std::string& common_name)
{
    if (fs::exists(certificate_file)) {
        return;
    }
    const Key key = ensureKey(private_file);
    const Key issuer_key = readPrivateKey(authority_folder / "middle.key");
    const Certificate issuer = readCertificate(authority_folder / "middle.pem");
    const Certificate fresh = makeCertificate(*key, common_name, kIssuedDays);
    write(certificate_file,
          signedPem(*fresh,
                    *issuer,
                    *issuer_key,
                    {{NID_basic_constraints, "critical,CA:FALSE"},
                     {NID_key_usage, "critical,digitalSignature,nonRepudiation"},
                     {NID_subject_key_identifier, "hash"},
                     {NID_authority_key_identifier, "keyid"}}));
}

Identity readIdentity(const fs::path& certificate_file)
{
    const Certificate certificate = readCertificate(certificate_file);
    const Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr));
    char* decimal = number ? BN_bn2dec(number.get()) : nullptr;
    require(decimal != nullptr, "a serial number can't be printed");
    Identity identity{.number = decimal,
                      .pem = {},
                      .public_key = {X509_get_pubkey(certificate.get()), KeyDeleter{}}};
    OPENSSL_free(decimal);
    for (const char c : toPem(*certificate)) {
        identity.pem += c == '\n' ? "\r\n" : std::string(1, c);
    }
    identity.pem.resize(identity.pem.size() - 2);
    return identity;
}

} // namespace hub::simulator::unionpay
