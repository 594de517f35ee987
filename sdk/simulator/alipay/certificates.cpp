#include "alipay/certificates.hpp"

#include "core/crypto.hpp"
#include "core/x509.hpp"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <string_view>
#include <vector>

namespace hub::simulator::alipay {

namespace {

namespace fs = std::filesystem;

constexpr long kDays = 3650;
constexpr std::size_t kSerialBytes = 16;

Certificate makeUnsigned(EVP_PKEY& key, const std::string& name)
{
    std::string serial = randomBytes(kSerialBytes);
    serial[0] = static_cast<char>(serial[0] & 0x7F);
    return makeCertificate(key,
                           serial,
                           {{"C", "CN"},
                            {"O", "ExpoHub simulated Alipay"},
                            {"OU", "Certification Authority"},
                            {"CN", name}},
                           kDays);
}

std::string makeRoot(EVP_PKEY& key, const std::string& name, const EVP_MD* digest)
{
    const Certificate root = makeUnsigned(key, name);
    return signedPem(*root, *root, key, {{NID_basic_constraints, "critical,CA:TRUE"}}, digest);
}

std::string numberOf(const X509& certificate)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    requireOpenSsl(X509_NAME_print_ex(memory.get(),
                                      X509_get_issuer_name(&certificate),
                                      0,
                                      XN_FLAG_RFC2253 &
                                          ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) >= 0,
                   "an issuer can't be printed");
    const std::string text = textOf(*memory) + decimalSerial(certificate);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    requireOpenSsl(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr) ==
                       1,
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
    requireOpenSsl(issuing && curve && other, "no key was generated");
    writeWhole(roots_key, toPem(*issuing));
    writeWhole(roots,
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
    const Certificate fresh = makeUnsigned(*key, name);
    const auto issuers = readCertificates(roots);
    writeWhole(certificate, signedPem(*fresh, *issuers.front(), *root_key, {}));
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
