#include "journal/timers.hpp"

#include "base/failpoint.hpp"
#include "base/json.hpp"

#include <utility>
#include <vector>

namespace hub::journal {

void Timers::set(Group& group, const Timer& timer)
{
    group.connection()
        .prepare("INSERT INTO hub_timer (partition, owner, kind, key, due_ms, edition, trace, "
                 "payload) VALUES (0, ?, ?, ?, ?, ?, ?, ?) "
                 "ON CONFLICT (partition, owner, kind, key) DO UPDATE SET "
                 "due_ms = excluded.due_ms, edition = excluded.edition, "
                 "trace = excluded.trace, payload = excluded.payload")
        .bindText(1, timer.owner)
        .bindText(2, timer.kind)
        .bindText(3, timer.key)
        .bind(4, timer.due_ms)
        .bindText(5, timer.edition)
        .bindText(6, timer.trace)
        .bindBlob(7, timer.payload)
        .run();
}

bool Timers::cancel(Group& group,
                    const std::string& owner,
                    const std::string& kind,
                    const std::string& key)
{
    return group.connection()
               .prepare("DELETE FROM hub_timer WHERE partition = 0 AND owner = ? AND kind = ? "
                        "AND key = ?")
               .bindText(1, owner)
               .bindText(2, kind)
               .bindText(3, key)
               .run() != 0;
}

std::optional<std::int64_t> Timers::nextDue(store::Connection& connection)
{
    auto& query = connection.prepare(
        "SELECT due_ms FROM hub_timer WHERE partition = 0 ORDER BY due_ms LIMIT 1");
    return query.step() ? std::optional{query.integer(0)} : std::nullopt;
}

std::size_t Timers::fire(Group& group, EventLog& log, std::size_t limit)
{
    auto& query = group.connection().prepare(
        "SELECT owner, kind, key, due_ms, edition, trace, payload FROM hub_timer "
        "WHERE partition = 0 AND due_ms <= ? ORDER BY due_ms, owner, kind, key LIMIT ?");
    query.bind(1, group.nowMs()).bind(2, static_cast<std::int64_t>(limit));
    std::vector<Timer> due;
    while (query.step()) {
        due.push_back({query.text(0),
                       query.text(1),
                       query.text(2),
                       query.integer(3),
                       query.text(4),
                       query.text(5),
                       query.text(6)});
    }
    for (Timer& timer : due) {
        cancel(group, timer.owner, timer.kind, timer.key);
        Publication event;
        event.type = kTimerEvent;
        event.key = timer.key;
        event.edition = std::move(timer.edition);
        event.trace = std::move(timer.trace);
        event.publisher = "hub";
        event.recipient = std::move(timer.owner);
        event.payload = base::Json{{"kind", timer.kind}, {"payload", timer.payload}}.dump();
        log.append(group, std::move(event));
        HUB_FAILPOINT(TimerFired);
    }
    return due.size();
}

} // namespace hub::journal
