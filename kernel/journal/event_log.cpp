#include "journal/event_log.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace hub::journal {

namespace {

#define HUB_EVENT_COLUMNS                                                                          \
    "seq, id, type, version, key, edition, account, trace, correlation, publisher, recipient, "    \
    "time_ms, payload"

EventPtr readRow(const store::Statement& row)
{
    auto event = std::make_shared<Event>();
    event->seq = row.integer(0);
    event->id = row.text(1);
    event->type = row.text(2);
    event->version = static_cast<std::uint32_t>(row.integer(3));
    event->key = row.text(4);
    event->edition = row.text(5);
    event->account = row.text(6);
    event->trace = row.text(7);
    event->correlation = row.text(8);
    event->publisher = row.text(9);
    event->recipient = row.text(10);
    event->time_ms = row.integer(11);
    event->payload = row.text(12);
    return event;
}

// What is remembered costs memory, whatever the events' size: subscribers further behind read.
constexpr std::size_t kRecentBytesMax = 16U << 20;
constexpr std::size_t kBytesBesidePayload = 512;

std::size_t bytesOf(const Event& event)
{
    return event.payload.size() + kBytesBesidePayload;
}

bool sameContent(const Event& stored, const Publication& wanted)
{
    return stored.type == wanted.type && stored.version == wanted.version &&
           stored.key == wanted.key && stored.edition == wanted.edition &&
           stored.publisher == wanted.publisher && stored.payload == wanted.payload;
}

} // namespace

Published EventLog::append(Group& group, Publication publication)
{
    auto event = std::make_shared<Event>();
    event->id = publication.id.empty() ? group.makeId() : publication.id;
    auto& insert = group.connection().prepare(
        "INSERT INTO hub_event (partition, " HUB_EVENT_COLUMNS ") "
        "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING");
    const Sequences before = group.sequences();
    event->seq = group.sequences().nextEvent();
    const std::int64_t written = insert.bind(1, event->seq)
                                     .bindText(2, event->id)
                                     .bindText(3, publication.type)
                                     .bind(4, publication.version)
                                     .bindText(5, publication.key)
                                     .bindText(6, publication.edition)
                                     .bindText(7, publication.account)
                                     .bindText(8, publication.trace)
                                     .bindText(9, publication.correlation)
                                     .bindText(10, publication.publisher)
                                     .bindText(11, publication.recipient)
                                     .bind(12, group.nowMs())
                                     .bindBlob(13, publication.payload)
                                     .run();
    if (written == 0) {
        group.sequences() = before;
        const EventPtr stored = findById(group.connection(), event->id);
        const bool same = stored && sameContent(*stored, publication);
        return {same ? HUB_ALREADY_DONE : HUB_REJECTED, stored ? stored->seq : 0};
    }
    event->type = std::move(publication.type);
    event->version = publication.version;
    event->key = std::move(publication.key);
    event->edition = std::move(publication.edition);
    event->account = std::move(publication.account);
    event->trace = std::move(publication.trace);
    event->correlation = std::move(publication.correlation);
    event->publisher = std::move(publication.publisher);
    event->recipient = std::move(publication.recipient);
    event->time_ms = group.nowMs();
    event->payload = std::move(publication.payload);
    const std::int64_t seq = event->seq;
    group.effects().events.push_back(std::move(event));
    return {HUB_OK, seq};
}

void EventLog::remember(const std::vector<EventPtr>& events)
{
    for (const EventPtr& event : events) {
        recent_bytes_ += bytesOf(*event);
        recent_.push_back(event);
    }
    while (recent_.size() > recent_max_ || recent_bytes_ > kRecentBytesMax) {
        recent_bytes_ -= bytesOf(*recent_.front());
        recent_.pop_front();
    }
}

void EventLog::forget() noexcept
{
    recent_.clear();
    recent_bytes_ = 0;
}

std::vector<EventPtr>
EventLog::after(store::Connection& connection, std::int64_t seq, std::size_t limit) const
{
    std::vector<EventPtr> events;
    if (!recent_.empty() && recent_.front()->seq <= seq + 1) {
        auto next = std::upper_bound(
            recent_.begin(), recent_.end(), seq, [](std::int64_t wanted, const EventPtr& event) {
                return wanted < event->seq;
            });
        for (; next != recent_.end() && events.size() < limit; ++next) {
            events.push_back(*next);
        }
        return events;
    }
    auto& query = connection.prepare("SELECT " HUB_EVENT_COLUMNS
                                     " FROM hub_event WHERE partition = 0 AND seq > ? "
                                     "ORDER BY seq LIMIT ?");
    query.bind(1, seq).bind(2, static_cast<std::int64_t>(limit));
    while (query.step()) {
        events.push_back(readRow(query));
    }
    return events;
}

EventPtr EventLog::find(store::Connection& connection, std::int64_t seq)
{
    auto& query = connection.prepare("SELECT " HUB_EVENT_COLUMNS
                                     " FROM hub_event WHERE partition = 0 AND seq = ?");
    query.bind(1, seq);
    return query.step() ? readRow(query) : nullptr;
}

EventPtr EventLog::findById(store::Connection& connection, std::string_view id)
{
    auto& query = connection.prepare("SELECT " HUB_EVENT_COLUMNS " FROM hub_event WHERE id = ?");
    query.bindText(1, id);
    return query.step() ? readRow(query) : nullptr;
}

} // namespace hub::journal
