// Alipay's certificates: makes a small authority with the certificates of both sides, and numbers
// certificates as Alipay does (MD5 of issuer and serial number).
#pragma once

#include <filesystem>
#include <string>

namespace hub::simulator::alipay {

/// Makes the files that are missing. `roots` is a bundle of an RSA root, which issues, an EC root
/// and another RSA root, so that who numbers it must choose. `roots_key` is the first root's.
void ensureRoots(const std::filesystem::path& roots, const std::filesystem::path& roots_key);

/// A certificate for the key in `private_key`, issued by the first root. One that is there is kept
/// while it belongs to the key and to the root. Throws std::runtime_error.
void ensureCertificate(const std::filesystem::path& certificate,
                       const std::filesystem::path& private_key,
                       const std::filesystem::path& roots,
                       const std::filesystem::path& roots_key,
                       const std::string& name);

/// The number of the first certificate in the file.
std::string certificateNumber(const std::filesystem::path& certificate);
/// The numbers of the roots that are signed with RSA, joined by "_".
std::string rootNumber(const std::filesystem::path& roots);

} // namespace hub::simulator::alipay
