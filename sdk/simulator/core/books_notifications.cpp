// The part of the books that keeps owed messages, and the view of everything as JSON.
#include "core/books.hpp"

namespace hub::simulator {

namespace {

/// Reads all rows of a statement whose columns are named in the SQL.
template <typename Reader>
Json readRows(Statement& rows, Reader&& reader)
{
    Json list = Json::array();
    while (rows.step()) {
        list.push_back(reader(rows));
    }
    return list;
}

} // namespace

void Book::insert(const Notification& notification)
{
    database_
        .prepare("INSERT INTO notifications (id, trade, provider, app, number, event, url, fields, "
                 "state, due_ms, attempts) VALUES (?,?,?,?,?,?,?,?,?,?,?)")
        .bind(notification.id,
              notification.trade,
              notification.provider,
              notification.app,
              notification.number,
              notification.event,
              notification.url,
              notification.fields,
              notification.state,
              notification.due_ms,
              notification.attempts)
        .run();
}

std::vector<Notification> Book::owedNotifications(std::int64_t limit)
{
    Statement rows = database_.prepare(
        "SELECT id, trade, provider, app, number, event, url, fields, state, due_ms, attempts "
        "FROM notifications WHERE state IN ('queued', 'held', 'delayed') "
        "ORDER BY due_ms, rowid LIMIT ?");
    rows.bind(limit);
    std::vector<Notification> owed;
    while (rows.step()) {
        owed.push_back({.id = rows.text(0),
                        .trade = rows.integer(1),
                        .provider = rows.text(2),
                        .app = rows.text(3),
                        .number = rows.text(4),
                        .event = rows.text(5),
                        .url = rows.text(6),
                        .fields = rows.text(7),
                        .state = rows.text(8),
                        .due_ms = rows.integer(9),
                        .attempts = rows.integer(10)});
    }
    return owed;
}

void Book::reschedule(std::string_view id,
                      std::string_view state,
                      std::int64_t due_ms,
                      std::int64_t attempts)
{
    database_.prepare("UPDATE notifications SET state = ?, due_ms = ?, attempts = ? WHERE id = ?")
        .bind(state, due_ms, attempts, id)
        .run();
}

void Book::releaseHeld(std::int64_t trade, std::string_view id, std::int64_t now_ms)
{
    database_
        .prepare("UPDATE notifications SET due_ms = ? "
                 "WHERE trade = ? AND id <> ? AND state = 'held'")
        .bind(now_ms, trade, id)
        .run();
}

bool Book::sendAgain(std::int64_t trade, std::int64_t now_ms)
{
    Statement row =
        database_.prepare("UPDATE notifications SET state = 'queued', due_ms = ? WHERE rowid = "
                          "(SELECT max(rowid) FROM notifications WHERE trade = ?) RETURNING id");
    row.bind(now_ms, trade);
    const bool found = row.step();
    row.run();
    return found;
}

void Book::insert(const Delivery& delivery)
{
    database_
        .prepare("INSERT INTO deliveries (notification, attempt, sent_ms, http_status, answer, "
                 "accepted, fault) VALUES (?,?,?,?,?,?,?)")
        .bind(delivery.notification,
              delivery.attempt,
              delivery.sent_ms,
              delivery.http_status,
              delivery.answer,
              delivery.accepted,
              delivery.fault)
        .run();
}

Json Book::toJson(std::string_view number)
{
    Json balances = Json::array();
    Statement rows = database_.prepare("SELECT provider, seller, balance_minor FROM balances");
    while (rows.step()) {
        balances.push_back({{"provider", rows.text(0)},
                            {"seller_id", rows.text(1)},
                            {"balance_minor", rows.integer(2)}});
    }
    return {{"trades", tradesToJson(number)},
            {"refunds", refundsToJson(number)},
            {"notifications", notificationsToJson(number)},
            {"deliveries", deliveriesToJson(number)},
            {"balances", std::move(balances)}};
}

Json Book::tradesToJson(std::string_view number)
{
    Statement rows = database_.prepare(
        "SELECT provider, seller, app, number, provider_number, code, state, close_reason, "
        "amount_minor, refunded_minor, subject, notify_url, created_ms, opened_ms, paid_ms, "
        "closed_ms FROM trades WHERE ?1 = '' OR number = ?1 ORDER BY id");
    rows.bind(number);
    return readRows(rows, [](const Statement& row) {
        return Json{{"provider", row.text(0)},
                    {"seller_id", row.text(1)},
                    {"app_id", row.text(2)},
                    {"out_trade_no", row.text(3)},
                    {"trade_no", row.text(4)},
                    {"qr", row.text(5)},
                    {"state", row.text(6)},
                    {"close_reason", row.text(7)},
                    {"amount_minor", row.integer(8)},
                    {"refunded_minor", row.integer(9)},
                    {"subject", row.text(10)},
                    {"notify_url", row.text(11)},
                    {"created_ms", row.integer(12)},
                    {"opened_ms", row.integer(13)},
                    {"paid_ms", row.integer(14)},
                    {"closed_ms", row.integer(15)}};
    });
}

Json Book::refundsToJson(std::string_view number)
{
    Statement rows = database_.prepare(
        "SELECT t.provider, t.seller, t.number, t.provider_number, r.request_number, "
        "r.amount_minor, r.reason, r.booked_ms, r.provider_number, r.state FROM refunds r JOIN "
        "trades t ON t.id = r.trade "
        "WHERE ?1 = '' OR t.number = ?1 ORDER BY r.id");
    rows.bind(number);
    return readRows(rows, [](const Statement& row) {
        return Json{{"provider", row.text(0)},
                    {"seller_id", row.text(1)},
                    {"out_trade_no", row.text(2)},
                    {"trade_no", row.text(3)},
                    {"out_request_no", row.text(4)},
                    {"amount_minor", row.integer(5)},
                    {"reason", row.text(6)},
                    {"booked_ms", row.integer(7)},
                    {"refund_no", row.text(8)},
                    {"state", row.text(9)}};
    });
}

Json Book::notificationsToJson(std::string_view number)
{
    Statement rows =
        database_.prepare("SELECT id, provider, app, number, event, url, state, due_ms, attempts "
                          "FROM notifications WHERE ?1 = '' OR number = ?1 ORDER BY rowid");
    rows.bind(number);
    return readRows(rows, [](const Statement& row) {
        return Json{{"notify_id", row.text(0)},
                    {"provider", row.text(1)},
                    {"app_id", row.text(2)},
                    {"out_trade_no", row.text(3)},
                    {"event", row.text(4)},
                    {"url", row.text(5)},
                    {"state", row.text(6)},
                    {"due_ms", row.integer(7)},
                    {"attempts", row.integer(8)}};
    });
}

Json Book::deliveriesToJson(std::string_view number)
{
    Statement rows = database_.prepare(
        "SELECT n.number, d.notification, n.event, d.attempt, d.sent_ms, d.http_status, d.answer, "
        "d.accepted, d.fault FROM deliveries d JOIN notifications n ON n.id = d.notification "
        "WHERE ?1 = '' OR n.number = ?1 ORDER BY d.id");
    rows.bind(number);
    return readRows(rows, [](const Statement& row) {
        return Json{{"out_trade_no", row.text(0)},
                    {"notify_id", row.text(1)},
                    {"event", row.text(2)},
                    {"attempt", row.integer(3)},
                    {"sent_ms", row.integer(4)},
                    {"http_status", row.integer(5)},
                    {"answer", row.text(6)},
                    {"accepted", row.integer(7) != 0},
                    {"fault", row.text(8)}};
    });
}

} // namespace hub::simulator
