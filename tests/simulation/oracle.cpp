#include "oracle.hpp"

#include "base/json.hpp"
#include "journal/deliveries.hpp"

#include <hub/plugin.h>

#include <algorithm>

namespace hub::simulation {

namespace {

bool isFinal(std::uint32_t outcome)
{
    return outcome == HUB_OUTCOME_SUCCEEDED || outcome == HUB_OUTCOME_REJECTED ||
           outcome == HUB_OUTCOME_NOT_SENT;
}

} // namespace

Oracle::Oracle(store::Connection& connection, Trace& trace)
    : connection_(connection)
    , trace_(trace)
{
    subscribes(kOwner, true);
}

void Oracle::require(bool holds, const std::string& what)
{
    if (!holds && violation_.empty()) {
        violation_ = what;
        trace_.add("VIOLATION: {}", what);
    }
}

void Oracle::subscribes(const std::string& name, bool blocks_key)
{
    subscribers_[name].blocks_key = blocks_key;
}

void Oracle::handled(
    const std::string& name, std::int64_t seq, const std::string& key, bool worked, bool replay)
{
    Subscriber& subscriber = subscribers_.at(name);
    const std::uint32_t tries = ++subscriber.tries[seq];
    const std::uint64_t most = std::uint64_t{kTriesMax} + subscriber.replays[seq] + disturbances_;
    require(tries <= most, fmt::format("{}: event {} was tried {} times", name, seq, tries));
    if (!worked) {
        return;
    }
    const bool first = subscriber.done.insert(seq).second;
    if (!first || key.empty()) {
        return;
    }
    std::int64_t& last = subscriber.last_done[key];
    // What an operator replays, and what the others did not wait for, comes late.
    const bool late = replay || subscriber.dead.count(seq) != 0;
    require(late || seq > last,
            fmt::format("{}: event {} of key {} took effect after event {}", name, seq, key, last));
    last = std::max(last, seq);
}

void Oracle::creditOverdrawn(const std::string& host)
{
    require(false, host + " was sent more than its credit");
}

void Oracle::acknowledged(const std::string& id, const std::string& key, std::int64_t seq)
{
    trace_.add("published {} key {} as {}", id, key, seq);
    const auto [known, first] = acknowledged_.emplace(id, seq);
    require(first || known->second == seq, "publication " + id + " was acknowledged as two");
    auto& stored = connection_.prepare("SELECT seq, key FROM hub_event WHERE id = ?");
    stored.bindText(1, id);
    const bool same = stored.step() && stored.integer(0) == seq && stored.bytes(1) == key;
    require(same, "publication " + id + " was acknowledged and is not in the journal");
}

void Oracle::requestEnded(const std::string& id, bool committed)
{
    trace_.add("request {} {}", id, committed ? "committed" : "failed");
    requests_[id] = committed;
}

void Oracle::readLetters()
{
    for (auto& [name, subscriber] : subscribers_) {
        subscriber.replays.clear();
    }
    auto& rows = connection_.prepare("SELECT subscriber, seq, state FROM hub_dead_letter");
    while (rows.step()) {
        Subscriber& subscriber = subscribers_.at(rows.text(0));
        const std::int64_t seq = rows.integer(1);
        if (subscriber.dead.insert(seq).second) {
            trace_.add("{}: event {} is dead", rows.bytes(0), seq);
        }
        if (rows.bytes(2) == "replayed") {
            ++subscriber.replays[seq];
        } else if (rows.bytes(2) == "dismissed" || !subscriber.blocks_key) {
            subscriber.given_up.insert(seq);
        }
    }
}

std::vector<Oracle::Letter> Oracle::openLetters()
{
    std::vector<Letter> letters;
    auto& rows = connection_.prepare(
        "SELECT id, subscriber, seq FROM hub_dead_letter WHERE state = 'open' ORDER BY id");
    while (rows.step()) {
        letters.push_back({rows.integer(0), rows.text(1), rows.integer(2), false});
        Letter& letter = letters.back();
        letter.was_replayed = subscribers_.at(letter.subscriber).replays.count(letter.seq) != 0;
    }
    return letters;
}

void Oracle::left(const std::string& number, const std::string& operation, const std::string& key)
{
    Book& book = books_[number];
    if (book.left == 0) {
        book.operation = operation;
        book.first_key = key;
    }
    ++book.left;
    require(operation != "shout" || book.left == 1,
            "number " + number + " left twice, which its contract forbids");
    require(operation != "send" || (book.on_their_way == 0 && book.booked == 0 && !book.moving),
            "number " + number + " left again before the provider said that it knows nothing");
    require(book.first_key == key, "number " + number + " left again with another key");
}

void Oracle::booked(const std::string& number)
{
    Book& book = books_[number];
    ++book.booked;
    require(book.booked == 1, "number " + number + " was booked twice");
}

bool Oracle::wants(const std::string& name, const SeenEvent& event) const
{
    return event.recipient.empty() || event.recipient == name;
}

bool Oracle::isEnded(const Subscriber& subscriber, std::int64_t seq) const
{
    return subscriber.done.count(seq) != 0 || subscriber.given_up.count(seq) != 0 ||
           isSuperseded(seq);
}

bool Oracle::isSuperseded(std::int64_t seq) const
{
    const auto event = events_.find(seq);
    if (event == events_.end() || event->second.call == 0) {
        return false;
    }
    const auto call = calls_.find(event->second.call);
    return call != calls_.end() && call->second.outcome != event->second.outcome;
}

void Oracle::afterStep()
{
    readEvents();
    readLetters();
    readCalls();
    readEffects();
    readCursors();
}

void Oracle::readEvents()
{
    auto& rows = connection_.prepare("SELECT seq, id, key, recipient, type, payload FROM hub_event "
                                     "WHERE partition = 0 AND seq > ? "
                                     "ORDER BY seq");
    rows.bind(1, events_.empty() ? 0 : events_.rbegin()->first);
    while (rows.step()) {
        const std::int64_t expected = events_.empty() ? 1 : events_.rbegin()->first + 1;
        require(rows.integer(0) == expected, "the journal has a gap");
        SeenEvent event{rows.text(1), rows.text(2), rows.text(3)};
        if (rows.bytes(4) == journal::kOutcomeEvent) {
            const base::Json outcome = base::Json::parse(rows.bytes(5));
            event.call = outcome.at("call").get<hub_call_id>();
            event.outcome = outcome.at("outcome").get<std::uint32_t>();
        }
        events_[rows.integer(0)] = std::move(event);
    }
}

void Oracle::readEffects()
{
    auto& rows = connection_.prepare(
        "SELECT id, source, name, seq, key, call, outcome, resolved, replay, released, state "
        "FROM owner_effect WHERE id > ? ORDER BY id");
    rows.bind(1, last_effect_);
    while (rows.step()) {
        last_effect_ = rows.integer(0);
        sawEffect({static_cast<std::uint32_t>(rows.integer(1)),
                   rows.text(2),
                   rows.integer(3),
                   rows.text(4),
                   static_cast<hub_call_id>(rows.integer(5)),
                   static_cast<std::uint32_t>(rows.integer(6)),
                   rows.integer(7) != 0,
                   rows.integer(8) != 0,
                   rows.integer(9) != 0,
                   rows.text(10)});
    }
}

void Oracle::sawEffect(const Effect& effect)
{
    trace_.add("effect {} seq {} key {} call {} outcome {}{}{}",
               effect.name,
               effect.seq,
               effect.key,
               effect.call,
               effect.outcome,
               effect.resolved ? " resolved" : "",
               effect.released ? ", released" : "");
    if (effect.source == HUB_SOURCE_REQUEST) {
        const std::uint32_t times = ++request_effects_[effect.name];
        require(times == 1, "request " + effect.name + " took effect twice");
    }
    if (effect.seq != 0) {
        Subscriber& owner = subscribers_.at(kOwner);
        require(owner.done.insert(effect.seq).second,
                fmt::format("owner: event {} took effect twice", effect.seq));
        std::int64_t& last = owner.last_done[effect.key];
        require(effect.replay || effect.key.empty() || effect.seq > last,
                fmt::format("owner: event {} of key {} took effect after event {}",
                            effect.seq,
                            effect.key,
                            last));
        last = std::max(last, effect.seq);
    }
    if (effect.source == HUB_SOURCE_OUTCOME) {
        takeOutcome(effect);
    }
}

void Oracle::takeOutcome(const Effect& effect)
{
    SeenCall& call = calls_[effect.call];
    const bool was_final = !call.told.empty() && isFinal(call.told.back());
    require(!was_final,
            fmt::format("the owner of call {} was told twice how it ended", effect.call));
    require(effect.outcome != HUB_OUTCOME_NOT_SENT || call.told.empty(),
            fmt::format("call {} was unknown and then not sent", effect.call));
    call.told.push_back(effect.outcome);
    if (effect.released) {
        call.released = true;
    }
    const Book& book = books_[call.number];
    if (effect.outcome == HUB_OUTCOME_SUCCEEDED) {
        const bool refused = effect.resolved && effect.state == "refused";
        require(refused ? book.refused > 0 && book.booked == 0 : book.booked == 1,
                fmt::format("call {} succeeded, the provider knows better", effect.call));
    } else if (effect.outcome == HUB_OUTCOME_REJECTED) {
        require(book.booked == 0 && !book.moving,
                fmt::format("call {} was rejected, the provider has booked it", effect.call));
    } else if (effect.outcome == HUB_OUTCOME_NOT_SENT) {
        require(book.left == 0,
                fmt::format("call {} was sent, its owner is told not", effect.call));
    }
}

bool Oracle::isMarked(const std::string& name, std::int64_t seq)
{
    auto& mark = connection_.prepare("SELECT 1 FROM hub_subscriber_mark WHERE partition = 0 "
                                     "AND subscriber = ? AND seq = ?");
    mark.bindText(1, name).bind(2, seq);
    return mark.step();
}

void Oracle::readCursors()
{
    std::map<std::string, std::int64_t> cursors;
    auto& rows = connection_.prepare("SELECT name, cursor FROM hub_subscriber");
    while (rows.step()) {
        cursors[rows.text(0)] = rows.integer(1);
    }
    for (const auto& [name, cursor] : cursors) {
        Subscriber& subscriber = subscribers_.at(name);
        require(cursor >= subscriber.cursor, name + ": its cursor moved back");
        for (std::int64_t seq = subscriber.cursor + 1; seq <= cursor; ++seq) {
            const auto event = events_.find(seq);
            require(event != events_.end(), name + ": its cursor is beyond the journal");
            if (event != events_.end() && wants(name, event->second)) {
                require(isEnded(subscriber, seq) || isMarked(name, seq),
                        fmt::format("{}: its cursor passed event {}, which has no mark and no end",
                                    name,
                                    seq));
            }
        }
        subscriber.cursor = cursor;
    }
}

void Oracle::readCalls()
{
    for (auto& [id, call] : calls_) {
        call.was_released = call.released;
    }
    auto& rows = connection_.prepare("SELECT id, state, outcome, released, resolving, payload, "
                                     "operation, resolves FROM hub_call ORDER BY id");
    while (rows.step()) {
        const auto id = static_cast<hub_call_id>(rows.integer(0));
        SeenCall& before = calls_[id];
        SeenCall now = before;
        now.answered = rows.bytes(1) == "answered";
        now.outcome = static_cast<std::uint32_t>(rows.integer(2));
        now.released = rows.integer(3) != 0 || before.released;
        now.resolving = rows.integer(4) != 0;
        if (before.number.empty()) {
            now.number = base::Json::parse(rows.bytes(5)).at("number").get<std::string>();
            now.operation = rows.text(6);
            now.resolves = static_cast<hub_call_id>(rows.integer(7));
        }
        checkCall(id, before, now);
        before = std::move(now);
    }
}

void Oracle::checkCall(hub_call_id id, const SeenCall& before, const SeenCall& now)
{
    if (before.number.empty()) {
        trace_.add("call {} {} number {} resolves {}", id, now.operation, now.number, now.resolves);
        if (now.resolves != 0) {
            const SeenCall& resolved = calls_[now.resolves];
            require(!resolved.was_released,
                    fmt::format("call {} was released and is queried by {}", now.resolves, id));
        }
    }
    if (before.answered == now.answered && before.outcome == now.outcome) {
        return;
    }
    trace_.add("call {} {} outcome {}", id, now.answered ? "answered" : "under way", now.outcome);
    require(!(before.answered && isFinal(before.outcome)),
            fmt::format("call {} had ended with outcome {}", id, before.outcome));
    if (now.answered && now.outcome == HUB_OUTCOME_NOT_SENT && now.operation != "track") {
        require(books_[now.number].left == 0,
                fmt::format("call {} is not sent, but its request had left", id));
    }
}

std::string Oracle::unrest()
{
    auto& calls = connection_.prepare(
        "SELECT id, state, resolving FROM hub_call WHERE state <> 'answered' OR resolving = 1");
    if (calls.step()) {
        return fmt::format(
            "call {} is {}, resolving {}", calls.integer(0), calls.text(1), calls.integer(2));
    }
    auto& timers = connection_.prepare("SELECT key FROM hub_timer");
    if (timers.step()) {
        return "a timer of key " + timers.text(0) + " is set";
    }
    auto& marks = connection_.prepare("SELECT subscriber, seq, state FROM hub_subscriber_mark");
    if (marks.step()) {
        return fmt::format("{}: event {} is {}", marks.text(0), marks.integer(1), marks.text(2));
    }
    const std::int64_t last = events_.empty() ? 0 : events_.rbegin()->first;
    for (const auto& [name, subscriber] : subscribers_) {
        if (subscriber.cursor != last) {
            return fmt::format("{}: its cursor is at {} of {}", name, subscriber.cursor, last);
        }
    }
    return {};
}

void Oracle::checkTold(hub_call_id id, const SeenCall& call)
{
    const auto lost = [&](const auto& event) {
        // An outcome that an operator gave up is not told.
        const auto& owner = subscribers_.at(kOwner);
        return event.second.recipient == kOwner && owner.given_up.count(event.first) != 0;
    };
    if (call.told.empty()) {
        require(std::any_of(events_.begin(), events_.end(), lost),
                fmt::format("the owner of call {} was told nothing", id));
        return;
    }
    require(
        call.told.back() == call.outcome,
        fmt::format(
            "call {} has outcome {}, its owner was told {}", id, call.outcome, call.told.back()));
}

void Oracle::atEnd()
{
    afterStep();
    for (const auto& [id, seq] : acknowledged_) {
        const auto event = events_.find(seq);
        require(event != events_.end() && event->second.id == id,
                "publication " + id + " was acknowledged and is lost");
    }
    for (const auto& [id, committed] : requests_) {
        require(!committed || request_effects_[id] == 1,
                "request " + id + " was answered and had no effect");
    }
    for (const auto& [name, subscriber] : subscribers_) {
        for (const auto& [seq, event] : events_) {
            require(!wants(name, event) || isEnded(subscriber, seq),
                    fmt::format("{}: event {} vanished", name, seq));
        }
    }
    for (const auto& [id, call] : calls_) {
        if (call.resolves == 0) {
            checkTold(id, call);
        }
    }
}

} // namespace hub::simulation
