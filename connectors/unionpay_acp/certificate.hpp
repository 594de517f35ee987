// X.509 certificates of ACP: the merchant's own, of which the serial number is the certId, and
// UnionPay's, which comes within a message and counts only when the account's anchors vouch for it.
// Public data only. Values are immutable and thread-safe.
#pragma once

#include <hub/result.hpp>

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace unionpay {

class Certificate {
public:
    /// The first CERTIFICATE block of a PEM text, LF or CRLF; other blocks are skipped.
    /// HUB_BAD_REQUEST when there is none or it is malformed.
    static hub::Result<Certificate> parse(std::string_view pem);
    /// Every CERTIFICATE block. HUB_BAD_REQUEST as above.
    static hub::Result<std::vector<Certificate>> parseAll(std::string_view pem);

    /// certId: the serial number, unsigned decimal.
    std::string serial() const;
    /// RFC 2253, UTF-8: "CN=…,O=…,C=…".
    std::string subject() const;
    /// The last CN of the subject, UTF-8; empty when there is none.
    std::string commonName() const;
    std::int64_t notBefore() const; // Unix seconds
    std::int64_t notAfter() const;  // Unix seconds

    /// RSA PKCS#1 v1.5 with SHA-256; false for keys of another kind, too.
    bool hasSigned(std::string_view text, std::string_view signature) const;
    /// The same with SHA-1, for messages of version 5.0.0.
    bool hasSignedSha1(std::string_view text, std::string_view signature) const;

    X509* get() const noexcept { return x509_.get(); }

private:
    explicit Certificate(std::shared_ptr<X509> x509) noexcept
        : x509_(std::move(x509))
    {}
    bool verify(const EVP_MD* kind, std::string_view text, std::string_view signature) const;

    std::shared_ptr<X509> x509_;
};

/// The part of the CN that says whose it is: the third between the @ signs, or nothing.
std::string ownerOf(std::string_view common_name);

/// Which certificates of UnionPay are believed. `sandbox` is for the test environment alone, whose
/// certificates have expired, are signed with SHA-1 and bear another name.
struct TrustRules {
    bool accepts_expired = false;
    bool accepts_weak_hash = false;
    bool accepts_sandbox_name = false;

    static TrustRules production() { return {}; }
    static TrustRules sandbox() { return {true, true, true}; }
};

/// The certificates that the operator got from UnionPay: leaf -> middle -> root.
class TrustAnchors {
public:
    /// Each text holds one certificate or more. HUB_BAD_REQUEST names the text and what is wrong.
    static hub::Result<TrustAnchors> parse(std::string_view middle_pem, std::string_view root_pem);

    /// HUB_REJECTED with a sentence: chain, time or name.
    hub::Result<void>
    check(const Certificate& leaf, const TrustRules& rules, std::int64_t now_s) const;

private:
    hub::Result<void>
    checkChain(const Certificate& leaf, const TrustRules& rules, std::int64_t now_s) const;

    std::vector<Certificate> middle_;
    std::vector<Certificate> root_;
};

} // namespace unionpay
