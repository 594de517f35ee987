#include "journal/deliveries.hpp"

#include "base/exception.hpp"
#include "base/failpoint.hpp"
#include "base/json.hpp"
#include "journal/dead_letters.hpp"
#include "journal/timers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace hub::journal {

namespace {

const char* toText(MarkState state)
{
    switch (state) {
    case MarkState::Settled:
        return "settled";
    case MarkState::Retry:
        return "retry";
    case MarkState::Parked:
        return "parked";
    default:
        return "dead";
    }
}

MarkState toMarkState(std::string_view text)
{
    return text == "settled"  ? MarkState::Settled
           : text == "retry"  ? MarkState::Retry
           : text == "parked" ? MarkState::Parked
                              : MarkState::Dead;
}

/// How the marker knows an event's unit.
std::string itemOf(const std::string& subscriber, const std::string& event_id)
{
    return "event:" + subscriber + ":" + event_id;
}

/// Meanwhile more is known of the call. What was known then is not told any more: its owner may
/// have heard the rest, and would take an old "unknown" for the newer word.
bool isSuperseded(store::Connection& connection, const Event& event)
{
    if (event.type != kOutcomeEvent) {
        return false;
    }
    const base::Json payload = base::Json::parse(event.payload);
    const auto now = Calls::outcomeOf(connection, payload.at("call").get<hub_call_id>());
    return now && payload.value("outcome", *now) != *now;
}

/// Thrown to roll a unit back that its plugin refused.
class UnitRefused : public base::Failure {
public:
    explicit UnitRefused(const Answer& answer)
        : base::Failure(answer.status, "{}", answer.message)
    {}
};

} // namespace

Envelope outcomeEnvelope(const CallRow& row, bool resolved)
{
    Envelope envelope;
    envelope.source = HUB_SOURCE_OUTCOME;
    envelope.flags = resolved ? std::uint32_t{HUB_FLAG_RESOLVED} : 0;
    envelope.flags |= row.call.personal ? std::uint32_t{HUB_FLAG_PERSONAL} : 0;
    envelope.version = row.call.version;
    envelope.attempt = row.call.attempt;
    envelope.outcome = row.outcome;
    envelope.subject = row.call.id;
    envelope.id = row.call.uuid;
    envelope.type = row.call.contract;
    envelope.operation = row.call.operation;
    envelope.key = row.call.key;
    envelope.edition = row.call.edition;
    envelope.account = row.call.account;
    envelope.idempotency_key = row.call.idempotency_key;
    envelope.correlation = row.correlation;
    envelope.trace = row.call.trace;
    envelope.principal = "library:" + row.call.connector;
    envelope.message = row.message;
    envelope.time_ms = row.call.created_ms;
    envelope.payload = row.result;
    return envelope;
}

Deliveries::Deliveries(EventLog& log,
                       const Directory& directory,
                       Marker& marker,
                       Hosts& hosts,
                       Outlet& outlet,
                       RetryPolicy policy,
                       const Quarantine& quarantine)
    : log_(log)
    , directory_(directory)
    , marker_(marker)
    , hosts_(hosts)
    , outlet_(outlet)
    , policy_(policy)
    , quarantine_(quarantine)
{}

void Deliveries::add(Group& group, const SubscriptionSpec& spec, UnitRunner* runner)
{
    group.connection()
        .prepare("INSERT INTO hub_subscriber (partition, name, cursor, state, created_ms) "
                 "VALUES (0, ?, ?, 'active', ?) ON CONFLICT (partition, name) DO NOTHING")
        .bindText(1, spec.library)
        .bind(2, group.sequences().lastEvent())
        .bind(3, group.nowMs())
        .run();
    Subscriber subscriber{Subscription(spec, policy_), runner};
    load(group.connection(), subscriber.subscription);
    keepForUndo(spec.library);
    subscribers_.insert_or_assign(spec.library, std::move(subscriber));
}

void Deliveries::remove(Group& group, const std::string& name)
{
    flush(group);
    keepForUndo(name);
    subscribers_.erase(name);
}

void Deliveries::keepForUndo(const std::string& name)
{
    const auto found = subscribers_.find(name);
    undo_.try_emplace(name,
                      found == subscribers_.end() ? std::nullopt : std::optional{found->second});
}

void Deliveries::committed() noexcept
{
    undo_.clear();
    left_out_.clear();
}

void Deliveries::load(store::Connection& connection, Subscription& subscription)
{
    auto& cursor =
        connection.prepare("SELECT cursor FROM hub_subscriber WHERE partition = 0 AND name = ?");
    cursor.bindText(1, subscription.spec().library);
    const std::int64_t position = cursor.step() ? cursor.integer(0) : 0;
    auto& query = connection.prepare(
        "SELECT seq, key, state, attempt, due_ms, replay, reason FROM hub_subscriber_mark "
        "WHERE partition = 0 AND subscriber = ?");
    query.bindText(1, subscription.spec().library);
    std::map<std::int64_t, Mark> marks;
    while (query.step()) {
        marks[query.integer(0)] = Mark{query.text(1),
                                       toMarkState(query.bytes(2)),
                                       static_cast<std::uint32_t>(query.integer(3)),
                                       query.integer(4),
                                       query.integer(5) != 0,
                                       query.text(6)};
    }
    subscription.load(position, std::move(marks));
}

void Deliveries::reload(store::Connection& connection)
{
    for (auto& [name, before] : undo_) {
        if (before) {
            subscribers_.insert_or_assign(name, std::move(*before));
        } else {
            subscribers_.erase(name);
        }
    }
    undo_.clear();
    for (auto& [name, subscriber] : subscribers_) {
        load(connection, subscriber.subscription);
    }
}

bool Deliveries::hasChanges() const
{
    return std::any_of(subscribers_.begin(), subscribers_.end(), [](const auto& entry) {
        return entry.second.subscription.hasChanges();
    });
}

void Deliveries::flush(Group& group)
{
    for (auto& [name, subscriber] : subscribers_) {
        const Subscription::Changes changes = subscriber.subscription.takeChanges();
        for (const std::int64_t seq : changes.deletes) {
            group.connection()
                .prepare("DELETE FROM hub_subscriber_mark WHERE partition = 0 "
                         "AND subscriber = ? AND seq = ?")
                .bindText(1, name)
                .bind(2, seq)
                .run();
        }
        for (const auto& [seq, mark] : changes.upserts) {
            group.connection()
                .prepare("INSERT INTO hub_subscriber_mark (partition, subscriber, seq, key, "
                         "state, attempt, due_ms, replay, reason) "
                         "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?) "
                         "ON CONFLICT (partition, subscriber, seq) DO UPDATE SET "
                         "state = excluded.state, attempt = excluded.attempt, "
                         "due_ms = excluded.due_ms, replay = excluded.replay, "
                         "reason = excluded.reason")
                .bindText(1, name)
                .bind(2, seq)
                .bindText(3, mark.key)
                .bindText(4, toText(mark.state))
                .bind(5, mark.attempt)
                .bind(6, mark.due_ms)
                .bind(7, mark.replay ? 1 : 0)
                .bindText(8, mark.reason)
                .run();
        }
        if (changes.cursor) {
            group.connection()
                .prepare("UPDATE hub_subscriber SET cursor = ? WHERE partition = 0 AND name = ?")
                .bind(1, *changes.cursor)
                .bindText(2, name)
                .run();
        }
    }
    HUB_FAILPOINT(CursorsFlushed);
}

bool Deliveries::mayTake(const Subscriber& subscriber) const
{
    if (subscriber.runner != nullptr) {
        return true;
    }
    if (quarantine_.isOn()) {
        return false; // it has no tables: whatever it does with an event goes outside
    }
    const std::string& name = subscriber.subscription.spec().library;
    if (!hosts_.isUp(name) || hosts_.of(name).room() == 0) {
        return false;
    }
    return !subscriber.subscription.singly() || subscriber.subscription.inFlight() == 0;
}

bool Deliveries::hasWork(std::int64_t last_seq, std::int64_t now_ms) const
{
    return std::any_of(subscribers_.begin(), subscribers_.end(), [&](const auto& entry) {
        const Subscriber& subscriber = entry.second;
        const bool waiting =
            subscriber.subscription.due(now_ms).has_value() ||
            (!subscriber.subscription.singly() && subscriber.subscription.position() < last_seq);
        return waiting && mayTake(subscriber);
    });
}

std::size_t Deliveries::feed(Group& group, std::int64_t last_seq, std::size_t budget)
{
    std::size_t fed = 0;
    // An equal share each, so that a backlog of one does not starve the others.
    const std::size_t share =
        std::max<std::size_t>(1, budget / std::max<std::size_t>(1, subscribers_.size()));
    for (auto& [name, subscriber] : subscribers_) {
        fed += feedOne(group, subscriber, last_seq, share);
    }
    return fed;
}

std::size_t
Deliveries::feedOne(Group& group, Subscriber& subscriber, std::int64_t last_seq, std::size_t budget)
{
    Subscription& subscription = subscriber.subscription;
    std::size_t fed = 0;
    while (fed < budget && mayTake(subscriber)) {
        const auto due = subscription.due(group.nowMs());
        if (!due) {
            break;
        }
        const EventPtr event = EventLog::find(group.connection(), *due);
        if (!event) {
            subscription.dismiss(*due); // pruned by an operator's hand: nothing to deliver
            continue;
        }
        deliver(group, subscriber, event);
        ++fed;
    }
    while (fed < budget && mayTake(subscriber) && !subscription.singly() &&
           subscription.position() < last_seq) {
        const auto events = log_.after(group.connection(), subscription.position(), budget - fed);
        if (events.empty() || events.front()->seq > last_seq) {
            break;
        }
        for (const EventPtr& event : events) {
            if (event->seq > last_seq || !mayTake(subscriber)) {
                return fed;
            }
            if (subscription.examine(*event)) {
                deliver(group, subscriber, event);
            }
            ++fed;
        }
    }
    return fed;
}

void Deliveries::deliver(Group& group, Subscriber& subscriber, const EventPtr& event)
{
    if (subscriber.runner != nullptr) {
        deliverHere(group, subscriber, event);
    } else {
        deliverOut(group, subscriber, event);
    }
}

void Deliveries::deliverHere(Group& group, Subscriber& subscriber, const EventPtr& event)
{
    const std::string& name = subscriber.subscription.spec().library;
    const std::string item = itemOf(name, event->id);
    subscriber.subscription.sent(*event);
    if (isSuperseded(group.connection(), *event)) {
        subscriber.subscription.settled(event->seq);
        return;
    }
    const Envelope envelope = envelopeOf(group, subscriber, *event);
    if (marker_.crashes(item) >= Marker::kCrashesMax) {
        die(group, subscriber, *event, "it ended the hub's process three times");
        return;
    }
    const auto failed = runUnit(group, name, envelope, item);
    HUB_FAILPOINT(EventUnitDone);
    if (failed) {
        fail(group, subscriber, *event, failed->message);
    } else {
        subscriber.subscription.settled(event->seq);
        if (envelope.source == HUB_SOURCE_OUTCOME &&
            Calls::outcomeOf(group.connection(), envelope.subject) == envelope.outcome) {
            Calls::purge(group, envelope.subject);
        }
    }
}

void Deliveries::deliverOut(Group& group, Subscriber& subscriber, const EventPtr& event)
{
    Subscription& subscription = subscriber.subscription;
    const std::string& name = subscription.spec().library;
    HostState& host = hosts_.of(name);
    host.spend();
    EventDelivery delivery;
    delivery.subscriber = name;
    delivery.event = event;
    delivery.attempt = subscription.attempt(event->seq);
    delivery.replay = subscription.isReplay(event->seq);
    delivery.resume = subscription.isMarked(event->seq) || HUB_WEAK(ParkingIgnored);
    delivery.delivery = ++last_delivery_;
    subscription.sent(*event, delivery.delivery);
    if (HUB_WEAK(CursorOutsideUnit)) {
        subscription.settled(event->seq);
    }
    group.effects().after_commit.push_back(
        [this, name, to = host.present, delivery = std::move(delivery)]() mutable {
            HUB_FAILPOINT(EventHanding);
            outlet_.sendEvent(name, to, std::move(delivery));
            HUB_FAILPOINT(EventHandedOver);
        });
}

std::optional<UnitFailed>
Deliveries::runUnit(Group& group,
                    const std::string& library,
                    const Envelope& envelope,
                    const std::string& item,
                    const std::function<void(Unit&, const Answer&)>& answered)
{
    const auto found = subscribers_.find(library);
    if (found == subscribers_.end() || found->second.runner == nullptr) {
        return UnitFailed{HUB_UNAVAILABLE, "the plugin " + library + " is not running"};
    }
    if (marker_.crashes(item) >= Marker::kCrashesMax) {
        return UnitFailed{HUB_INTERNAL, "this request ended the hub's process three times"};
    }
    if (const auto broke = left_out_.find(item); broke != left_out_.end()) {
        return UnitFailed{HUB_UNAVAILABLE, broke->second};
    }
    const auto unit_of_work = [&] {
        Unit unit(group, log_, directory_, library, envelope);
        Answer answer;
        {
            const MarkerScope running(marker_, item);
            answer = found->second.runner->runUnit(unit, envelope);
        }
        group.connection().actAs({});
        if (answered) {
            answered(unit, answer);
        }
        if (answer.status != HUB_OK && answer.status != HUB_ALREADY_DONE) {
            throw UnitRefused(answer);
        }
    };
    try {
        return group.attempt(unit_of_work);
    } catch (const GroupBroken& broken) {
        left_out_.insert_or_assign(item, broken.what());
        blamed_ = true;
        throw;
    }
}

void Deliveries::acknowledge(Group& group, const std::string& name, const Acknowledgement& answer)
{
    const auto found = subscribers_.find(name);
    if (found == subscribers_.end() ||
        !found->second.subscription.isUnderWay(answer.seq, answer.delivery)) {
        return; // of an earlier delivery or process, or made up: the event is delivered anyway
    }
    Subscriber& subscriber = found->second;
    HUB_FAILPOINT(EventAcknowledged);
    if (answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE) {
        subscriber.subscription.settled(answer.seq);
        return;
    }
    const EventPtr event = EventLog::find(group.connection(), answer.seq);
    if (!event) {
        subscriber.subscription.settled(answer.seq);
    } else if (answer.status == HUB_THROTTLED && answer.message == "blocked") {
        subscriber.subscription.blocked(answer.seq, event->key);
    } else {
        fail(group, subscriber, *event, answer.message);
    }
}

void Deliveries::hostLost(Group& group, const std::string& name, const std::string& reason)
{
    const auto found = subscribers_.find(name);
    if (found == subscribers_.end()) {
        return;
    }
    const auto dead = found->second.subscription.hostLost(group.nowMs(), reason);
    if (!dead) {
        return;
    }
    if (const EventPtr event = EventLog::find(group.connection(), *dead)) {
        DeadLetters::add(group, name, *event, policy_.crashes_max, reason);
    }
}

void Deliveries::fail(Group& group,
                      Subscriber& subscriber,
                      const Event& event,
                      const std::string& reason)
{
    const std::uint32_t attempt = subscriber.subscription.attempt(event.seq);
    const auto after = subscriber.subscription.failed(event.seq, event.key, reason, group.nowMs());
    if (after == Subscription::After::Dead) {
        DeadLetters::add(group, subscriber.subscription.spec().library, event, attempt, reason);
    }
}

void Deliveries::die(Group& group,
                     Subscriber& subscriber,
                     const Event& event,
                     const std::string& reason)
{
    const std::uint32_t attempt = subscriber.subscription.attempt(event.seq);
    subscriber.subscription.died(event.seq, event.key, reason);
    DeadLetters::add(group, subscriber.subscription.spec().library, event, attempt, reason);
}

bool Deliveries::decide(Group& group,
                        std::int64_t dead_letter,
                        bool replay,
                        const std::string& actor)
{
    const auto letter = DeadLetters::find(group.connection(), dead_letter);
    if (!letter ||
        !DeadLetters::decide(group, dead_letter, replay ? "replayed" : "dismissed", actor)) {
        return false;
    }
    const auto found = subscribers_.find(letter->subscriber);
    if (found == subscribers_.end()) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "the subscriber {} is not enabled; enable it first",
                            letter->subscriber);
    }
    if (replay) {
        marker_.forget(itemOf(found->first, letter->event_id));
        found->second.subscription.replay(letter->seq, letter->key, group.nowMs());
    } else {
        found->second.subscription.dismiss(letter->seq);
    }
    return true;
}

bool Deliveries::replay(Group& group, const std::string& name, const Event& event)
{
    const auto found = subscribers_.find(name);
    if (found == subscribers_.end() || !found->second.subscription.wants(event) ||
        event.seq > found->second.subscription.cursor() ||
        found->second.subscription.isMarked(event.seq)) {
        return false;
    }
    found->second.subscription.replay(event.seq, event.key, group.nowMs());
    return true;
}

void Deliveries::deliverOutcome(Group& group, const CallRow& row, bool resolved)
{
    const auto found = subscribers_.find(row.owner);
    const bool queued_behind =
        found == subscribers_.end() ||
        (!row.call.key.empty() && found->second.subscription.keyIsBlocked(row.call.key));
    if (!queued_behind) {
        const std::string item =
            fmt::format("outcome:{}:{}:{}", row.call.id, row.call.delivery, row.outcome);
        if (!runUnit(group, row.owner, outcomeEnvelope(row, resolved), item)) {
            if (row.call.personal) {
                Calls::purge(group, row.call.id);
            }
            return;
        }
    }
    // The outcome is kept in the call's row; its delivery is retried and parked like an event.
    Publication event;
    event.type = kOutcomeEvent;
    event.key = row.call.key;
    event.edition = row.call.edition;
    event.trace = row.call.trace;
    event.correlation = row.call.uuid;
    event.publisher = "hub";
    event.recipient = row.owner;
    event.payload =
        base::Json{{"call", row.call.id}, {"resolved", resolved}, {"outcome", row.outcome}}.dump();
    log_.append(group, std::move(event));
}

Envelope
Deliveries::envelopeOf(Group& group, const Subscriber& subscriber, const Event& event) const
{
    Envelope envelope;
    if (event.type == kOutcomeEvent) {
        const base::Json payload = base::Json::parse(event.payload);
        if (const auto row = Calls::load(group, payload.at("call").get<hub_call_id>())) {
            envelope = outcomeEnvelope(*row, payload.at("resolved").get<bool>());
        }
    } else if (event.type == kTimerEvent) {
        const base::Json payload = base::Json::parse(event.payload);
        envelope.source = HUB_SOURCE_TIMER;
        envelope.type = payload.at("kind").get<std::string>();
        envelope.payload = payload.at("payload").get<std::string>();
    } else {
        envelope.type = event.type;
        envelope.payload = event.payload;
    }
    if (envelope.source != HUB_SOURCE_OUTCOME) {
        envelope.id = event.id;
        envelope.version = event.version;
        envelope.key = event.key;
        envelope.edition = event.edition;
        envelope.account = event.account;
        envelope.correlation = event.correlation;
        envelope.trace = event.trace;
        envelope.principal = "library:" + event.publisher;
        envelope.time_ms = event.time_ms;
    }
    envelope.seq = event.seq;
    envelope.attempt = subscriber.subscription.attempt(event.seq);
    if (subscriber.subscription.isReplay(event.seq)) {
        envelope.flags |= HUB_FLAG_REPLAY;
    }
    return envelope;
}

std::map<std::string, SubscriberView> Deliveries::view(std::int64_t last_seq) const
{
    std::map<std::string, SubscriberView> views;
    for (const auto& [name, subscriber] : subscribers_) {
        const Subscription& subscription = subscriber.subscription;
        SubscriberView view;
        view.name = name;
        view.in_process = subscriber.runner != nullptr;
        view.cursor = subscription.cursor();
        view.lag = last_seq - subscription.cursor();
        view.in_flight = subscription.inFlight();
        for (const auto& [seq, mark] : subscription.marks()) {
            ++(mark.state == MarkState::Dead ? view.dead : view.parked);
        }
        views[name] = std::move(view);
    }
    return views;
}

} // namespace hub::journal
