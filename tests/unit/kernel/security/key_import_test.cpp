// Goal: what consoles and banks export is taken, and everything that would fail at the first
// payment is refused with its reason. Method: keys, certificates and PFX files made here by
// OpenSSL.

#include "base/encoding.hpp"
#include "security/asymmetric_key.hpp"
#include "security/key_import.hpp"
#include "security/openssl.hpp"
#include "support/suite.hpp"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace hub::security; // NOLINT: all of it is about one header

constexpr std::int64_t kNowMs = 1'795'000'000'000; // in 2026
constexpr std::int64_t kDayMs = 86'400'000;

PkeyPtr makeKey(unsigned bits = 2048)
{
    return PkeyPtr(EVP_RSA_gen(bits));
}

X509Ptr makeCertificate(EVP_PKEY* key, std::int64_t from_ms, std::int64_t to_ms)
{
    X509Ptr certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 0x1A2B);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name,
                               "CN",
                               MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("sample merchant"),
                               -1,
                               -1,
                               0);
    X509_set_issuer_name(certificate.get(), name);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), from_ms / 1000);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), to_ms / 1000);
    X509_set_pubkey(certificate.get(), key);
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

std::string textOf(const BioPtr& bio)
{
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string keyPem(EVP_PKEY* key, const char* password = nullptr)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    const EVP_CIPHER* cipher = password == nullptr ? nullptr : EVP_aes_256_cbc();
    PEM_write_bio_PKCS8PrivateKey(
        bio.get(),
        key,
        cipher,
        password,
        password == nullptr ? 0 : static_cast<int>(std::string(password).size()),
        nullptr,
        nullptr);
    return textOf(bio);
}

std::string certificatePem(X509* certificate)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return textOf(bio);
}

/// As consoles of old export: RC2 with 40 bits for the certificate, triple DES for the key.
std::string oldPfx(EVP_PKEY* key, X509* certificate, const char* password)
{
    OSSL_LIB_CTX* context = OSSL_LIB_CTX_new();
    OSSL_PROVIDER* modern = OSSL_PROVIDER_load(context, "default");
    OSSL_PROVIDER* legacy = OSSL_PROVIDER_load(context, "legacy");
    PKCS12* store = PKCS12_create_ex(password,
                                     "sample",
                                     key,
                                     certificate,
                                     nullptr,
                                     NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
                                     NID_pbe_WithSHA1And40BitRC2_CBC,
                                     2048,
                                     1,
                                     0,
                                     context,
                                     nullptr);
    const BioPtr bio(BIO_new(BIO_s_mem()));
    i2d_PKCS12_bio(bio.get(), store);
    PKCS12_free(store);
    OSSL_PROVIDER_unload(legacy);
    OSSL_PROVIDER_unload(modern);
    OSSL_LIB_CTX_free(context);
    return textOf(bio);
}

std::string publicPem(EVP_PKEY* key)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PUBKEY(bio.get(), key);
    return textOf(bio);
}

/// One line of base64, as consoles show it.
std::string lineOf(const std::string& pem)
{
    std::istringstream lines(pem);
    std::string joined;
    for (std::string line; std::getline(lines, line);) {
        joined += line.starts_with("-----") ? "" : line;
    }
    return joined;
}

struct SizeRow {
    std::string name;
    std::string bytes;
    std::vector<std::string> algorithms;
    std::size_t stored_bytes; // 0: refused
};

std::ostream& operator<<(std::ostream& out, const SizeRow& row)
{
    return out << row.name;
}

std::vector<SizeRow> sizeRows()
{
    const std::string key(32, 'k');
    const std::string one_less(31, 'k');
    return {
        {"of the cipher's size", key, {"aes_256_gcm"}, 32},
        {"of a console's file", key + "\n", {"aes_256_gcm"}, 32},
        {"of a file of Windows", key + "\r\n", {"aes_256_cbc"}, 32},
        {"a line end that belongs to it", one_less + "\n", {"aes_256_gcm"}, 32},
        {"two line ends", key + "\n\n", {"aes_256_gcm"}, 0},
        {"as hexadecimal text", key + key, {"aes_256_gcm"}, 0},
        {"too short", std::string(16, 'k'), {"aes_256_gcm"}, 0},
        {"for one of two ciphers", std::string(16, 'k'), {"aes_256_cbc", "sm4_cbc"}, 16},
        {"of an HMAC, of any size", key + "\n", {"hmac_sha256"}, 33},
        {"nothing", "", {"hmac_sha256"}, 0},
    };
}

class KeyImportTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KeyImportTest);
    CPPUNIT_TEST(takesAPfxOfOld);
    CPPUNIT_TEST(takesPemAndSortsIt);
    CPPUNIT_TEST(takesAnEncryptedKey);
    CPPUNIT_TEST(takesAPublicKeyAlone);
    CPPUNIT_TEST(refusesAWrongPassword);
    CPPUNIT_TEST(refusesDates);
    CPPUNIT_TEST(refusesTheKeyOfAnotherCertificate);
    CPPUNIT_TEST(refusesWeakKeys);
    CPPUNIT_TEST(refusesWeakKeysHoweverTheyAreWritten);
    CPPUNIT_TEST(takesACertificateAlone);
    CPPUNIT_TEST_PARAMETERIZED(asksForTheSizeOfASymmetricKey, sizeRows());
    CPPUNIT_TEST(refusesWhatIsNoKey);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        key_ = makeKey();
        certificate_ = makeCertificate(key_.get(), kNowMs - kDayMs, kNowMs + kDayMs);
    }

    void takesAPfxOfOld()
    {
        const auto imported =
            importKey(oldPfx(key_.get(), certificate_.get(), "000000"), "000000", kNowMs);

        CPPUNIT_ASSERT_MESSAGE(imported.ok() ? "" : imported.error().message, imported.ok());
        CPPUNIT_ASSERT(imported.value().is_private);
        CPPUNIT_ASSERT_EQUAL(std::string("CN=sample merchant, serial 1A2B, until 2026-11-19"),
                             imported.value().certificate);
        checkSigns(imported.value());
    }

    void takesPemAndSortsIt()
    {
        const PkeyPtr authority = makeKey();
        const X509Ptr above =
            makeCertificate(authority.get(), kNowMs - kDayMs, kNowMs + 9 * kDayMs);

        const auto imported = importKey(certificatePem(above.get()) + keyPem(key_.get()) +
                                            certificatePem(certificate_.get()),
                                        "",
                                        kNowMs);

        CPPUNIT_ASSERT(imported.ok());
        const std::string pem(imported.value().pem.view());
        CPPUNIT_ASSERT(pem.find(certificatePem(certificate_.get())) <
                       pem.find(certificatePem(above.get())));
        checkSigns(imported.value());
    }

    void takesAnEncryptedKey()
    {
        CPPUNIT_ASSERT(importKey(keyPem(key_.get(), "secret"), "secret", kNowMs).ok());
        expect("password of the private key is wrong",
               importKey(keyPem(key_.get(), "secret"), "other", kNowMs));
    }

    void takesAPublicKeyAlone()
    {
        const BioPtr bio(BIO_new(BIO_s_mem()));
        PEM_write_bio_PUBKEY(bio.get(), key_.get());

        const auto imported = importKey(textOf(bio), "", kNowMs);

        CPPUNIT_ASSERT(imported.ok() && !imported.value().is_private);
        const auto by_certificate = importKey(certificatePem(certificate_.get()), "", kNowMs);
        CPPUNIT_ASSERT(by_certificate.ok() && !by_certificate.value().is_private);
    }

    void refusesAWrongPassword()
    {
        expect("password of the PFX file is wrong",
               importKey(oldPfx(key_.get(), certificate_.get(), "000000"), "111111", kNowMs));
    }

    void refusesDates()
    {
        expect("has expired on 2026-11-19",
               importKey(certificatePem(certificate_.get()), "", kNowMs + 2 * kDayMs));
        expect("is not valid before 2026-11-17",
               importKey(certificatePem(certificate_.get()), "", kNowMs - 2 * kDayMs));
    }

    void refusesTheKeyOfAnotherCertificate()
    {
        expect("does not belong to the certificate of CN=sample merchant",
               importKey(keyPem(makeKey().get()) + certificatePem(certificate_.get()), "", kNowMs));
    }

    void refusesWeakKeys()
    {
        expect("has 1024 bits", importKey(keyPem(makeKey(1024).get()), "", kNowMs));
    }

    void refusesWeakKeysHoweverTheyAreWritten()
    {
        const PkeyPtr weak = makeKey(1024);
        const X509Ptr certificate = makeCertificate(weak.get(), kNowMs - kDayMs, kNowMs + kDayMs);

        expect("has 1024 bits", importKey(lineOf(keyPem(weak.get())), "", kNowMs));
        expect("has 1024 bits", importKey(publicPem(weak.get()), "", kNowMs));
        expect("has 1024 bits", importKey(lineOf(publicPem(weak.get())), "", kNowMs));
        expect("has 1024 bits", importKey(certificatePem(certificate.get()), "", kNowMs));
    }

    void takesACertificateAlone()
    {
        const std::string pem = certificatePem(certificate_.get());
        const std::string der = hub::base::fromBase64(lineOf(pem)).value();
        for (const std::string& bytes : {pem, lineOf(pem), der}) {
            const auto imported = importKey(bytes, "", kNowMs);

            CPPUNIT_ASSERT_MESSAGE(imported.ok() ? "" : imported.error().message, imported.ok());
            CPPUNIT_ASSERT(!imported.value().is_private);
            CPPUNIT_ASSERT_EQUAL(std::string("CN=sample merchant, serial 1A2B, until 2026-11-19"),
                                 imported.value().certificate);
            CPPUNIT_ASSERT(AsymmetricKey::parse(imported.value().pem.view()).ok());
            expect("has expired on", importKey(bytes, "", kNowMs + 2 * kDayMs));
        }
    }

    void asksForTheSizeOfASymmetricKey(const SizeRow& row)
    {
        const auto imported = importSymmetricKey(row.bytes, row.algorithms);

        CPPUNIT_ASSERT_EQUAL(row.stored_bytes != 0, imported.ok());
        if (imported.ok()) {
            CPPUNIT_ASSERT_EQUAL(row.bytes.substr(0, row.stored_bytes), imported.value());
        } else {
            expect("must have", hub::Result<ImportedKey>(imported.error()));
        }
    }

    void refusesWhatIsNoKey()
    {
        expect("neither PEM nor a PFX", importKey("hello", "", kNowMs));
        expect("the certificate is damaged",
               importKey(
                   "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "", kNowMs));
    }

private:
    static void expect(const std::string& reason, const hub::Result<ImportedKey>& result)
    {
        CPPUNIT_ASSERT(!result.ok());
        CPPUNIT_ASSERT_MESSAGE(result.error().message,
                               result.error().message.find(reason) != std::string::npos);
    }

    /// What was stored signs, and the certificate verifies it.
    void checkSigns(const ImportedKey& imported) const
    {
        const auto key = AsymmetricKey::parse(imported.pem.view());
        CPPUNIT_ASSERT(key.ok() && key.value().isPrivate());
        const auto signature = key.value().sign("rsa_sha256", "content");
        CPPUNIT_ASSERT(signature.ok());
        const auto verifier = AsymmetricKey::parse(certificatePem(certificate_.get()));
        CPPUNIT_ASSERT(verifier.value().verify("rsa_sha256", "content", signature.value()).ok());
    }

    PkeyPtr key_;
    X509Ptr certificate_;
};

HUB_TEST_SUITE_REGISTRATION(KeyImportTest, "key_import");

} // namespace
