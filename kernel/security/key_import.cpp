#include "security/key_import.hpp"

#include "base/encoding.hpp"
#include "security/asymmetric_key.hpp"
#include "security/openssl.hpp"
#include "security/symmetric.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace hub::security {

namespace {

using Pkcs12Ptr = std::unique_ptr<PKCS12, OpensslDeleter<PKCS12_free>>;
using ContextPtr = std::unique_ptr<OSSL_LIB_CTX, OpensslDeleter<OSSL_LIB_CTX_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, OpensslDeleter<BN_free>>;

void freeChain(STACK_OF(X509) * chain)
{
    sk_X509_pop_free(chain, X509_free);
}
using ChainPtr = std::unique_ptr<STACK_OF(X509), OpensslDeleter<freeChain>>;

void freeText(char* text)
{
    OPENSSL_free(text);
}
using TextPtr = std::unique_ptr<char, OpensslDeleter<freeText>>;

int unload(OSSL_PROVIDER* provider)
{
    return OSSL_PROVIDER_unload(provider);
}
using ProviderPtr = std::unique_ptr<OSSL_PROVIDER, OpensslDeleter<unload>>;

struct Parts {
    PkeyPtr key;
    std::vector<X509Ptr> certificates;
};

Error refused(std::string why)
{
    ERR_clear_error();
    return {HUB_BAD_REQUEST, std::move(why)};
}

BioPtr reading(std::string_view bytes)
{
    return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

int givePassword(char* buffer, int size, int, void* user)
{
    const auto& password = *static_cast<std::string_view*>(user);
    if (password.size() > static_cast<std::size_t>(size)) {
        return -1;
    }
    password.copy(buffer, password.size());
    return static_cast<int>(password.size());
}

/// RC2 and triple DES with SHA-1, in which many consoles still export, are not in the default
/// provider; they are loaded for this one reading only.
Result<Parts> readPfx(std::string_view bytes, std::string_view password)
{
    const ContextPtr context(OSSL_LIB_CTX_new());
    const ProviderPtr modern(OSSL_PROVIDER_load(context.get(), "default"));
    const ProviderPtr legacy(OSSL_PROVIDER_load(context.get(), "legacy"));
    PKCS12* raw = PKCS12_init_ex(NID_pkcs7_data, context.get(), nullptr);
    const BioPtr bio = reading(bytes);
    if (raw == nullptr || d2i_PKCS12_bio(bio.get(), &raw) == nullptr) {
        return refused("it is neither PEM nor a PFX (PKCS#12) file");
    }
    const Pkcs12Ptr store(raw);
    const SecretBytes secret{std::string(password)};
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* others = nullptr;
    const int parsed = PKCS12_parse(store.get(), secret.view().data(), &key, &certificate, &others);
    Parts parts;
    parts.key.reset(key);
    const ChainPtr chain(others);
    if (certificate != nullptr) {
        parts.certificates.emplace_back(certificate);
    }
    if (parsed != 1) {
        const bool is_password = PKCS12_verify_mac(store.get(), secret.view().data(), -1) != 1;
        return refused(is_password ? "the password of the PFX file is wrong"
                                   : "the PFX file is damaged, or encrypted in an unknown way");
    }
    for (int i = 0; chain && i < sk_X509_num(chain.get()); ++i) {
        parts.certificates.emplace_back(X509_dup(sk_X509_value(chain.get(), i)));
    }
    // A key that was read by the short-lived context must not outlive it.
    if (parts.key) {
        const BioPtr copy(BIO_new(BIO_s_mem()));
        PEM_write_bio_PrivateKey(
            copy.get(), parts.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        parts.key.reset(PEM_read_bio_PrivateKey(copy.get(), nullptr, nullptr, nullptr));
    }
    return parts;
}

Result<Parts> readPem(std::string_view bytes, std::string_view password)
{
    Parts parts;
    if (bytes.find("PRIVATE KEY-----") != std::string_view::npos) {
        const bool is_encrypted = bytes.find("ENCRYPTED") != std::string_view::npos;
        const BioPtr bio = reading(bytes);
        parts.key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, &givePassword, &password));
        if (!parts.key) {
            return refused(is_encrypted ? "the password of the private key is wrong"
                                        : "the private key is damaged");
        }
    }
    const BioPtr bio = reading(bytes);
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        parts.certificates.emplace_back(certificate);
    }
    ERR_clear_error();
    const bool has_certificate = bytes.find("BEGIN CERTIFICATE") != std::string_view::npos;
    if (has_certificate && parts.certificates.empty()) {
        return refused("the certificate is damaged");
    }
    return parts;
}

std::string dateOf(const ASN1_TIME* time)
{
    std::tm parts = {};
    ASN1_TIME_to_tm(time, &parts);
    return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string nameOf(X509* certificate)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string describe(X509* certificate)
{
    const NumberPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    const TextPtr serial(BN_bn2hex(number.get()));
    return fmt::format("{}, serial {}, until {}",
                       nameOf(certificate),
                       serial.get(),
                       dateOf(X509_get0_notAfter(certificate)));
}

Result<void> checkDates(X509* certificate, std::int64_t now_ms)
{
    std::time_t now = now_ms / 1000;
    if (X509_cmp_time(X509_get0_notAfter(certificate), &now) < 0) {
        return refused(fmt::format("the certificate of {} has expired on {}",
                                   nameOf(certificate),
                                   dateOf(X509_get0_notAfter(certificate))));
    }
    if (X509_cmp_time(X509_get0_notBefore(certificate), &now) > 0) {
        return refused(fmt::format("the certificate of {} is not valid before {}",
                                   nameOf(certificate),
                                   dateOf(X509_get0_notBefore(certificate))));
    }
    return {};
}

Result<void> checkStrength(EVP_PKEY* key)
{
    constexpr int kRsaBitsMin = 2048;
    if (key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) < kRsaBitsMin) {
        return refused(fmt::format(
            "the RSA key has {} bits, must have at least {}", EVP_PKEY_get_bits(key), kRsaBitsMin));
    }
    return {};
}

/// One line of base64, or public keys alone: kept as they are.
Result<ImportedKey> importBare(std::string_view bytes, std::int64_t now_ms)
{
    const auto read = AsymmetricKey::parse(bytes);
    if (!read.ok()) {
        return read.error();
    }
    const AsymmetricKey& key = read.value();
    if (const auto strong = checkStrength(key.key()); !strong.ok()) {
        return strong.error();
    }
    if (key.certificate() == nullptr) {
        return ImportedKey{SecretBytes(std::string(bytes)), key.isPrivate(), ""};
    }
    if (const auto valid = checkDates(key.certificate(), now_ms); !valid.ok()) {
        return valid.error();
    }
    return ImportedKey{
        SecretBytes(std::string(bytes)), key.isPrivate(), describe(key.certificate())};
}

/// Null unless all of it is one certificate.
X509Ptr certificateOf(std::string_view der)
{
    const unsigned char* position = bytesOf(der);
    X509Ptr certificate(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
    ERR_clear_error();
    return position == bytesOf(der) + der.size() ? std::move(certificate) : nullptr;
}

Result<Parts> readParts(std::string_view bytes, std::string_view password)
{
    if (bytes.find("-----BEGIN ") != std::string_view::npos) {
        return readPem(bytes, password);
    }
    if (X509Ptr certificate = certificateOf(bytes)) {
        Parts parts;
        parts.certificates.push_back(std::move(certificate));
        return parts;
    }
    return readPfx(bytes, password);
}

/// The certificate that belongs to the key comes first, as everybody expects.
Result<void> sortOut(Parts& parts)
{
    EVP_PKEY* holders =
        parts.key ? parts.key.get() : X509_get0_pubkey(parts.certificates.front().get());
    if (auto strong = checkStrength(holders); !strong.ok()) {
        return strong;
    }
    if (!parts.key) {
        return {};
    }
    for (auto certificate = parts.certificates.begin(); certificate != parts.certificates.end();
         ++certificate) {
        if (X509_check_private_key(certificate->get(), parts.key.get()) == 1) {
            std::rotate(parts.certificates.begin(), certificate, certificate + 1);
            ERR_clear_error();
            return {};
        }
    }
    return parts.certificates.empty()
               ? Result<void>{}
               : Result<void>{refused(fmt::format("the private key does not belong to the "
                                                  "certificate of {}",
                                                  nameOf(parts.certificates.front().get())))};
}

SecretBytes toPem(const Parts& parts)
{
    // Memory of this kind is wiped when it is freed.
    const BioPtr bio(BIO_new(BIO_s_secmem()));
    if (parts.key) {
        PEM_write_bio_PrivateKey(bio.get(), parts.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }
    for (const X509Ptr& certificate : parts.certificates) {
        PEM_write_bio_X509(bio.get(), certificate.get());
    }
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return SecretBytes(std::string(text, static_cast<std::size_t>(size)));
}

} // namespace

Result<ImportedKey>
importKey(std::string_view bytes, std::string_view password, std::int64_t now_ms)
{
    const bool is_pem = bytes.find("-----BEGIN ") != std::string_view::npos;
    if (!is_pem && AsymmetricKey::parse(bytes).ok()) {
        return importBare(bytes, now_ms);
    }
    Result<Parts> read = readParts(bytes, password);
    if (!read.ok()) {
        return read.error();
    }
    Parts& parts = read.value();
    if (!parts.key && parts.certificates.empty()) {
        return importBare(bytes, now_ms);
    }
    if (const auto sorted = sortOut(parts); !sorted.ok()) {
        return sorted.error();
    }
    for (const X509Ptr& certificate : parts.certificates) {
        if (const auto valid = checkDates(certificate.get(), now_ms); !valid.ok()) {
            return valid.error();
        }
    }
    return ImportedKey{toPem(parts),
                       parts.key != nullptr,
                       parts.certificates.empty() ? ""
                                                  : describe(parts.certificates.front().get())};
}

Result<std::string> importSymmetricKey(std::string_view bytes,
                                       const std::vector<std::string>& algorithms)
{
    std::set<std::size_t> sizes;
    for (const std::string& algorithm : algorithms) {
        if (isSymmetricCipher(algorithm)) {
            sizes.insert(symmetricKeyBytes(algorithm));
        }
    }
    std::string_view key = bytes;
    for (const char end : {'\n', '\r'}) {
        const bool fits = sizes.empty() || sizes.count(key.size()) != 0;
        key.remove_suffix(!fits && key.ends_with(end) ? 1 : 0);
    }
    if (bytes.empty() || (!sizes.empty() && sizes.count(key.size()) == 0)) {
        return refused(
            fmt::format("the key has {} bytes, must have {}; give its bytes as they are, "
                        "not as hexadecimal or base64 text",
                        bytes.size(),
                        sizes.empty() ? "some" : fmt::format("{}", fmt::join(sizes, " or "))));
    }
    return std::string(key);
}

} // namespace hub::security
