// What stands in the public material of the provider and the merchant: certificates as PEM. Pure;
// private keys never come here.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wechat {

struct Certificate {
    std::string serial; // upper-case hex, as the provider writes it
    std::int64_t valid_from_ms = 0;
    std::int64_t valid_to_ms = 0;
};

/// The first certificate of the text. HUB_BAD_REQUEST when there is none.
hub::Result<Certificate> readCertificate(std::string_view pem);

/// HUB_OK: `signature` (raw) is that of the certificate's or public key's owner over `text`, by
/// SHA256withRSA; HUB_REJECTED: it is not; HUB_BAD_REQUEST: the PEM holds no RSA key. For what is
/// not in hub.keys yet: a certificate that was just downloaded.
hub_status
verifyByPem(std::string_view pem, std::string_view text, std::string_view signature) noexcept;

/// PEM after PEM, each as a text of its own.
std::vector<std::string> splitPem(std::string_view pems);

} // namespace wechat
