// X.509 certificates piece by piece over OpenSSL 3, for a provider that has an authority of its
// own; core/pki.hpp makes the usual ones whole. Every function throws std::runtime_error with
// OpenSSL's own words when it fails, and may be called on any thread, but not on two for the same
// object.
#pragma once

#include "core/crypto.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/x509.h>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::simulator {

template <auto Free>
struct OpenSslDeleter {
    template <typename Object>
    void operator()(Object* object) const noexcept
    {
        Free(object);
    }
};
using Certificate = std::unique_ptr<X509, OpenSslDeleter<X509_free>>;
using Bio = std::unique_ptr<BIO, OpenSslDeleter<BIO_free>>;
using Number = std::unique_ptr<BIGNUM, OpenSslDeleter<BN_free>>;

/// Throws unless `done`; `what` begins the message.
void requireOpenSsl(bool done, std::string_view what);

/// What was written to a memory BIO.
std::string textOf(BIO& memory);

std::string toPem(const X509& certificate);
/// PKCS #8, not encrypted.
std::string toPem(const EVP_PKEY& private_key);

/// Mode 0600, in a folder that is made. Written beside the target and renamed, so that a file
/// exists only when it is complete.
void writeWhole(const std::filesystem::path& path, std::string_view text);

/// All that the file holds, at least one. Throws naming the file when it holds none in PEM form.
std::vector<Certificate> readCertificates(const std::filesystem::path& path);

/// Parts of a name in their order, such as {"CN", "localhost"}.
using NameParts = std::initializer_list<std::pair<const char*, std::string>>;
/// Valid from yesterday on for `days` from now; `serial` is a positive number, its highest byte
/// first. Not signed yet; its own issuer until somebody else signs.
Certificate
makeCertificate(EVP_PKEY& key, std::string_view serial, const NameParts& subject, long days);

/// OpenSSL's number of an extension and its value, as openssl.cnf writes it.
using Extensions = std::initializer_list<std::pair<int, const char*>>;
/// Names the issuer, adds the extensions and signs; PEM. A root is its own issuer.
std::string signedPem(X509& certificate,
                      X509& issuer,
                      EVP_PKEY& issuer_key,
                      const Extensions& extensions,
                      const EVP_MD* digest = EVP_sha256());

/// The serial number as a decimal number.
std::string decimalSerial(const X509& certificate);

} // namespace hub::simulator
