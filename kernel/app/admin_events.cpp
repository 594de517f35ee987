// The commands about events and dead letters.

#include "app/admin.hpp"
#include "app/admin_words.hpp"
#include "journal/dead_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;

constexpr std::size_t kTailBatch = 500;
constexpr std::int64_t kReplayMax = 10000;
constexpr std::chrono::milliseconds kTailPause{500};

base::Json toJson(const journal::Event& event)
{
    const auto payload = base::parseJson(event.payload);
    return {{"seq", event.seq},
            {"id", event.id},
            {"type", event.type},
            {"version", event.version},
            {"key", event.key},
            {"edition", event.edition},
            {"publisher", event.publisher},
            {"recipient", event.recipient},
            {"correlation_id", event.correlation},
            {"trace", event.trace},
            {"time", toUtcText(event.time_ms)},
            {"payload", payload.ok() ? payload.value() : base::Json(event.payload)}};
}

base::Json toJson(const journal::DeadLetter& letter)
{
    return {{"id", letter.id},
            {"subscriber", letter.subscriber},
            {"seq", letter.seq},
            {"event_id", letter.event_id},
            {"type", letter.type},
            {"key", letter.key},
            {"attempt", letter.attempt},
            {"reason", letter.reason},
            {"state", letter.state},
            {"created", toUtcText(letter.created_ms)},
            {"decided_by", letter.decided_by}};
}

/// Does the event pass --type and --key?
bool passes(const AdminRequest& request, const journal::Event& event)
{
    const base::Json types = request.options.value("type", base::Json::array());
    const std::string key = request.options.value("key", "");
    const bool type_fits =
        types.empty() ||
        std::find(types.begin(), types.end(), base::Json(event.type)) != types.end();
    return type_fits && (key.empty() || key == event.key);
}

AdminReply notFound(const std::string& what)
{
    return AdminReply::failure(cli::kExitFailed, what);
}

} // namespace

AdminReply Admin::eventTail(const AdminRequest& request, cli::AdminStream& stream)
{
    std::int64_t seq = numberOption(request, "from", parts_.lane.counters().last_seq + 1) - 1;
    std::int64_t left = numberOption(request, "count", -1);
    const journal::EventLog stored(0);
    while (left != 0) {
        std::vector<journal::EventPtr> events;
        if (seq < parts_.lane.counters().last_seq) {
            store::Lease snapshot = parts_.database.snapshot();
            events = stored.after(*snapshot, seq, kTailBatch);
        } else {
            events = parts_.feed.after(seq, kTailPause);
        }
        for (const journal::EventPtr& event : events) {
            seq = event->seq;
            if (!passes(request, *event) || left == 0) {
                continue;
            }
            --left;
            const std::string line = fmt::format("{:>8}  {}  {:<24} {}  {}",
                                                 event->seq,
                                                 toUtcText(event->time_ms),
                                                 event->type,
                                                 event->key,
                                                 event->payload);
            if (!stream.send({toJson(*event), line})) {
                return {};
            }
        }
        if (events.empty() && stream.waitClosed(std::chrono::milliseconds(0))) {
            return {};
        }
    }
    return {};
}

AdminReply Admin::eventShow(const AdminRequest& request)
{
    const std::string wanted = request.words.size() > 2 ? request.words[2] : "";
    store::Lease snapshot = parts_.database.snapshot();
    const std::int64_t seq = toNumber(wanted, -1);
    const journal::EventPtr event = seq >= 0 ? journal::EventLog::find(*snapshot, seq)
                                             : journal::EventLog::findById(*snapshot, wanted);
    if (!event) {
        return notFound("no event has the number or id \"" + wanted + "\"");
    }
    AdminReply reply;
    reply.data = toJson(*event);
    cli::Section section{"Event", {"field", "value"}, {}};
    for (const auto& [name, value] : reply.data.items()) {
        section.rows.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

AdminReply Admin::eventReplay(const AdminRequest& request)
{
    const std::string subscriber = request.words.size() > 2 ? request.words[2] : "";
    const std::int64_t from = toNumber(request.words.size() > 3 ? request.words[3] : "", -1);
    const std::int64_t to = request.words.size() > 4 ? toNumber(request.words[4], -1) : from;
    if (from < 1 || to < from || to - from >= kReplayMax) {
        return AdminReply::failure(cli::kExitUsage,
                                   "event replay: give a subscriber and the numbers of at most "
                                   "10000 events, first and last");
    }
    std::int64_t replayed = 0;
    parts_.lane.runNow([&](journal::LaneContext& context) {
        for (std::int64_t seq = from; seq <= to; ++seq) {
            const journal::EventPtr event =
                journal::EventLog::find(context.group.connection(), seq);
            if (event && passes(request, *event) &&
                context.deliveries.replay(context.group, subscriber, *event)) {
                ++replayed;
            }
        }
    });
    audit(request, "event.replayed", subscriber, fmt::format("{} to {}: {}", from, to, replayed));
    AdminReply reply;
    reply.data = {{"replayed", replayed}};
    reply.sections.push_back({"", {"replayed"}, {{std::to_string(replayed)}}});
    if (replayed == 0) {
        reply.exit = cli::kExitFailed;
        reply.error = "nothing was replayed: no enabled subscriber \"" + subscriber +
                      "\" has settled such an event";
    }
    return reply;
}

AdminReply Admin::deadLetterList(const AdminRequest& request)
{
    store::Lease snapshot = parts_.database.snapshot();
    const std::string subscriber = request.options.value("subscriber", "");
    AdminReply reply;
    reply.data = base::Json::array();
    cli::Section section{"Dead letters",
                         {"id", "subscriber", "event", "type", "key", "tries", "state", "reason"},
                         {}};
    for (const auto& letter : journal::DeadLetters::list(*snapshot, "", limitOption(request))) {
        if (!subscriber.empty() && letter.subscriber != subscriber) {
            continue;
        }
        reply.data.push_back(toJson(letter));
        section.rows.push_back({std::to_string(letter.id),
                                letter.subscriber,
                                std::to_string(letter.seq),
                                letter.type,
                                letter.key,
                                std::to_string(letter.attempt),
                                letter.state,
                                letter.reason});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

AdminReply Admin::deadLetterShow(const AdminRequest& request)
{
    const std::int64_t id = toNumber(request.words.size() > 2 ? request.words[2] : "", -1);
    store::Lease snapshot = parts_.database.snapshot();
    const auto letter = journal::DeadLetters::find(*snapshot, id);
    if (!letter) {
        return notFound("no dead letter has this number; see `expohub dead-letter list`");
    }
    AdminReply reply;
    reply.data = toJson(*letter);
    if (const auto event = journal::EventLog::find(*snapshot, letter->seq)) {
        reply.data["event"] = toJson(*event);
    }
    cli::Section section{"Dead letter", {"field", "value"}, {}};
    for (const auto& [name, value] : reply.data.items()) {
        section.rows.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

AdminReply Admin::deadLetterDecide(const AdminRequest& request, bool replay)
{
    const std::int64_t id = toNumber(request.words.size() > 2 ? request.words[2] : "", -1);
    bool decided = false;
    parts_.lane.runNow([&](journal::LaneContext& context) {
        decided = context.deliveries.decide(context.group, id, replay, request.actor);
    });
    if (!decided) {
        return notFound("no open dead letter has this number: it is unknown or decided already; "
                        "see `expohub dead-letter list`");
    }
    audit(request,
          replay ? "dead_letter.replayed" : "dead_letter.dismissed",
          std::to_string(id),
          request.options.value("reason", ""));
    return {};
}

} // namespace hub::app
