// OwnKeys: the secrets that the hub keeps for itself, made when they are first needed.
#pragma once

#include "security/secrets.hpp"

namespace hub::backup {

inline constexpr const char* kAuditKey = "hub/audit";
inline constexpr const char* kBlindIndexKey = "hub/blind_index";

/// Throws base::Failure when it can't be read or made.
security::SecretBytes ownKey(security::Secrets& secrets, const char* name);

} // namespace hub::backup
