#include "journal/idempotency.hpp"

namespace hub::journal {

namespace {

constexpr std::int64_t kKeptMs = std::int64_t{7} * 24 * 3600 * 1000;

} // namespace

std::optional<StoredAnswer> Idempotency::find(store::Connection& connection,
                                              const IdempotencyKey& key)
{
    auto& query =
        connection.prepare("SELECT body_digest, status, location, etag, body FROM hub_idempotency "
                           "WHERE partition = 0 AND principal = ? AND route = ? AND key = ?");
    query.bindText(1, key.principal).bindText(2, key.route).bindText(3, key.key);
    if (!query.step()) {
        return std::nullopt;
    }
    return StoredAnswer{query.text(0),
                        static_cast<int>(query.integer(1)),
                        query.text(2),
                        query.text(3),
                        query.text(4)};
}

void Idempotency::store(Group& group, const IdempotencyKey& key, const StoredAnswer& answer)
{
    group.connection()
        .prepare("INSERT INTO hub_idempotency (partition, principal, route, key, body_digest, "
                 "status, location, etag, body, created_ms) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bindText(1, key.principal)
        .bindText(2, key.route)
        .bindText(3, key.key)
        .bindText(4, answer.body_digest)
        .bind(5, answer.status)
        .bindText(6, answer.location)
        .bindText(7, answer.etag)
        .bindBlob(8, answer.body)
        .bind(9, group.nowMs())
        .run();
}

std::int64_t Idempotency::prune(Group& group, std::size_t limit)
{
    auto& query = group.connection().prepare(
        "SELECT principal, route, key FROM hub_idempotency WHERE created_ms < ? LIMIT ?");
    query.bind(1, group.nowMs() - kKeptMs).bind(2, static_cast<std::int64_t>(limit));
    std::vector<IdempotencyKey> old;
    while (query.step()) {
        old.push_back({query.text(0), query.text(1), query.text(2)});
    }
    for (const IdempotencyKey& key : old) {
        group.connection()
            .prepare("DELETE FROM hub_idempotency WHERE partition = 0 AND principal = ? "
                     "AND route = ? AND key = ?")
            .bindText(1, key.principal)
            .bindText(2, key.route)
            .bindText(3, key.key)
            .run();
    }
    return static_cast<std::int64_t>(old.size());
}

} // namespace hub::journal
