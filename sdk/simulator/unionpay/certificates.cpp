#include "unionpay/certificates.hpp"

#include "core/x509.hpp"

#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <utility>

namespace hub::simulator::unionpay {

namespace {

namespace fs = std::filesystem;

constexpr long kAuthorityDays = 3650;
constexpr long kIssuedDays = 5 * 365;
// As long as the serial numbers that CFCA gives, which are read as eleven decimal digits.
constexpr std::size_t kSerialBytes = 5;

Key ensureKey(const fs::path& path)
{
    if (!fs::exists(path)) {
        const Key key(EVP_RSA_gen(2048));
        requireOpenSsl(key != nullptr, "no RSA key was made");
        writeWhole(path, toPem(*key));
    }
    return readPrivateKey(path);
}

Certificate readFirst(const fs::path& path)
{
    return std::move(readCertificates(path).front());
}

Certificate makeUnsigned(EVP_PKEY& key, const std::string& common_name, long days)
{
    std::string serial = randomBytes(kSerialBytes);
    serial[0] = 0x10;
    return makeCertificate(
        key, serial, {{"C", "CN"}, {"O", "ExpoHub simulated UnionPay"}, {"CN", common_name}}, days);
}

} // namespace

void ensureAuthority(const fs::path& folder)
{
    const Key root_key = ensureKey(folder / "root.key");
    if (!fs::exists(folder / "root.pem")) {
        const Certificate root = makeUnsigned(*root_key, "Simulated CS CA", kAuthorityDays);
        writeWhole(folder / "root.pem",
                   signedPem(*root,
                             *root,
                             *root_key,
                             {{NID_basic_constraints, "critical,CA:TRUE"},
                              {NID_key_usage, "critical,keyCertSign,cRLSign"},
                              {NID_subject_key_identifier, "hash"}}));
    }
    const Key middle_key = ensureKey(folder / "middle.key");
    if (!fs::exists(folder / "middle.pem")) {
        const Certificate root = readFirst(folder / "root.pem");
        const Certificate middle = makeUnsigned(*middle_key, "Simulated OCA1", kAuthorityDays);
        writeWhole(folder / "middle.pem",
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
    const Certificate issuer = readFirst(authority_folder / "middle.pem");
    const Certificate fresh = makeUnsigned(*key, common_name, kIssuedDays);
    writeWhole(certificate_file,
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
    const Certificate certificate = readFirst(certificate_file);
    Identity identity{.number = decimalSerial(*certificate),
                      .pem = {},
                      .public_key = {X509_get_pubkey(certificate.get()), KeyDeleter{}}};
    for (const char c : toPem(*certificate)) {
        identity.pem += c == '\n' ? "\r\n" : std::string(1, c);
    }
    identity.pem.resize(identity.pem.size() - 2);
    return identity;
}

} // namespace hub::simulator::unionpay
