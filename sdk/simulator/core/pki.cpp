#include "core/pki.hpp"

#include "core/crypto.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace hub::simulator {

namespace {

namespace fs = std::filesystem;

struct CertificateDeleter {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, CertificateDeleter>;
struct BioDeleter {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioDeleter>;

constexpr long kCaDays = 3650;
constexpr long kServerDays = 800;
constexpr long kSelfSignedDays = 5 * 365;
constexpr int kSerialBytes = 20;
constexpr long kDaySeconds = 24L * 3600;

void require(bool done, std::string_view what)
{
    if (!done) {
        throw std::runtime_error(openSslFailure(what));
    }
}

/// Written beside the target and renamed, so that a file exists only when it is complete.
void writeFile(const fs::path& path, BIO& content, mode_t mode)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(&content, &data);
    const fs::path fresh = path.string() + ".new";
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    const bool written = file >= 0 && ::write(file, data, static_cast<std::size_t>(size)) == size &&
                         ::fsync(file) == 0;
    if (file >= 0) {
        ::close(file);
    }
    if (!written) {
        throw std::runtime_error(fmt::format(
            "{}: can't be written; check the folder's rights and free space", path.string()));
    }
    fs::rename(fresh, path);
}

void writePrivate(const fs::path& path, EVP_PKEY& key)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PrivateKey(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) ==
                1,
            "a private key can't be written as PEM");
    writeFile(path, *memory, 0600);
}

void writePublic(const fs::path& path, EVP_PKEY& key)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PUBKEY(memory.get(), &key) == 1, "a public key can't be written as PEM");
    writeFile(path, *memory, 0644);
}

Key ensurePrivateKey(const fs::path& path)
{
    if (!fs::exists(path)) {
        const Key key(EVP_RSA_gen(2048));
        require(key != nullptr, "no RSA key was generated");
        writePrivate(path, *key);
    }
    return readPrivateKey(path);
}

void addExtension(X509& certificate, X509& issuer, int kind, const char* value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    const bool added = extension != nullptr && X509_add_ext(&certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    require(added, "a certificate extension can't be added");
}

Certificate makeCertificate(EVP_PKEY& key, const char* name, long days)
{
    Certificate certificate(X509_new());
    require(certificate != nullptr, "no certificate can be made");
    // As long as a serial number may be, positive, and of the same length every time.
    std::string serial = randomBytes(kSerialBytes);
    serial[0] = static_cast<char>((serial[0] & 0x3F) | 0x40);
    BIGNUM* number =
        BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), kSerialBytes, nullptr);
    const bool numbered =
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get())) != nullptr;
    BN_free(number);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    require(numbered && X509_set_version(certificate.get(), 2) == 1 &&
                X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDaySeconds) != nullptr &&
                X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDaySeconds) !=
                    nullptr &&
                X509_set_pubkey(certificate.get(), &key) == 1 &&
                X509_NAME_add_entry_by_txt(subject,
                                           "CN",
                                           MBSTRING_UTF8,
                                           reinterpret_cast<const unsigned char*>(name),
                                           -1,
                                           -1,
                                           0) == 1,
            "a certificate can't be filled in");
    return certificate;
}

void signAndWrite(const fs::path& path, X509& certificate, EVP_PKEY& issuer_key)
{
    require(X509_sign(&certificate, &issuer_key, EVP_sha256()) > 0,
            "a certificate can't be signed");
    const Bio memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(memory.get(), &certificate) == 1,
            "a certificate can't be written as PEM");
    writeFile(path, *memory, 0644);
}

Certificate openCertificate(const fs::path& path)
{
    const Bio file(BIO_new_file(path.c_str(), "rb"));
    return Certificate(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
}

/// A certificate that is readable, lives on for a day and was issued by the holder of `issuer`.
bool isUsable(const fs::path& path, EVP_PKEY& key, EVP_PKEY& issuer)
{
    const Certificate certificate = openCertificate(path);
    std::time_t tomorrow = std::time(nullptr) + kDaySeconds;
    return certificate && X509_cmp_time(X509_get0_notAfter(certificate.get()), &tomorrow) > 0 &&
           X509_check_private_key(certificate.get(), &key) == 1 &&
           X509_verify(certificate.get(), &issuer) == 1;
}

} // namespace

void ensureKeyPair(const fs::path& private_file, const fs::path& public_file)
{
    const Key key = ensurePrivateKey(private_file);
    if (!fs::exists(public_file)) {
        writePublic(public_file, *key);
    }
}

void ensureCertificates(const fs::path& folder)
{
    const Key ca_key = ensurePrivateKey(folder / "ca.key");
    if (!isUsable(folder / "ca.pem", *ca_key, *ca_key)) {
        const Certificate ca = makeCertificate(*ca_key, "ExpoHub simulated providers CA", kCaDays);
        X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
        addExtension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
        addExtension(*ca, *ca, NID_key_usage, "critical,keyCertSign,cRLSign");
        addExtension(*ca, *ca, NID_subject_key_identifier, "hash");
        signAndWrite(folder / "ca.pem", *ca, *ca_key);
    }
    const Key server_key = ensurePrivateKey(folder / "server.key");
    if (!isUsable(folder / "server.pem", *server_key, *ca_key)) {
        const Certificate ca = openCertificate(folder / "ca.pem");
        require(ca != nullptr, "ca.pem can't be read");
        const Certificate server = makeCertificate(*server_key, "localhost", kServerDays);
        X509_set_issuer_name(server.get(), X509_get_subject_name(ca.get()));
        addExtension(*server, *ca, NID_basic_constraints, "critical,CA:FALSE");
        addExtension(*server, *ca, NID_key_usage, "critical,digitalSignature,keyEncipherment");
        addExtension(*server, *ca, NID_ext_key_usage, "serverAuth");
        addExtension(*server, *ca, NID_subject_key_identifier, "hash");
        addExtension(*server, *ca, NID_authority_key_identifier, "keyid");
        addExtension(*server, *ca, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
        signAndWrite(folder / "server.pem", *server, *ca_key);
    }
}

void ensureSelfSigned(const fs::path& private_file,
                      const fs::path& certificate_file,
                      const std::string& name)
{
    const Key key = ensurePrivateKey(private_file);
    if (!isUsable(certificate_file, *key, *key)) {
        const Certificate fresh = makeCertificate(*key, name.c_str(), kSelfSignedDays);
        X509_set_issuer_name(fresh.get(), X509_get_subject_name(fresh.get()));
        signAndWrite(certificate_file, *fresh, *key);
    }
}

CertificateFacts readCertificate(const fs::path& certificate_file)
{
    const Certificate certificate = openCertificate(certificate_file);
    if (!certificate) {
        throw std::runtime_error(certificate_file.string() +
                                 ": holds no certificate in PEM form; run \"expohub-simulator "
                                 "prepare\" on its folder");
    }
    const auto toMs = [](const ASN1_TIME* time) {
        std::tm fields{};
        require(ASN1_TIME_to_tm(time, &fields) == 1, "a certificate's time can't be read");
        return static_cast<std::int64_t>(timegm(&fields)) * 1000;
    };
    BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr);
    char* hex = BN_bn2hex(number);
    CertificateFacts facts{.serial = hex,
                           .public_key = {X509_get_pubkey(certificate.get()), KeyDeleter{}},
                           .from_ms = toMs(X509_get0_notBefore(certificate.get())),
                           .until_ms = toMs(X509_get0_notAfter(certificate.get()))};
    OPENSSL_free(hex);
    BN_free(number);
    return facts;
}

} // namespace hub::simulator
