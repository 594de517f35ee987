#include "app/own_secrets.hpp"

#include "base/exception.hpp"
#include "base/uuid.hpp"

#include <utility>

namespace hub::app {

namespace {

constexpr const char* kAuditKey = "hub/audit";
constexpr std::size_t kKeyBytes = 32;

} // namespace

security::SecretBytes auditKey(security::Secrets& secrets)
{
    auto key = secrets.newest(kAuditKey);
    if (!key.ok() && key.error().code == HUB_NOT_FOUND) {
        const auto made = secrets.put(kAuditKey, base::randomBytes(kKeyBytes));
        if (!made.ok()) {
            throw base::Failure(HUB_UNAVAILABLE, "{}", made.error().message);
        }
        key = secrets.newest(kAuditKey);
    }
    if (!key.ok()) {
        throw base::Failure(key.error().code, "{}", key.error().message);
    }
    return std::move(key).value();
}

} // namespace hub::app
