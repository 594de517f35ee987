#include "app/own_secrets.hpp"

#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "store/database.hpp"

#include <utility>

namespace hub::app {

namespace {

constexpr const char* kAuditKey = "hub/audit";
constexpr const char* kBlindIndexKey = "hub/blind_index";
constexpr const char* kApprovalKey = "hub/approval";
constexpr std::size_t kKeyBytes = 32;

security::SecretBytes ownKey(security::Secrets& secrets, const char* name)
{
    auto key = secrets.newest(name);
    if (!key.ok() && key.error().code == HUB_NOT_FOUND) {
        const auto made = secrets.put(name, base::randomBytes(kKeyBytes));
        if (!made.ok()) {
            throw base::Failure(HUB_UNAVAILABLE, "{}", made.error().message);
        }
        key = secrets.newest(name);
    }
    if (!key.ok()) {
        throw base::Failure(key.error().code, "{}", key.error().message);
    }
    return std::move(key).value();
}

} // namespace

security::SecretBytes auditKey(security::Secrets& secrets)
{
    return ownKey(secrets, kAuditKey);
}

security::SecretBytes blindIndexKey(security::Secrets& secrets)
{
    return ownKey(secrets, kBlindIndexKey);
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
    return ownKey(secrets, kApprovalKey);
}

} // namespace hub::app
