// The provider's notices: what an envelope holds, and what the opened content states once the
// envelope's signature is known to be genuine. Pure.
#pragma once

#include "account.hpp"
#include "envelope.hpp"

#include <hub/result.hpp>

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace wechat {

inline constexpr std::string_view kCipher = "aes_256_gcm";

/// Bytes that only the APIv3 key opens.
struct Sealed {
    std::string nonce;
    std::string associated_data;
    std::string bytes; // the tag of 16 bytes at the end
};

/// HUB_BAD_REQUEST unless it is AEAD_AES_256_GCM with parts of the documented lengths.
hub::Result<Sealed> parseSealed(const nlohmann::json& resource);

struct Notice {
    std::string id;
    std::string event_type;
    Sealed resource;
};

/// The headers by their names in any case; a missing one is empty.
Proof proofOf(const nlohmann::json& headers);
/// True unless the headers name another scheme than ours.
bool isKnownScheme(const nlohmann::json& headers);

/// HUB_BAD_REQUEST names what is wrong with the body.
hub::Result<Notice> parseNotice(std::string_view body);

/// The contract's `reading`. HUB_REJECTED when it is another account's, of an event that this
/// connector did not ask for, or not whole. The signature must have been checked before.
hub::Result<nlohmann::json>
readNotice(const Account& account, const Notice& notice, std::string_view content);

/// What the provider is told; after a refusal it repeats.
nlohmann::json acceptance();
nlohmann::json refusal();

} // namespace wechat
