#include "app/own_secrets.hpp"

#include "app/backup/own_keys.hpp"
#include "base/exception.hpp"
#include "store/database.hpp"

#include <utility>

namespace hub::app {

namespace {

constexpr const char* kApprovalKey = "hub/approval";
constexpr const char* kSessionKey = "hub/session";

} // namespace

security::SecretBytes auditKey(security::Secrets& secrets)
{
    return backup::ownKey(secrets, backup::kAuditKey);
}

security::SecretBytes blindIndexKey(security::Secrets& secrets)
{
    return backup::ownKey(secrets, backup::kBlindIndexKey);
}

std::unique_ptr<security::PersonKeys> openPersonKeys(const std::filesystem::path& data_folder,
                                                     security::Secrets& secrets)
{
    const std::filesystem::path folder = data_folder / "persons";
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    return std::make_unique<security::PersonKeys>(store::openSideFile(folder / "persons.db"),
                                                  folder / "erasures.log",
                                                  secrets,
                                                  blindIndexKey(secrets));
}

security::SecretBytes approvalKey(security::Secrets& secrets)
{
    return backup::ownKey(secrets, kApprovalKey);
}

std::optional<security::SecretBytes> findApprovalKey(const security::Secrets& secrets)
{
    auto key = secrets.newest(kApprovalKey);
    if (!key.ok() && key.error().code != HUB_NOT_FOUND) {
        throw base::Failure(key.error().code, "{}", key.error().message);
    }
    return key.ok() ? std::optional(std::move(key).value()) : std::nullopt;
}

security::SecretBytes sessionKey(security::Secrets& secrets)
{
    return backup::ownKey(secrets, kSessionKey);
}

} // namespace hub::app
