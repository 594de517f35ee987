// Rsa: what one core can sign and verify with RSA-2048 and SHA-256, the limits of payments.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bench {

struct SignedText {
    std::string text;
    std::string signature; // raw
};

/// Signatures a second of one core, by EVP, by this thread's processor time: what else runs on the
/// machine does not lower it. Throws std::runtime_error when the key can't be read.
double signRate(const std::filesystem::path& private_key, double seconds);

/// The same of verifying these texts, from the first on and over again. Throws std::runtime_error
/// when a signature is not genuine.
double verifyRate(const std::filesystem::path& public_key,
                  const std::vector<SignedText>& texts,
                  double seconds);

} // namespace bench
