#include "journal/dead_letters.hpp"

#include "base/failpoint.hpp"

namespace hub::journal {

namespace {

#define HUB_DEAD_LETTER_COLUMNS                                                                    \
    "id, subscriber, seq, event_id, type, key, attempt, reason, state, created_ms, decided_ms, "   \
    "decided_by"

DeadLetter readRow(const store::Statement& row)
{
    DeadLetter letter;
    letter.id = row.integer(0);
    letter.subscriber = row.text(1);
    letter.seq = row.integer(2);
    letter.event_id = row.text(3);
    letter.type = row.text(4);
    letter.key = row.text(5);
    letter.attempt = static_cast<std::uint32_t>(row.integer(6));
    letter.reason = row.text(7);
    letter.state = row.text(8);
    letter.created_ms = row.integer(9);
    letter.decided_ms = row.integer(10);
    letter.decided_by = row.text(11);
    return letter;
}

} // namespace

void DeadLetters::add(Group& group,
                      const std::string& subscriber,
                      const Event& event,
                      std::uint32_t attempt,
                      const std::string& reason)
{
    group.connection()
        .prepare("INSERT INTO hub_dead_letter (partition, id, subscriber, seq, event_id, type, "
                 "key, attempt, reason, state, created_ms) "
                 "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)")
        .bind(1, group.sequences().nextDeadLetter())
        .bindText(2, subscriber)
        .bind(3, event.seq)
        .bindText(4, event.id)
        .bindText(5, event.type)
        .bindText(6, event.key)
        .bind(7, attempt)
        .bindText(8, reason)
        .bind(9, group.nowMs())
        .run();
    HUB_FAILPOINT(DeadLetterWritten);
}

std::optional<DeadLetter> DeadLetters::find(store::Connection& connection, std::int64_t id)
{
    auto& query = connection.prepare("SELECT " HUB_DEAD_LETTER_COLUMNS
                                     " FROM hub_dead_letter WHERE partition = 0 AND id = ?");
    query.bind(1, id);
    return query.step() ? std::optional{readRow(query)} : std::nullopt;
}

std::vector<DeadLetter>
DeadLetters::list(store::Connection& connection, const std::string& state, std::size_t limit)
{
    auto& query = connection.prepare("SELECT " HUB_DEAD_LETTER_COLUMNS
                                     " FROM hub_dead_letter WHERE (? = '' OR state = ?) "
                                     "ORDER BY id DESC LIMIT ?");
    query.bindText(1, state).bindText(2, state).bind(3, static_cast<std::int64_t>(limit));
    std::vector<DeadLetter> letters;
    while (query.step()) {
        letters.push_back(readRow(query));
    }
    return letters;
}

bool DeadLetters::decide(Group& group,
                         std::int64_t id,
                         const std::string& state,
                         const std::string& actor)
{
    return group.connection()
               .prepare("UPDATE hub_dead_letter SET state = ?, decided_ms = ?, decided_by = ? "
                        "WHERE partition = 0 AND id = ? AND state = 'open'")
               .bindText(1, state)
               .bind(2, group.nowMs())
               .bindText(3, actor)
               .bind(4, id)
               .run() != 0;
}

} // namespace hub::journal
