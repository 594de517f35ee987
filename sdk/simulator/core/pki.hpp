// Makes the keys and certificates that a simulated provider needs. What exists is kept: making
// twice gives the same files.
#pragma once

#include "core/crypto.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace hub::simulator {

/// `private_file` (PKCS #8, mode 0600) and `public_file` (SPKI), RSA-2048. A missing public file
/// is derived again from the private one. Throws std::runtime_error.
void ensureKeyPair(const std::filesystem::path& private_file,
                   const std::filesystem::path& public_file);

/// ca.pem, ca.key, server.pem, server.key in `folder`: a certification authority and its
/// certificate for localhost, 127.0.0.1 and ::1. A certificate that ends within a day is made anew.
void ensureCertificates(const std::filesystem::path& folder);

/// A key of RSA-2048 and a certificate for it that it signed itself, of five years.
void ensureSelfSigned(const std::filesystem::path& private_file,
                      const std::filesystem::path& certificate_file,
                      const std::string& name);

struct CertificateFacts {
    std::string serial; ///< upper-case hex
    std::shared_ptr<EVP_PKEY> public_key;
    std::int64_t from_ms = 0;
    std::int64_t until_ms = 0;
};
/// Throws std::runtime_error naming the file when it holds no certificate in PEM form.
CertificateFacts readCertificate(const std::filesystem::path& certificate_file);

} // namespace hub::simulator
