#include "core/books.hpp"

#include <array>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace hub::simulator {

namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS trades (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    seller TEXT NOT NULL,
    app TEXT NOT NULL,
    number TEXT NOT NULL,
    provider_number TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    close_reason TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    refunded_minor INTEGER NOT NULL CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    subject TEXT NOT NULL,
    content TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL,
    paid_ms INTEGER NOT NULL,
    closed_ms INTEGER NOT NULL,
    code_expires_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    paid_due_ms INTEGER NOT NULL,
    UNIQUE (provider, seller, number)
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS trades_by_provider_number
    ON trades (provider, provider_number) WHERE provider_number <> '';
CREATE INDEX IF NOT EXISTS trades_by_number ON trades (number);
CREATE INDEX IF NOT EXISTS trades_waiting ON trades (expires_ms) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS trades_issued ON trades (expires_ms) WHERE state = 'issued';
CREATE INDEX IF NOT EXISTS trades_paid ON trades (provider, paid_due_ms) WHERE state = 'paid';

CREATE TABLE IF NOT EXISTS refunds (
    id INTEGER PRIMARY KEY,
    trade INTEGER NOT NULL REFERENCES trades (id),
    request_number TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    reason TEXT NOT NULL,
    booked_ms INTEGER NOT NULL,
    UNIQUE (trade, request_number)
) STRICT;

CREATE TABLE IF NOT EXISTS balances (
    provider TEXT NOT NULL,
    seller TEXT NOT NULL,
    balance_minor INTEGER NOT NULL,
    PRIMARY KEY (provider, seller)
) STRICT;

CREATE TABLE IF NOT EXISTS notifications (
    id TEXT PRIMARY KEY,
    trade INTEGER NOT NULL REFERENCES trades (id),
    provider TEXT NOT NULL,
    app TEXT NOT NULL,
    number TEXT NOT NULL,
    event TEXT NOT NULL,
    url TEXT NOT NULL,
    fields TEXT NOT NULL,
    state TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS notifications_owed
    ON notifications (due_ms) WHERE state IN ('queued', 'held', 'delayed');
CREATE INDEX IF NOT EXISTS notifications_by_trade ON notifications (trade);
CREATE INDEX IF NOT EXISTS notifications_by_number ON notifications (number);

CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY,
    notification TEXT NOT NULL REFERENCES notifications (id),
    attempt INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL,
    http_status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    fault TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_by_notification ON deliveries (notification);

CREATE TABLE IF NOT EXISTS clock (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    real_ms INTEGER NOT NULL,
    test_ms INTEGER NOT NULL,
    speed_milli INTEGER NOT NULL CHECK (speed_milli > 0)
) STRICT;
)sql";

/// What books of the first form lack.
constexpr const char* kRefundColumns = R"sql(
ALTER TABLE refunds ADD COLUMN provider_number TEXT NOT NULL DEFAULT '';
ALTER TABLE refunds ADD COLUMN state TEXT NOT NULL DEFAULT 'done';
ALTER TABLE refunds ADD COLUMN content TEXT NOT NULL DEFAULT '';
ALTER TABLE refunds ADD COLUMN notify_url TEXT NOT NULL DEFAULT '';
ALTER TABLE refunds ADD COLUMN due_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE refunds ADD COLUMN settled_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX refunds_by_request ON refunds (request_number);
CREATE INDEX refunds_processing ON refunds (due_ms) WHERE state = 'processing';
PRAGMA user_version = 1;
)sql";

/// In books of the second form every notification belongs to a trade.
constexpr const char* kNotificationsOfAll = R"sql(
CREATE TABLE notifications_of_all (
    id TEXT PRIMARY KEY,
    trade INTEGER NOT NULL,
    provider TEXT NOT NULL,
    app TEXT NOT NULL,
    number TEXT NOT NULL,
    event TEXT NOT NULL,
    url TEXT NOT NULL,
    fields TEXT NOT NULL,
    state TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL
) STRICT;
INSERT INTO notifications_of_all SELECT id, trade, provider, app, number, event, url, fields, state,
    due_ms, attempts FROM notifications ORDER BY rowid;
DROP TABLE notifications;
ALTER TABLE notifications_of_all RENAME TO notifications;
CREATE INDEX notifications_owed
    ON notifications (due_ms) WHERE state IN ('queued', 'held', 'delayed');
CREATE INDEX notifications_by_trade ON notifications (trade);
CREATE INDEX notifications_by_number ON notifications (number);
PRAGMA user_version = 2;
)sql";

constexpr std::array<std::pair<TradeState, std::string_view>, 6> kStates{{
    {TradeState::Issued, "issued"},
    {TradeState::Waiting, "waiting"},
    {TradeState::Paid, "paid"},
    {TradeState::Finished, "finished"},
    {TradeState::Closed, "closed"},
    {TradeState::Voided, "voided"},
}};

TradeState parseState(std::string_view text)
{
    for (const auto& [state, word] : kStates) {
        if (word == text) {
            return state;
        }
    }
    throw std::runtime_error("the books hold a trade in no known state");
}

constexpr std::string_view kTradeColumns =
    "SELECT id, provider, seller, app, number, provider_number, code, state, close_reason, "
    "amount_minor, refunded_minor, subject, content, notify_url, created_ms, opened_ms, paid_ms, "
    "closed_ms, code_expires_ms, expires_ms, paid_due_ms FROM trades ";

Trade readTrade(const Statement& row)
{
    return {.id = row.integer(0),
            .provider = row.text(1),
            .seller = row.text(2),
            .app = row.text(3),
            .number = row.text(4),
            .provider_number = row.text(5),
            .code = row.text(6),
            .state = parseState(row.text(7)),
            .close_reason = row.text(8),
            .amount_minor = row.integer(9),
            .refunded_minor = row.integer(10),
            .subject = row.text(11),
            .content = row.text(12),
            .notify_url = row.text(13),
            .created_ms = row.integer(14),
            .opened_ms = row.integer(15),
            .paid_ms = row.integer(16),
            .closed_ms = row.integer(17),
            .code_expires_ms = row.integer(18),
            .expires_ms = row.integer(19),
            .paid_due_ms = row.integer(20)};
}

template <typename... Values>
std::vector<Trade> readTrades(Database& database, std::string_view where, const Values&... values)
{
    Statement rows = database.prepare(std::string(kTradeColumns) + std::string(where));
    rows.bind(values...);
    std::vector<Trade> trades;
    while (rows.step()) {
        trades.push_back(readTrade(rows));
    }
    return trades;
}

template <typename... Values>
std::optional<Trade>
readOneTrade(Database& database, std::string_view where, const Values&... values)
{
    auto trades = readTrades(database, where, values...);
    return trades.empty() ? std::nullopt : std::optional(std::move(trades.front()));
}

/// How far the tables have been brought.
std::int64_t formOf(Database& database)
{
    Statement row = database.prepare("PRAGMA user_version");
    return row.step() ? row.integer(0) : 0;
}

} // namespace

std::string_view toText(TradeState state)
{
    return kStates.at(static_cast<std::size_t>(state)).second;
}

std::optional<Trade>
Book::findByNumber(std::string_view provider, std::string_view seller, std::string_view number)
{
    return readOneTrade(
        database_, "WHERE provider = ? AND seller = ? AND number = ?", provider, seller, number);
}

std::optional<Trade> Book::findByProviderNumber(std::string_view provider,
                                                std::string_view seller,
                                                std::string_view provider_number)
{
    return readOneTrade(database_,
                        "WHERE provider = ? AND seller = ? AND provider_number = ? AND "
                        "provider_number <> ''",
                        provider,
                        seller,
                        provider_number);
}

std::optional<Trade> Book::findByCode(std::string_view code)
{
    return readOneTrade(database_, "WHERE code = ?", code);
}

std::optional<Trade> Book::findById(std::int64_t id)
{
    return readOneTrade(database_, "WHERE id = ?", id);
}

std::optional<Trade> Book::findByNumberOfAny(std::string_view number)
{
    return readOneTrade(database_, "WHERE number = ? ORDER BY id", number);
}

std::vector<Trade> Book::dueForClosing(std::string_view provider,
                                       bool with_issued,
                                       std::int64_t now_ms,
                                       std::int64_t limit)
{
    auto due = readTrades(database_,
                          "WHERE state = 'waiting' AND provider = ? AND expires_ms <= ? LIMIT ?",
                          provider,
                          now_ms,
                          limit);
    if (with_issued) {
        auto unopened =
            readTrades(database_,
                       "WHERE state = 'issued' AND provider = ? AND expires_ms <= ? LIMIT ?",
                       provider,
                       now_ms,
                       limit);
        std::move(unopened.begin(), unopened.end(), std::back_inserter(due));
    }
    return due;
}

std::vector<Trade>
Book::dueForFinishing(std::string_view provider, std::int64_t paid_before_ms, std::int64_t limit)
{
    return readTrades(database_,
                      "WHERE state = 'paid' AND provider = ? AND paid_due_ms <= ? LIMIT ?",
                      provider,
                      paid_before_ms,
                      limit);
}

void Book::insert(Trade& trade)
{
    database_
        .prepare("INSERT INTO trades (provider, seller, app, number, provider_number, code, state, "
                 "close_reason, amount_minor, refunded_minor, subject, content, notify_url, "
                 "created_ms, opened_ms, paid_ms, closed_ms, code_expires_ms, expires_ms, "
                 "paid_due_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        .bind(trade.provider,
              trade.seller,
              trade.app,
              trade.number,
              trade.provider_number,
              trade.code,
              toText(trade.state),
              trade.close_reason,
              trade.amount_minor,
              trade.refunded_minor,
              trade.subject,
              trade.content,
              trade.notify_url,
              trade.created_ms,
              trade.opened_ms,
              trade.paid_ms,
              trade.closed_ms,
              trade.code_expires_ms,
              trade.expires_ms,
              trade.paid_due_ms)
        .run();
    trade.id = database_.lastId();
}

void Book::update(const Trade& trade)
{
    database_
        .prepare("UPDATE trades SET provider_number = ?, code = ?, state = ?, close_reason = ?, "
                 "refunded_minor = ?, notify_url = ?, opened_ms = ?, paid_ms = ?, closed_ms = ?, "
                 "code_expires_ms = ?, expires_ms = ?, paid_due_ms = ? WHERE id = ?")
        .bind(trade.provider_number,
              trade.code,
              toText(trade.state),
              trade.close_reason,
              trade.refunded_minor,
              trade.notify_url,
              trade.opened_ms,
              trade.paid_ms,
              trade.closed_ms,
              trade.code_expires_ms,
              trade.expires_ms,
              trade.paid_due_ms,
              trade.id)
        .run();
}

std::int64_t Book::balance(std::string_view provider, std::string_view seller)
{
    Statement row =
        database_.prepare("SELECT balance_minor FROM balances WHERE provider = ? AND seller = ?");
    row.bind(provider, seller);
    return row.step() ? row.integer(0) : 0;
}

void Book::changeBalance(std::string_view provider, std::string_view seller, std::int64_t by_minor)
{
    database_
        .prepare("INSERT INTO balances (provider, seller, balance_minor) VALUES (?1, ?2, ?3) "
                 "ON CONFLICT (provider, seller) DO UPDATE SET balance_minor = balance_minor + ?3")
        .bind(provider, seller, by_minor)
        .run();
}

std::optional<ClockAnchor> Book::clockAnchor()
{
    Statement row = database_.prepare("SELECT real_ms, test_ms, speed_milli FROM clock");
    if (!row.step()) {
        return std::nullopt;
    }
    return ClockAnchor{row.integer(0), row.integer(1), row.integer(2)};
}

void Book::saveClockAnchor(const ClockAnchor& anchor)
{
    database_
        .prepare("INSERT OR REPLACE INTO clock (id, real_ms, test_ms, speed_milli) "
                 "VALUES (1, ?, ?, ?)")
        .bind(anchor.real_ms, anchor.test_ms, anchor.speed_milli)
        .run();
}

Books::Books(const std::filesystem::path& file)
    : database_(file)
{
    if (!database_.tryRun("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; "
                          "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
                          "BEGIN EXCLUSIVE; COMMIT")) {
        throw std::runtime_error(file.string() +
                                 ": can't be locked; another simulator uses this folder, stop it "
                                 "or prepare another folder");
    }
    database_.run(kSchema);
    MessageBook::createTable(database_);
    const std::int64_t form = formOf(database_);
    if (form < 1) {
        database_.run(("BEGIN;" + std::string(kRefundColumns) + "COMMIT").c_str());
    }
    if (form < 2) {
        // A table that others refer to can be replaced only while nobody looks.
        database_.run(("PRAGMA foreign_keys = OFF; BEGIN;" + std::string(kNotificationsOfAll) +
                       "COMMIT; PRAGMA foreign_keys = ON;")
                          .c_str());
    }
}

} // namespace hub::simulator
