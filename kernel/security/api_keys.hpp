// ApiKeys: tokens for programs. A token is `ehk_<id>_<secret>`; the store holds only a digest.
#pragma once

#include "base/clock.hpp"
#include "store/connection.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hub::security {

struct ApiKey {
    std::string id;
    std::string holder; // a named person or system
    std::vector<std::string> scopes;
    std::int64_t created_ms = 0;
    std::int64_t expires_ms = 0; // 0: never
    bool revoked = false;

    /// Scopes are `payments:write`; `*` holds all.
    bool allows(std::string_view scope) const;
};

/// authenticate() and list() are thread-safe; the others run in the lane.
class ApiKeys {
public:
    explicit ApiKeys(const base::Clock& clock);

    /// Fills the cache from the store.
    void load(store::Connection& connection);
    /// Returns the token, shown this once. Takes effect in the cache by `load` after the commit.
    std::string create(store::Connection& connection,
                       const std::string& holder,
                       const std::vector<std::string>& scopes,
                       std::int64_t expires_ms);
    bool revoke(store::Connection& connection, const std::string& id);

    /// HUB_UNAUTHENTICATED: unknown, revoked or expired; compares in constant time.
    Result<ApiKey> authenticate(std::string_view token) const;
    std::vector<ApiKey> list() const;

private:
    struct Stored {
        ApiKey key;
        std::string digest;
    };

    const base::Clock& clock_;
    mutable std::mutex mutex_;
    std::map<std::string, Stored, std::less<>> keys_;
};

} // namespace hub::security
