#include "journal/calls.hpp"

#include <array>
#include <string_view>

namespace hub::journal {

namespace {

constexpr std::array<std::string_view, 4> kStates = {"queued", "dispatched", "sending", "answered"};

#define HUB_CALL_COLUMNS                                                                           \
    "id, uuid, contract, operation, version, carrier, owner, connector, account, key, edition, "   \
    "idempotency_key, principal, trace, correlation, safe, personal, payload, state, delivery, "   \
    "attempt, created_ms, due_ms, deadline_ms, timeout_ms, outcome, status, message, result, "     \
    "resolves, resolving, resolve_step, released"

/// The second half says what the first implies, for SQLite: it would not use the index of calls
/// under way (hub_call_open) otherwise, but read all that ever were.
#define HUB_CALL_QUEUED "state = 'queued' AND state <> 'answered'"

CallState toState(std::string_view text)
{
    for (std::size_t i = 0; i < kStates.size(); ++i) {
        if (kStates[i] == text) {
            return static_cast<CallState>(i);
        }
    }
    throw base::Failure(HUB_INTERNAL, "hub_call.state is \"{}\", which no hub writes", text);
}

CallRow readRow(const store::Statement& row)
{
    CallRow call;
    call.call.id = static_cast<hub_call_id>(row.integer(0));
    call.call.uuid = row.text(1);
    call.call.contract = row.text(2);
    call.call.operation = row.text(3);
    call.call.version = static_cast<std::uint32_t>(row.integer(4));
    call.call.carrier = row.text(5);
    call.owner = row.text(6);
    call.call.connector = row.text(7);
    call.call.account = row.text(8);
    call.call.key = row.text(9);
    call.call.edition = row.text(10);
    call.call.idempotency_key = row.text(11);
    call.call.principal = row.text(12);
    call.call.trace = row.text(13);
    call.correlation = row.text(14);
    call.call.safe = row.integer(15) != 0;
    call.call.personal = row.integer(16) != 0;
    call.call.payload = row.text(17);
    call.state = toState(row.bytes(18));
    call.call.delivery = static_cast<std::uint32_t>(row.integer(19));
    call.call.attempt = static_cast<std::uint32_t>(row.integer(20));
    call.call.created_ms = row.integer(21);
    call.due_ms = row.integer(22);
    call.call.deadline_ms = row.integer(23);
    call.timeout_ms = row.integer(24);
    call.outcome = static_cast<std::uint32_t>(row.integer(25));
    call.status = static_cast<hub_status>(row.integer(26));
    call.message = row.text(27);
    call.result = row.text(28);
    call.resolves = static_cast<hub_call_id>(row.integer(29));
    call.resolving = row.integer(30) != 0;
    call.resolve_step = static_cast<std::uint32_t>(row.integer(31));
    call.released = row.integer(32) != 0;
    return call;
}

std::string place(const std::string& uuid, const char* column)
{
    return "hub_call/" + uuid + "/" + column;
}

/// The row's values as they are handed out.
CallRow opened(CallRow row, const PayloadSeal& seal)
{
    if (row.call.personal && !row.call.payload.empty()) {
        row.call.payload = seal.open(place(row.call.uuid, "payload"), row.call.payload);
    }
    if (row.call.personal && !row.result.empty()) {
        row.result = seal.open(place(row.call.uuid, "result"), row.result);
    }
    return row;
}

std::string sealedResult(const Group& group, const CallRow& row, const std::string& result)
{
    return row.call.personal && !result.empty()
               ? group.seal().seal(place(row.call.uuid, "result"), result)
               : result;
}

std::int64_t number(hub_call_id id)
{
    return static_cast<std::int64_t>(id);
}

/// The lowest value of column `safe` that fits.
std::int64_t leastSafe(Calls::Which which)
{
    return which == Calls::Which::SafeOnly ? 1 : 0;
}

std::int64_t readCount(store::Statement& query)
{
    const std::int64_t count = query.step() ? query.integer(0) : 0;
    query.run();
    return count;
}

std::vector<hub_call_id> readIds(store::Statement& query)
{
    std::vector<hub_call_id> ids;
    while (query.step()) {
        ids.push_back(static_cast<hub_call_id>(query.integer(0)));
    }
    return ids;
}

} // namespace

hub_call_id Calls::create(Group& group, const NewCall& wanted)
{
    const std::int64_t id = group.sequences().nextCall();
    const std::string uuid = group.makeId();
    const std::int64_t deadline_ms =
        wanted.deadline_ms == 0 ? group.nowMs() + wanted.spec.timeout_ms : wanted.deadline_ms;
    auto& insert = group.connection().prepare(
        "INSERT INTO hub_call (partition, " HUB_CALL_COLUMNS ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0, 1, ?, ?, ?, ?, NULL, NULL, NULL, NULL, ?, 0, "
        "0, 0)");
    insert.bind(1, id)
        .bindText(2, uuid)
        .bindText(3, wanted.spec.contract)
        .bindText(4, wanted.spec.operation)
        .bind(5, wanted.spec.version)
        .bindText(6, wanted.spec.carrier)
        .bindText(7, wanted.owner)
        .bindText(8, wanted.connector)
        .bindText(9, wanted.account)
        .bindText(10, wanted.key)
        .bindText(11, wanted.edition)
        .bindText(12, wanted.idempotency_key.empty() ? uuid : wanted.idempotency_key)
        .bindText(13, wanted.principal)
        .bindText(14, wanted.trace)
        .bindText(15, wanted.correlation)
        .bind(16, wanted.spec.safe ? 1 : 0)
        .bind(17, wanted.spec.personal ? 1 : 0)
        .bindBlob(18,
                  wanted.spec.personal ? group.seal().seal(place(uuid, "payload"), wanted.payload)
                                       : wanted.payload)
        .bind(19, group.nowMs())
        .bind(20, group.nowMs())
        .bind(21, deadline_ms)
        .bind(22, wanted.spec.timeout_ms);
    if (wanted.resolves == 0) {
        insert.bindNull(23);
    } else {
        insert.bind(23, number(wanted.resolves));
    }
    insert.run();
    group.effects().connectors_with_calls.insert(wanted.connector);
    return static_cast<hub_call_id>(id);
}

std::optional<CallRow> Calls::load(Group& group, hub_call_id id)
{
    auto& query = group.connection().prepare("SELECT " HUB_CALL_COLUMNS
                                             ", sending_ms, dispatched_ms FROM hub_call "
                                             "WHERE partition = 0 AND id = ?");
    query.bind(1, number(id));
    if (!query.step()) {
        return std::nullopt;
    }
    CallRow row = opened(readRow(query), group.seal());
    row.ever_marked = query.type(33) != store::ValueType::Null;
    row.marked = row.ever_marked && query.integer(33) >= query.integer(34);
    return row;
}

std::optional<std::uint32_t> Calls::outcomeOf(store::Connection& connection, hub_call_id id)
{
    auto& query = connection.prepare("SELECT outcome FROM hub_call WHERE partition = 0 AND id = ?");
    query.bind(1, number(id));
    return query.step() ? std::optional{static_cast<std::uint32_t>(query.integer(0))}
                        : std::nullopt;
}

std::vector<CallDelivery>
Calls::dispatch(Group& group, const std::string& connector, std::size_t limit, Which which)
{
    auto& query = group.connection().prepare("SELECT " HUB_CALL_COLUMNS " FROM hub_call "
                                             "WHERE " HUB_CALL_QUEUED
                                             " AND connector = ? AND due_ms <= ? AND safe >= ? "
                                             "ORDER BY id LIMIT ?");
    query.bindText(1, connector)
        .bind(2, group.nowMs())
        .bind(3, leastSafe(which))
        .bind(4, static_cast<std::int64_t>(limit));
    std::vector<CallDelivery> deliveries;
    while (query.step()) {
        deliveries.push_back(opened(readRow(query), group.seal()).call);
    }
    for (CallDelivery& delivery : deliveries) {
        ++delivery.delivery;
        group.connection()
            .prepare("UPDATE hub_call SET state = 'dispatched', delivery = ?, dispatched_ms = ? "
                     "WHERE partition = 0 AND id = ?")
            .bind(1, delivery.delivery)
            .bind(2, group.nowMs())
            .bind(3, number(delivery.id))
            .run();
    }
    return deliveries;
}

bool Calls::markSending(Group& group,
                        hub_call_id id,
                        std::uint32_t delivery,
                        const std::string& request_digest)
{
    return group.connection()
               .prepare("UPDATE hub_call SET state = 'sending', sending_ms = ?, request_digest = ? "
                        "WHERE partition = 0 AND id = ? AND delivery = ? "
                        "AND state = 'dispatched' AND carrier = 'hub' AND deadline_ms > ?")
               .bind(1, group.nowMs())
               .bindText(2, request_digest)
               .bind(3, number(id))
               .bind(4, delivery)
               .bind(5, group.nowMs())
               .run() != 0;
}

void Calls::requeue(
    Group& group, const CallRow& row, std::int64_t due_ms, std::int64_t deadline_ms, bool again)
{
    // The delivery number moves at the next dispatch; until then state <> 'dispatched' fences.
    group.connection()
        .prepare("UPDATE hub_call SET state = 'queued', due_ms = ?, deadline_ms = ?, attempt = ? "
                 "WHERE partition = 0 AND id = ?")
        .bind(1, due_ms)
        .bind(2, deadline_ms)
        .bind(3, row.call.attempt + (again ? 1 : 0))
        .bind(4, number(row.call.id))
        .run();
    group.effects().connectors_with_calls.insert(row.call.connector);
}

void Calls::finish(Group& group,
                   const CallRow& row,
                   std::uint32_t outcome,
                   const CallAnswer& answer)
{
    const bool released_form = row.call.carrier == kBrowser && outcome == HUB_OUTCOME_SUCCEEDED;
    group.connection()
        .prepare("UPDATE hub_call SET state = 'answered', answered_ms = ?, outcome = ?, "
                 "status = ?, message = ?, result = ?, resolving = 0, "
                 "sending_ms = CASE WHEN ? = 1 THEN ? ELSE sending_ms END "
                 "WHERE partition = 0 AND id = ?")
        .bind(1, group.nowMs())
        .bind(2, outcome)
        .bind(3, answer.status)
        .bindText(4, answer.message)
        .bindBlob(5, sealedResult(group, row, answer.payload))
        .bind(6, released_form ? 1 : 0)
        .bind(7, group.nowMs())
        .bind(8, number(row.call.id))
        .run();
    group.effects().answered.push_back({row.call.id, outcome});
}

void Calls::keepResolving(Group& group,
                          const CallRow& row,
                          std::uint32_t outcome,
                          const CallAnswer& answer,
                          std::uint32_t step,
                          std::int64_t due_ms)
{
    group.connection()
        .prepare("UPDATE hub_call SET state = 'answered', answered_ms = ?, outcome = ?, "
                 "status = ?, message = ?, result = ?, resolving = CASE released WHEN 1 THEN 0 "
                 "ELSE 1 END, resolve_step = ?, due_ms = ? WHERE partition = 0 AND id = ?")
        .bind(1, group.nowMs())
        .bind(2, outcome)
        .bind(3, answer.status)
        .bindText(4, answer.message)
        .bindBlob(5, sealedResult(group, row, answer.payload))
        .bind(6, step)
        .bind(7, due_ms)
        .bind(8, number(row.call.id))
        .run();
    group.effects().answered.push_back({row.call.id, outcome});
}

bool Calls::release(Group& group, hub_call_id id, const std::string& owner)
{
    return group.connection()
               .prepare("UPDATE hub_call SET released = 1, resolving = 0 "
                        "WHERE partition = 0 AND id = ? AND owner = ?")
               .bind(1, number(id))
               .bindText(2, owner)
               .run() != 0;
}

void Calls::purge(Group& group, hub_call_id id)
{
    group.connection()
        .prepare("UPDATE hub_call SET payload = NULL, result = NULL WHERE partition = 0 "
                 "AND id = ? AND personal = 1 AND state = 'answered' AND resolving = 0")
        .bind(1, number(id))
        .run();
}

std::vector<hub_call_id> Calls::pastDeadline(store::Connection& connection,
                                             std::int64_t now_ms,
                                             std::size_t limit,
                                             Which which)
{
    auto& query = connection.prepare("SELECT id FROM hub_call WHERE state <> 'answered' "
                                     "AND deadline_ms <= ? AND (safe >= ? OR state <> 'queued') "
                                     "ORDER BY deadline_ms LIMIT ?");
    query.bind(1, now_ms).bind(2, leastSafe(which)).bind(3, static_cast<std::int64_t>(limit));
    return readIds(query);
}

std::vector<hub_call_id>
Calls::resolvable(store::Connection& connection, std::int64_t now_ms, std::size_t limit)
{
    auto& query = connection.prepare("SELECT id FROM hub_call WHERE resolving = 1 "
                                     "AND state = 'answered' AND due_ms <= ? "
                                     "ORDER BY due_ms LIMIT ?");
    query.bind(1, now_ms).bind(2, static_cast<std::int64_t>(limit));
    return readIds(query);
}

std::vector<std::string>
Calls::connectorsWithQueued(store::Connection& connection, std::int64_t now_ms, Which which)
{
    auto& query =
        connection.prepare("SELECT DISTINCT connector FROM hub_call WHERE " HUB_CALL_QUEUED
                           " AND due_ms <= ? AND safe >= ?");
    query.bind(1, now_ms).bind(2, leastSafe(which));
    std::vector<std::string> connectors;
    while (query.step()) {
        connectors.push_back(query.text(0));
    }
    return connectors;
}

std::vector<hub_call_id> Calls::openAndNotSafe(store::Connection& connection)
{
    auto& query = connection.prepare("SELECT id FROM hub_call WHERE safe = 0 "
                                     "AND (state <> 'answered' OR resolving = 1) ORDER BY id");
    return readIds(query);
}

std::map<std::string, std::int64_t> Calls::openByAccount(store::Connection& connection)
{
    std::map<std::string, std::int64_t> open;
    // Two searches of partial indexes; one condition with OR would read the whole table.
    auto& query = connection.prepare(
        "SELECT account, COUNT(*) FROM ("
        "SELECT account FROM hub_call WHERE state <> 'answered' UNION ALL "
        "SELECT account FROM hub_call WHERE resolving = 1 AND state = 'answered') AS owed "
        "GROUP BY account");
    while (query.step()) {
        open[query.text(0)] = query.integer(1);
    }
    return open;
}

std::int64_t Calls::notAskedYet(store::Connection& connection, std::int64_t last)
{
    auto& query = connection.prepare("SELECT COUNT(*) FROM hub_call WHERE resolving = 1 "
                                     "AND resolve_step = 0 AND safe = 0 AND id <= ?");
    query.bind(1, last);
    return readCount(query);
}

std::int64_t Calls::countHeld(store::Connection& connection)
{
    return readCount(
        connection.prepare("SELECT COUNT(*) FROM hub_call WHERE " HUB_CALL_QUEUED " AND safe = 0"));
}

std::vector<hub_call_id> Calls::held(store::Connection& connection)
{
    return readIds(connection.prepare("SELECT id FROM hub_call WHERE " HUB_CALL_QUEUED
                                      " AND safe = 0 ORDER BY id"));
}

} // namespace hub::journal
