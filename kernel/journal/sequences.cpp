#include "journal/sequences.hpp"

namespace hub::journal {

namespace {

std::int64_t read(store::Connection& connection, std::string_view name)
{
    auto& query =
        connection.prepare("SELECT last FROM hub_sequence WHERE partition = 0 AND name = ?");
    query.bindText(1, name);
    return query.step() ? query.integer(0) : 0;
}

void write(store::Connection& connection,
           std::string_view name,
           std::int64_t value,
           std::int64_t& stored)
{
    if (value == stored) {
        return;
    }
    connection
        .prepare("INSERT INTO hub_sequence (partition, name, last) VALUES (0, ?, ?) "
                 "ON CONFLICT (partition, name) DO UPDATE SET last = excluded.last")
        .bindText(1, name)
        .bind(2, value)
        .run();
    stored = value;
}

} // namespace

void Sequences::load(store::Connection& connection)
{
    event_ = stored_event_ = read(connection, "event");
    call_ = stored_call_ = read(connection, "call");
    dead_letter_ = stored_dead_letter_ = read(connection, "dead_letter");
}

void Sequences::flush(store::Connection& connection)
{
    write(connection, "event", event_, stored_event_);
    write(connection, "call", call_, stored_call_);
    write(connection, "dead_letter", dead_letter_, stored_dead_letter_);
}

} // namespace hub::journal
