#include "core/pki.hpp"

#include "core/crypto.hpp"
#include "core/x509.hpp"

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

constexpr long kCaDays = 3650;
constexpr long kServerDays = 800;
constexpr long kSelfSignedDays = 5 * 365;
constexpr int kSerialBytes = 20;
constexpr long kDaySeconds = 24L * 3600;

/// Written beside the target and renamed, so that a file exists only when it is complete.
void writeFile(const fs::path& path, const std::string& text, mode_t mode)
{
    const auto size = static_cast<ssize_t>(text.size());
    const fs::path fresh = path.string() + ".new";
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    const bool written =
        file >= 0 && ::write(file, text.data(), text.size()) == size && ::fsync(file) == 0;
    if (file >= 0) {
        ::close(file);
    }
    if (!written) {
        throw std::runtime_error(fmt::format(
            "{}: can't be written; check the folder's rights and free space", path.string()));
    }
    fs::rename(fresh, path);
}

void writePublic(const fs::path& path, EVP_PKEY& key)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    requireOpenSsl(PEM_write_bio_PUBKEY(memory.get(), &key) == 1,
                   "a public key can't be written as PEM");
    writeFile(path, textOf(*memory), 0644);
}

Key ensurePrivateKey(const fs::path& path)
{
    if (!fs::exists(path)) {
        const Key key(EVP_RSA_gen(2048));
        requireOpenSsl(key != nullptr, "no RSA key was generated");
        writeFile(path, toPem(*key), 0600);
    }
    return readPrivateKey(path);
}

Certificate makeUnsigned(EVP_PKEY& key, const char* name, long days)
{
    // As long as a serial number may be, positive, and of the same length every time.
    std::string serial = randomBytes(kSerialBytes);
    serial[0] = static_cast<char>((serial[0] & 0x3F) | 0x40);
    return makeCertificate(key, serial, {{"CN", name}}, days);
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
        const Certificate ca = makeUnsigned(*ca_key, "ExpoHub simulated providers CA", kCaDays);
        writeFile(folder / "ca.pem",
                  signedPem(*ca,
                            *ca,
                            *ca_key,
                            {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                             {NID_key_usage, "critical,keyCertSign,cRLSign"},
                             {NID_subject_key_identifier, "hash"}}),
                  0644);
    }
    const Key server_key = ensurePrivateKey(folder / "server.key");
    if (!isUsable(folder / "server.pem", *server_key, *ca_key)) {
        const Certificate ca = openCertificate(folder / "ca.pem");
        requireOpenSsl(ca != nullptr, "ca.pem can't be read");
        const Certificate server = makeUnsigned(*server_key, "localhost", kServerDays);
        writeFile(folder / "server.pem",
                  signedPem(*server,
                            *ca,
                            *ca_key,
                            {{NID_basic_constraints, "critical,CA:FALSE"},
                             {NID_key_usage, "critical,digitalSignature,keyEncipherment"},
                             {NID_ext_key_usage, "serverAuth"},
                             {NID_subject_key_identifier, "hash"},
                             {NID_authority_key_identifier, "keyid"},
                             {NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1"}}),
                  0644);
    }
}

void ensureSelfSigned(const fs::path& private_file,
                      const fs::path& certificate_file,
                      const std::string& name)
{
    const Key key = ensurePrivateKey(private_file);
    if (!isUsable(certificate_file, *key, *key)) {
        const Certificate fresh = makeUnsigned(*key, name.c_str(), kSelfSignedDays);
        writeFile(certificate_file, signedPem(*fresh, *fresh, *key, {}), 0644);
    }
}

CertificateFacts readCertificate(const fs::path& certificate_file)
{
    const auto certificates = readCertificates(certificate_file);
    const Certificate& certificate = certificates.front();
    const auto toMs = [](const ASN1_TIME* time) {
        std::tm fields{};
        requireOpenSsl(ASN1_TIME_to_tm(time, &fields) == 1, "a certificate's time can't be read");
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
