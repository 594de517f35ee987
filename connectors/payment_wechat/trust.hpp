// Whose signatures are believed: the provider's public key by its PUB_KEY_ID_…, its certificates
// by their serial numbers, or both; and the list of certificates that the provider gives out. Pure.
#pragma once

#include "account.hpp"
#include "certificate.hpp"
#include "notice.hpp"
#include "protocol.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wechat {

inline constexpr std::string_view kPublicKeyRole = "platform_key";
inline constexpr std::string_view kCertificateRole = "platform_certificate";

/// One key that the account believes.
struct PlatformKey {
    std::string id; // PUB_KEY_ID_… or a serial number
    std::string_view role;
    std::int64_t valid_from_ms = 0; // both 0: for ever
    std::int64_t valid_to_ms = 0;
    std::string pem; // of a certificate: it alone may verify what names it
};

/// What the account's mode says, with the certificates (PEM) that the hub holds for it.
/// HUB_INTERNAL when one of them is none.
hub::Result<std::vector<PlatformKey>> platformKeys(const Account& account,
                                                   const std::vector<std::string>& certificates);

/// The key to verify with. HUB_REJECTED when no believed key bears the name, or its time is over.
hub::Result<PlatformKey>
findKey(const std::vector<PlatformKey>& keys, std::string_view serial, std::int64_t now_ms);
/// Its role; fails as above.
hub::Result<std::string_view>
roleOf(const std::vector<PlatformKey>& keys, std::string_view serial, std::int64_t now_ms);

/// What a request's Wechatpay-Serial asks the provider to sign with: the public key where there is
/// one, else the certificate that is valid longest; empty when there is none yet.
std::string preferredSerial(const Account& account, const std::vector<PlatformKey>& keys);

hub::Result<Request> makeCertificates(const Account& account, const nlohmann::json& request);

struct SealedCertificate {
    std::string serial;
    Sealed sealed;
};

/// The list of GET /v3/certificates. HUB_BAD_REQUEST.
hub::Result<std::vector<SealedCertificate>> parseCertificates(std::string_view body);

/// HUB_REJECTED unless the opened text is a certificate of that serial number that is not over.
hub::Result<Certificate>
checkCertificate(const SealedCertificate& listed, std::string_view pem, std::int64_t now_ms);

} // namespace wechat
