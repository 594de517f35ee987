#include "core/message_books.hpp"

#include <array>

namespace hub::simulator {

namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS short_messages (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    sender TEXT NOT NULL,
    number TEXT NOT NULL,
    provider_number TEXT NOT NULL,
    phone TEXT NOT NULL,
    signature TEXT NOT NULL,
    form TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    failure TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS short_messages_by_phone ON short_messages (phone, created_ms);
CREATE INDEX IF NOT EXISTS short_messages_by_number ON short_messages (number);
CREATE INDEX IF NOT EXISTS short_messages_by_due ON short_messages (sender, due_ms);
)sql";

constexpr std::string_view kColumns =
    "SELECT id, provider, sender, number, provider_number, phone, signature, form, kind, text, "
    "units, failure, created_ms, due_ms, ends_ms FROM short_messages ";

constexpr std::size_t kPhoneDigits = 11;

/// What is given stands alone, so that an index finds it.
std::string whereOf(const MessageFilter& filter)
{
    std::string where = "WHERE provider = ?1";
    where += filter.sender.empty() ? " AND ?2 = ''" : " AND sender = ?2";
    where += filter.phone.empty() ? " AND ?3 = ''" : " AND phone = ?3";
    where += filter.signature.empty() ? " AND ?4 = ''" : " AND signature = ?4";
    where += filter.form.empty() ? " AND ?5 = ''" : " AND form = ?5";
    where += filter.kind.empty() ? " AND ?6 = ''" : " AND kind = ?6";
    return where;
}

std::vector<ShortMessage> readAll(Statement& rows)
{
    std::vector<ShortMessage> all;
    while (rows.step()) {
        all.push_back({.id = rows.integer(0),
                       .provider = rows.text(1),
                       .sender = rows.text(2),
                       .number = rows.text(3),
                       .provider_number = rows.text(4),
                       .phone = rows.text(5),
                       .signature = rows.text(6),
                       .form = rows.text(7),
                       .kind = rows.text(8),
                       .text = rows.text(9),
                       .units = rows.integer(10),
                       .failure = rows.text(11),
                       .created_ms = rows.integer(12),
                       .due_ms = rows.integer(13),
                       .ends_ms = rows.integer(14)});
    }
    return all;
}

} // namespace

std::string_view toText(MessageState state)
{
    constexpr std::array<std::string_view, 3> kWords{"waiting", "failed", "delivered"};
    return kWords.at(static_cast<std::size_t>(state));
}

MessageState ShortMessage::stateAt(std::int64_t now_ms) const noexcept
{
    if (now_ms < ends_ms) {
        return MessageState::Waiting;
    }
    return failure.empty() ? MessageState::Delivered : MessageState::Failed;
}

void MessageBook::createTable(Database& database)
{
    database.run(kSchema);
}

void MessageBook::insert(ShortMessage& message)
{
    database_
        .prepare("INSERT INTO short_messages (provider, sender, number, provider_number, phone, "
                 "signature, form, kind, text, units, failure, created_ms, due_ms, ends_ms) "
                 "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        .bind(message.provider,
              message.sender,
              message.number,
              message.provider_number,
              message.phone,
              message.signature,
              message.form,
              message.kind,
              message.text,
              message.units,
              message.failure,
              message.created_ms,
              message.due_ms,
              message.ends_ms)
        .run();
    message.id = database_.lastId();
}

std::int64_t MessageBook::count(const MessageFilter& filter, std::int64_t since_ms)
{
    Statement row = database_.prepare("SELECT count(*) FROM short_messages " + whereOf(filter) +
                                      " AND due_ms >= ?7");
    row.bind(filter.provider,
             filter.sender,
             filter.phone,
             filter.signature,
             filter.form,
             filter.kind,
             since_ms);
    return row.step() ? row.integer(0) : 0;
}

std::vector<ShortMessage>
MessageBook::between(const MessageFilter& filter, std::int64_t from_ms, std::int64_t until_ms)
{
    Statement rows =
        database_.prepare(std::string(kColumns) + whereOf(filter) +
                          " AND created_ms >= ?7 AND created_ms < ?8 ORDER BY id DESC");
    rows.bind(filter.provider,
              filter.sender,
              filter.phone,
              filter.signature,
              filter.form,
              filter.kind,
              from_ms,
              until_ms);
    return readAll(rows);
}

std::optional<ShortMessage> MessageBook::findByNumber(std::string_view provider,
                                                      std::string_view number)
{
    Statement rows = database_.prepare(
        std::string(kColumns) + "WHERE provider = ? AND number = ? ORDER BY id DESC LIMIT 1");
    rows.bind(provider, number);
    const auto found = readAll(rows);
    return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<ShortMessage>
MessageBook::latest(std::string_view phone, std::string_view number, std::int64_t limit)
{
    const std::string_view end =
        phone.size() > kPhoneDigits ? phone.substr(phone.size() - kPhoneDigits) : phone;
    Statement rows =
        database_.prepare(std::string(kColumns) +
                          "WHERE (?1 = '' OR substr(phone, -11) = ?1) AND (?2 = '' OR number = ?2) "
                          "ORDER BY id DESC LIMIT ?3");
    rows.bind(end, number, limit);
    return readAll(rows);
}

Json toJson(const ShortMessage& message, std::int64_t now_ms)
{
    return {{"provider", message.provider},
            {"sender", message.sender},
            {"phone", message.phone},
            {"number", message.number},
            {"provider_number", message.provider_number},
            {"signature", message.signature},
            {"template", message.form},
            {"kind", message.kind},
            {"text", message.text},
            {"units", message.units},
            {"state", toText(message.stateAt(now_ms))},
            {"failure", message.failure},
            {"created_ms", message.created_ms}};
}

} // namespace hub::simulator
