// What UnionPay signs with: certificates that travel inside of the messages, of which a new one
// comes now and then; the merchant knows the authority above them only.
#pragma once

#include "core/crypto.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hub::simulator::unionpay {

struct SigningKey {
    std::string number; ///< of the certificate, decimal
    std::string pem;    ///< the certificate as messages carry it
    std::shared_ptr<EVP_PKEY> private_key;
};

/// Thread-safe.
class SigningKeys {
public:
    /// `folder` holds numbered keys and certificates, `authority_folder` who issues them to
    /// `common_name`. Throws std::runtime_error when there is none.
    SigningKeys(std::filesystem::path folder,
                std::filesystem::path authority_folder,
                std::string common_name);

    /// Makes the first one, and a stranger's of the same name that no authority issued.
    static void ensure(const std::filesystem::path& folder,
                       const std::filesystem::path& authority_folder,
                       const std::string& common_name);

    /// The latest, which signs.
    SigningKey current() const;
    /// What a forger would have: the right name, but nobody vouches for it.
    const SigningKey& stranger() const { return stranger_; }
    /// Makes another one, which signs from now on. Kept over restarts.
    SigningKey rotate();

private:
    const std::filesystem::path folder_;
    const std::filesystem::path authority_folder_;
    const std::string common_name_;
    mutable std::mutex guard_;
    std::vector<SigningKey> keys_;
    SigningKey stranger_;
};

} // namespace hub::simulator::unionpay
