// OwnSecrets: the secrets that the hub keeps for itself, made when they are first needed.
#pragma once

#include "security/person_keys.hpp"
#include "security/secrets.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace hub::app {

/// In the store's folder: the head of the audit log, outside the database.
inline constexpr const char* kAuditAnchor = "audit.anchor";

/// The key of the audit log's chain. Throws base::Failure.
security::SecretBytes auditKey(security::Secrets& secrets);
/// The key by which personal values are found again. Throws base::Failure.
security::SecretBytes blindIndexKey(security::Secrets& secrets);
/// The keys of persons, in a folder of their own beside the store. Throws base::Failure.
std::unique_ptr<security::PersonKeys> openPersonKeys(const std::filesystem::path& data_folder,
                                                     security::Secrets& secrets);
/// The key that seals approvals of libraries. Throws base::Failure.
security::SecretBytes approvalKey(security::Secrets& secrets);
/// The same, but nullopt instead of making it: for who only looks.
std::optional<security::SecretBytes> findApprovalKey(const security::Secrets& secrets);

/// The key of the cross-site tokens of sessions. Throws base::Failure.
security::SecretBytes sessionKey(security::Secrets& secrets);

} // namespace hub::app
