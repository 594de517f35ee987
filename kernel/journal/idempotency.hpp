// Idempotency: the first committed answer to (principal, route, key), given again to whoever asks
// again. Runs in the lane, so parallel duplicates are decided one after another.
#pragma once

#include "journal/group.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hub::journal {

struct IdempotencyKey {
    std::string principal;
    std::string route;
    std::string key;
};

struct StoredAnswer {
    std::string body_digest;
    int status = 0;
    std::string location;
    std::string etag;
    std::string body; // JSON
};

class Idempotency {
public:
    static std::optional<StoredAnswer> find(store::Connection& connection,
                                            const IdempotencyKey& key);
    static void store(Group& group, const IdempotencyKey& key, const StoredAnswer& answer);
    /// Removes what is older than 7 days; returns how many.
    static std::int64_t prune(Group& group, std::size_t limit);
};

} // namespace hub::journal
