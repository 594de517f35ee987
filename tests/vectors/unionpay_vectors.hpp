// The vectors of UnionPay's ACP, run through the library that its connectors share and the hub's
// own cryptography for private keys.
#pragma once

#include "vector_set.hpp"

namespace vectors::unionpay_acp {

// Each throws Mismatch with the difference.

/// The sorted text, its digest, the signature and the form of a message of 5.1.0.
void checkSign(const VectorSet& set, const Vector& vector);
/// The same of 5.0.0, with SHA-1.
void checkSign500(const VectorSet& set, const Vector& vector);
/// signMethod 11.
void checkSha256KeySign(const VectorSet& set, const Vector& vector);
/// signMethod 12.
void checkSm3KeySign(const VectorSet& set, const Vector& vector);
/// The sorted text, raw and form-coded.
void checkSignText(const VectorSet& set, const Vector& vector);
/// A message is genuine or not, and whose certificate it brings.
void checkVerify(const VectorSet& set, const Vector& vector);
/// The decimal serial number of a certificate.
void checkCertId(const VectorSet& set, const Vector& vector);
/// The anchors of the sandbox, and that one vouches for the other.
void checkTrustAnchor(const VectorSet& set, const Vector& vector);
/// Card data, there and back.
void checkDecrypt(const VectorSet& set, const Vector& vector);
/// The fields of a raw answer.
void checkResponseParse(const VectorSet& set, const Vector& vector);
/// fileContent, unpacked.
void checkFileContent(const VectorSet& set, const Vector& vector);
/// A line of a bill.
void checkBillLine(const VectorSet& set, const Vector& vector);

} // namespace vectors::unionpay_acp
