#include "owner.hpp"

#include "base/json.hpp"

#include <stdexcept>

namespace hub::simulation {

namespace {

std::string member(const std::string& json, const char* name)
{
    const auto parsed = base::parseJson(json);
    return parsed.ok() && parsed.value().is_object() ? parsed.value().value(name, "")
                                                     : std::string();
}

} // namespace

Answer Owner::runUnit(journal::Unit& unit, const journal::Envelope& envelope)
{
    const bool released = releases(envelope);
    record(unit, envelope, released);
    if (released && world_.mutation != Mutation::ReleaseSwallowed) {
        if (const auto done = unit.releaseCall(envelope.subject); !done.ok()) {
            return {done.error().code, done.error().message, {}, 0};
        }
    }
    Answer answer = act(unit, envelope);
    const bool poison =
        envelope.source == HUB_SOURCE_EVENT && member(envelope.payload, "poison") == kOwner;
    if (poison || world_.random.chance(world_.weather.owner_fails)) {
        if (world_.random.below(2) == 0) {
            throw std::runtime_error("thrown by the simulation");
        }
        return {HUB_UNAVAILABLE, "refused by the simulation", {}, 0};
    }
    return answer;
}

bool Owner::releases(const journal::Envelope& envelope)
{
    const bool open =
        envelope.outcome == HUB_OUTCOME_UNRESOLVED || envelope.outcome == HUB_OUTCOME_PENDING;
    return envelope.source == HUB_SOURCE_OUTCOME && open &&
           world_.random.chance(world_.weather.releases);
}

void Owner::record(journal::Unit& unit, const journal::Envelope& envelope, bool released)
{
    Effect effect;
    effect.source = envelope.source;
    effect.name = envelope.id;
    effect.seq = envelope.seq;
    effect.key = envelope.key;
    effect.call = envelope.subject;
    effect.outcome = envelope.outcome;
    effect.resolved = (envelope.flags & HUB_FLAG_RESOLVED) != 0;
    effect.replay = (envelope.flags & HUB_FLAG_REPLAY) != 0;
    effect.released = released;
    effect.state = member(envelope.payload, "state");
    if (world_.mutation == Mutation::EffectOutsideUnit) {
        world_.oracle.sawEffect(effect);
        return;
    }
    unit.connection().actAs({kOwner, false});
    unit.connection()
        .prepare("INSERT INTO owner_effect (id, source, name, seq, key, call, outcome, resolved, "
                 "replay, released, state) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM "
                 "owner_effect), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(1, effect.source)
        .bindText(2, effect.name)
        .bind(3, effect.seq)
        .bindText(4, effect.key)
        .bind(5, static_cast<std::int64_t>(effect.call))
        .bind(6, effect.outcome)
        .bind(7, effect.resolved ? 1 : 0)
        .bind(8, effect.replay ? 1 : 0)
        .bind(9, effect.released ? 1 : 0)
        .bindText(10, effect.state)
        .run();
}

Answer Owner::act(journal::Unit& unit, const journal::Envelope& envelope)
{
    if (envelope.source == HUB_SOURCE_REQUEST) {
        journal::Publication publication;
        publication.type = kHappened;
        publication.key = envelope.key;
        publication.payload = envelope.payload;
        return {unit.publish(publication).status, {}, {}, 0};
    }
    if (envelope.source != HUB_SOURCE_EVENT) {
        return {HUB_OK, {}, {}, 0};
    }
    const std::string what = member(envelope.payload, "do");
    if (what == "timer") {
        unit.setTimer("later", envelope.key, unit.nowMs() + 1 + world_.random.below(5000), "{}");
    } else if (!what.empty()) {
        journal::CallWanted wanted;
        wanted.contract = "parcel";
        wanted.operation = what;
        wanted.key = envelope.key;
        wanted.account = member(envelope.payload, "account");
        wanted.payload = base::Json{{"number", member(envelope.payload, "number")}}.dump();
        if (const auto called = unit.call(wanted); !called.ok()) {
            return {called.error().code, called.error().message, {}, 0};
        }
    }
    return {HUB_OK, {}, {}, 0};
}

} // namespace hub::simulation
