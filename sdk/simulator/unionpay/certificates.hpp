// UnionPay's certificates: a root, a middle authority, and what that one issues to the provider and
// to merchants.
#pragma once

#include "core/crypto.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace hub::simulator::unionpay {

/// Makes root.pem, root.key, middle.pem and middle.key in `folder`, unless they are there. Throws
/// std::runtime_error.
void ensureAuthority(const std::filesystem::path& folder);

/// A key of RSA-2048 and its certificate, issued by the middle authority in `authority_folder`. A
/// certificate that is there is kept, whoever issued it; so is a key. Throws std::runtime_error.
void ensureIssued(const std::filesystem::path& authority_folder,
                  const std::filesystem::path& private_file,
                  const std::filesystem::path& certificate_file,
                  const std::string& common_name);

struct Identity {
    std::string number; ///< the serial number in decimal, which messages call certId
    std::string pem;    ///< as messages carry it: lines end with CRLF, the last one with nothing
    std::shared_ptr<EVP_PKEY> public_key;
};
/// Throws std::runtime_error naming the file when it holds no certificate in PEM form.
Identity readIdentity(const std::filesystem::path& certificate_file);

} // namespace hub::simulator::unionpay
