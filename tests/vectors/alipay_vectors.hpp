// The vectors of Alipay's RSA2 protocol, run through the connector's own protocol code and the
// hub's own cryptography.
#pragma once

#include "vector_set.hpp"

namespace vectors {

// Each throws Mismatch with the difference.

/// Parameters or a form give the signed text, the signature and the form.
void checkRequestSign(const VectorSet& set, const Vector& vector);
/// A notice, as parameters or as a form, is genuine or not.
void checkNotifyVerify(const VectorSet& set, const Vector& vector);
/// The signed bytes within a raw answer.
void checkNodeExtraction(const VectorSet& set, const Vector& vector);
/// An answer, raw or already cut, is genuine or not.
void checkResponseVerify(const VectorSet& set, const Vector& vector);
/// The number of a certificate, and the fields that it is made from.
void checkCertificateNumber(const VectorSet& set, const Vector& vector);
/// The number of a bundle of root certificates.
void checkRootNumber(const VectorSet& set, const Vector& vector);
/// The public key in a certificate.
void checkCertificateKey(const VectorSet& set, const Vector& vector);
/// Encrypted content, there and back.
void checkContentEncryption(const VectorSet& set, const Vector& vector);
/// The signed text, the signature and the header of a request of REST v3.
void checkRestRequest(const VectorSet& set, const Vector& vector);
/// A bill, read from GBK.
void checkBill(const VectorSet& set, const Vector& vector);

} // namespace vectors
