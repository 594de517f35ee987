#include "journal/retention.hpp"

#include "journal/idempotency.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hub::journal {

namespace {

/// Deletes the rows that `query` names by number; `query` has the parameters (before_ms, limit).
std::size_t removeByNumber(Group& group,
                           std::string_view query,
                           std::string_view removal,
                           std::int64_t before_ms,
                           std::size_t limit)
{
    auto& select = group.connection().prepare(query);
    select.bind(1, before_ms).bind(2, static_cast<std::int64_t>(limit));
    std::vector<std::int64_t> numbers;
    while (select.step()) {
        numbers.push_back(select.integer(0));
    }
    for (const std::int64_t number : numbers) {
        group.connection().prepare(removal).bind(1, number).run();
    }
    return numbers.size();
}

std::size_t removeExchanges(Group& group, std::int64_t before_ms, std::size_t limit)
{
    auto& select = group.connection().prepare(
        "SELECT id FROM hub_exchange WHERE partition = 0 AND started_ms < ? "
        "ORDER BY id LIMIT ?");
    select.bind(1, before_ms).bind(2, static_cast<std::int64_t>(limit));
    std::vector<std::string> ids;
    while (select.step()) {
        ids.push_back(select.text(0));
    }
    for (const std::string& id : ids) {
        group.connection()
            .prepare("DELETE FROM hub_exchange WHERE partition = 0 AND id = ?")
            .bindText(1, id)
            .run();
    }
    return ids.size();
}

} // namespace

std::size_t Retention::prune(Group& group, const RetentionSettings& settings)
{
    const std::int64_t before_ms = group.nowMs() - settings.events_ms;
    std::size_t removed = static_cast<std::size_t>(Idempotency::prune(group, settings.batch));
    removed += removeByNumber(
        group,
        "SELECT seq FROM hub_event WHERE partition = 0 AND time_ms < ? "
        "AND seq <= (SELECT COALESCE(MIN(cursor), 0) FROM hub_subscriber WHERE partition = 0) "
        "AND NOT EXISTS (SELECT 1 FROM hub_subscriber_mark m WHERE m.partition = 0 "
        "AND m.seq = hub_event.seq) "
        "AND NOT EXISTS (SELECT 1 FROM hub_dead_letter d WHERE d.partition = 0 "
        "AND d.seq = hub_event.seq AND d.state = 'open') ORDER BY seq LIMIT ?",
        "DELETE FROM hub_event WHERE partition = 0 AND seq = ?",
        before_ms,
        settings.batch);
    removed += removeByNumber(
        group,
        "SELECT id FROM hub_call WHERE partition = 0 AND state = 'answered' AND resolving = 0 "
        "AND answered_ms < ? ORDER BY id LIMIT ?",
        "DELETE FROM hub_call WHERE partition = 0 AND id = ?",
        before_ms,
        settings.batch);
    return removed + removeExchanges(group, before_ms, settings.batch);
}

} // namespace hub::journal
