// X.509 certificates as the provider counts them: the number of a certificate is MD5 over issuer
// and serial. Only these fields are read; nothing here decides whether a certificate is trusted.
// Pure: no cryptographic library, the MD5 comes from the hub.
#pragma once

#include <hub/result.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace alipay {

struct Certificate {
    std::string issuer; // "CN=…,OU=…,O=…,C=…": RFC 2253, most specific first, UTF-8
    std::string serial; // unsigned decimal
    std::string signature_algorithm; // object identifier, dotted
    std::string public_key;          // DER of SubjectPublicKeyInfo
};

/// Raw MD5 of a text, as hub.keys gives it.
using Md5 = std::function<hub::Result<std::string>(std::string_view text)>;

/// Every CERTIFICATE block of a PEM text, in its order; other blocks are skipped. HUB_BAD_REQUEST
/// when there is none or one is malformed.
hub::Result<std::vector<Certificate>> parseCertificates(std::string_view pem);

/// app_cert_sn and alipay_cert_sn: lower-case hex. Fails as `md5` does.
hub::Result<std::string> certificateNumber(const Certificate& certificate, const Md5& md5);

/// alipay_root_cert_sn: the numbers of those signed with RSA, in the order of the bundle, joined
/// by "_". HUB_BAD_REQUEST when none of them is.
hub::Result<std::string> rootNumber(const std::vector<Certificate>& bundle, const Md5& md5);

} // namespace alipay
