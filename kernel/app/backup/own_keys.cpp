#include "app/backup/own_keys.hpp"

#include "base/exception.hpp"
#include "base/uuid.hpp"

#include <utility>

namespace hub::backup {

namespace {

constexpr std::size_t kKeyBytes = 32;

} // namespace

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

} // namespace hub::backup
