#include "certificate.hpp"

#include "openssl.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <ctime>

namespace unionpay {

namespace {

using hub::Error;
using hub::Result;

// As the provider's own kit compares them.
constexpr std::string_view kOwner = "中国银联股份有限公司";
constexpr std::string_view kSandboxOwner = "00040000:SIGN";
constexpr int kLevelStrict = 1; // of OpenSSL: no SHA-1, keys of 1024 bits and more
constexpr int kLevelNone = 0;

std::int64_t secondsOf(const ASN1_TIME* time)
{
    std::tm parts{};
    return time != nullptr && ASN1_TIME_to_tm(time, &parts) == 1 ? std::int64_t{timegm(&parts)} : 0;
}

Error unreadable()
{
    ERR_clear_error();
    return Error{HUB_BAD_REQUEST, "the text holds no readable certificate"};
}

Error rejected(std::string message)
{
    return Error{HUB_REJECTED, std::move(message)};
}

} // namespace

Result<Certificate> Certificate::parse(std::string_view pem)
{
    auto all = parseAll(pem);
    return all.ok() ? Result<Certificate>{all.value().front()} : Result<Certificate>{all.error()};
}

Result<std::vector<Certificate>> Certificate::parseAll(std::string_view pem)
{
    const OpensslPtr<BIO> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    std::vector<Certificate> found;
    while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        found.push_back(Certificate{std::shared_ptr<X509>{next, X509_free}});
    }
    const unsigned long reason = ERR_peek_last_error();
    const bool is_end =
        ERR_GET_LIB(reason) == ERR_LIB_PEM && ERR_GET_REASON(reason) == PEM_R_NO_START_LINE;
    if (found.empty() || !is_end) {
        return unreadable();
    }
    ERR_clear_error();
    return found;
}

std::string Certificate::serial() const
{
    const OpensslPtr<BIGNUM> number{
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509_.get()), nullptr)};
    const OpensslPtr<char> text{number ? BN_bn2dec(number.get()) : nullptr};
    return text ? std::string{text.get()} : std::string{};
}

std::string Certificate::subject() const
{
    const OpensslPtr<BIO> bio{BIO_new(BIO_s_mem())};
    constexpr unsigned long kFlags =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    X509_NAME_print_ex(bio.get(), X509_get_subject_name(x509_.get()), 0, kFlags);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string Certificate::commonName() const
{
    const X509_NAME* name = X509_get_subject_name(x509_.get());
    int last = -1;
    for (int at = -1; (at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0;) {
        last = at;
    }
    unsigned char* raw = nullptr;
    const int size =
        last < 0
            ? -1
            : ASN1_STRING_to_UTF8(&raw, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
    const OpensslPtr<char> text{reinterpret_cast<char*>(raw)};
    return size < 0 ? std::string{} : std::string{text.get(), static_cast<std::size_t>(size)};
}

std::int64_t Certificate::notBefore() const
{
    return secondsOf(X509_get0_notBefore(x509_.get()));
}

std::int64_t Certificate::notAfter() const
{
    return secondsOf(X509_get0_notAfter(x509_.get()));
}

bool Certificate::hasSigned(std::string_view text, std::string_view signature) const
{
    return verify(EVP_sha256(), text, signature);
}

bool Certificate::hasSignedSha1(std::string_view text, std::string_view signature) const
{
    return verify(EVP_sha1(), text, signature);
}

bool Certificate::verify(const EVP_MD* kind,
                         std::string_view text,
                         std::string_view signature) const
{
    EVP_PKEY* key = X509_get0_pubkey(x509_.get());
    const OpensslPtr<EVP_MD_CTX> md{EVP_MD_CTX_new()};
    const bool is_genuine =
        key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1 &&
        EVP_DigestVerifyInit(md.get(), nullptr, kind, nullptr, key) == 1 &&
        EVP_DigestVerify(md.get(),
                         reinterpret_cast<const unsigned char*>(signature.data()),
                         signature.size(),
                         reinterpret_cast<const unsigned char*>(text.data()),
                         text.size()) == 1;
    ERR_clear_error();
    return is_genuine;
}

std::string ownerOf(std::string_view common_name)
{
    for (int skipped = 0; skipped < 2; ++skipped) {
        const auto at = common_name.find('@');
        if (at == std::string_view::npos) {
            return {};
        }
        common_name.remove_prefix(at + 1);
    }
    return std::string{common_name.substr(0, common_name.find('@'))};
}

Result<TrustAnchors> TrustAnchors::parse(std::string_view middle_pem, std::string_view root_pem)
{
    auto middle = Certificate::parseAll(middle_pem);
    auto root = Certificate::parseAll(root_pem);
    if (!middle.ok() || !root.ok()) {
        const bool is_middle = !middle.ok();
        return Error{HUB_BAD_REQUEST,
                     std::string{is_middle ? "middle_certificate" : "root_certificate"} + ": " +
                         (is_middle ? middle.error() : root.error()).message};
    }
    TrustAnchors anchors;
    anchors.middle_ = std::move(middle).value();
    anchors.root_ = std::move(root).value();
    return anchors;
}

Result<void>
TrustAnchors::check(const Certificate& leaf, const TrustRules& rules, std::int64_t now_s) const
{
    if (auto chain = checkChain(leaf, rules, now_s); !chain.ok()) {
        return chain;
    }
    const std::string owner = ownerOf(leaf.commonName());
    const bool is_sandbox_name = rules.accepts_sandbox_name && owner == kSandboxOwner;
    if (owner != kOwner && !is_sandbox_name) {
        return rejected("the certificate " + leaf.serial() +
                        " is not UnionPay's: its CN names another owner");
    }
    return {};
}

Result<void>
TrustAnchors::checkChain(const Certificate& leaf, const TrustRules& rules, std::int64_t now_s) const
{
    const OpensslPtr<X509_STORE> store{X509_STORE_new()};
    for (const Certificate& root : root_) {
        X509_STORE_add_cert(store.get(), root.get());
    }
    const OpensslPtr<STACK_OF(X509)> middle{sk_X509_new_null()};
    for (const Certificate& certificate : middle_) {
        X509_up_ref(certificate.get());
        sk_X509_push(middle.get(), certificate.get());
    }
    const OpensslPtr<X509_STORE_CTX> context{X509_STORE_CTX_new()};
    if (X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), middle.get()) != 1) {
        ERR_clear_error();
        return rejected("the certificate's chain could not be looked at");
    }
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_auth_level(param, rules.accepts_weak_hash ? kLevelNone : kLevelStrict);
    if (rules.accepts_expired) {
        // OpenSSL ignores this flag beside a time of verification.
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME);
    } else {
        X509_VERIFY_PARAM_set_time(param, now_s);
    }
    const bool is_genuine = X509_verify_cert(context.get()) == 1;
    const int reason = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    return is_genuine ? Result<void>{}
                      : rejected("the certificate " + leaf.serial() +
                                 " is not vouched for: " + X509_verify_cert_error_string(reason));
}

} // namespace unionpay
