#include "base/json.hpp"
#include "host.hpp"

namespace hub::simulation {

void Subscriber::ready()
{
    ready_ = true;
    for (const auto& [token, unsaid] : outbox_) {
        publish(token);
    }
}

void Subscriber::publish(std::uint64_t token)
{
    const auto found = outbox_.find(token);
    if (!ready_ || found == outbox_.end()) {
        return;
    }
    hubp::Publish publish;
    publish.token = token;
    publish.envelope.id = found->second.id;
    publish.envelope.type = kHappened;
    publish.envelope.schema_version = 1;
    publish.envelope.key = found->second.key;
    publish.payload = found->second.payload;
    send(publish);
}

void Subscriber::takePublished(const hubp::Published& published)
{
    const auto found = outbox_.find(published.token);
    if (found == outbox_.end()) {
        return;
    }
    if (published.status == HUB_OK || published.status == HUB_ALREADY_DONE) {
        world_.oracle.acknowledged(found->second.id, found->second.key, published.seq);
        outbox_.erase(found);
        return;
    }
    world_.oracle.require(published.status == HUB_UNAVAILABLE,
                          "publication " + found->second.id + " was refused");
    after(500, [this, token = published.token] { publish(token); });
}

void Subscriber::takeEvent(const hubp::Event& event)
{
    if (live_.count(event.envelope.seq) != 0) {
        acknowledge(event, HUB_THROTTLED);
        return;
    }
    Key& key = keys_[event.envelope.key];
    if (key.blocked && !event.resume) {
        acknowledge(event, HUB_THROTTLED);
        return;
    }
    key.blocked = false;
    if (key.running) {
        key.waiting.push_back(event);
    } else {
        begin(event);
    }
}

void Subscriber::begin(const hubp::Event& event)
{
    keys_[event.envelope.key].running = true;
    live_.insert(event.envelope.seq);
    soon([this, event] { run(event); });
}

void Subscriber::run(const hubp::Event& event)
{
    const base::Json payload = base::Json::parse(event.payload);
    const std::string& name = id().library;
    if (payload.value("crashes", "") == name) {
        die("crashed by its event");
        return;
    }
    const bool poison = payload.value("poison", "") == name;
    const bool worked = !poison && !world_.random.chance(world_.weather.handler_fails);
    world_.trace.add("{}.{} {} event {} key {}",
                     name,
                     id().incarnation,
                     worked ? "takes" : "fails",
                     event.envelope.seq,
                     event.envelope.key);
    world_.oracle.handled(name,
                          event.envelope.seq,
                          event.envelope.key,
                          worked,
                          (event.envelope.flags & HUB_FLAG_REPLAY) != 0);
    live_.erase(event.envelope.seq);
    acknowledge(event, worked ? HUB_OK : HUB_INTERNAL);
    settle(event, worked);
}

void Subscriber::settle(const hubp::Event& event, bool worked)
{
    Key& key = keys_[event.envelope.key];
    key.running = false;
    if (!worked) {
        key.blocked = true;
        for (const hubp::Event& waiting : key.waiting) {
            acknowledge(waiting, HUB_THROTTLED);
        }
        key.waiting.clear();
    } else if (!key.waiting.empty()) {
        const hubp::Event next = std::move(key.waiting.front());
        key.waiting.pop_front();
        begin(next);
    }
}

void Subscriber::acknowledge(const hubp::Event& event, hub_status status)
{
    const bool blocked = status == HUB_THROTTLED;
    world_.trace.add("{}.{} acknowledges event {}: {}",
                     id().library,
                     id().incarnation,
                     event.envelope.seq,
                     status);
    send(hubp::Ack{
        event.envelope.seq, status, 0, blocked ? std::string(hubp::kBlocked) : "", event.delivery});
    grant(1);
}

} // namespace hub::simulation
