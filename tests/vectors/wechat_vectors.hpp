// The vectors of WeChat Pay's APIv3, run through the connector's own protocol code and the hub's
// own cryptography.
#pragma once

#include "vector_set.hpp"

namespace vectors {

// Each throws Mismatch with the difference.

/// A signature by the merchant's key.
void checkWechatSign(const VectorSet& set, const Vector& vector);
/// A sensitive field, opened by RSA-OAEP with SHA-1.
void checkWechatOaep(const VectorSet& set, const Vector& vector);
/// The same by PKCS#1 v1.5, which the provider's older interfaces use. No shipped code does:
/// OpenSSL alone is asked whether the vector holds.
void checkWechatPkcs1(const VectorSet& set, const Vector& vector);
/// A notice: freshness, signature, content.
void checkWechatNotice(const VectorSet& set, const Vector& vector);
/// A notice that was changed on its way.
void checkWechatForgedNotice(const VectorSet& set, const Vector& vector);
/// A sealed text.
void checkWechatSealed(const VectorSet& set, const Vector& vector);
/// A list of platform certificates, opened.
void checkWechatCertificates(const VectorSet& set, const Vector& vector);
/// The serial number of a certificate.
void checkWechatSerial(const VectorSet& set, const Vector& vector);
/// The text that a request's signature covers, the signature and the header.
void checkWechatRequest(const VectorSet& set, const Vector& vector);
/// What invokes the payer's app.
void checkWechatInvocation(const VectorSet& set, const Vector& vector);
/// A bill of trades or of funds.
void checkWechatBill(const VectorSet& set, const Vector& vector);

} // namespace vectors
