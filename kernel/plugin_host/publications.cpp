#include "plugin_host/publications.hpp"

#include "base/assert.hpp"
#include "plugin_host/deliveries.hpp"

#include <hub/event.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

namespace hub::plugin_host {

namespace {

/// More are not on their way to the hub at once; the library is told to come back.
constexpr std::size_t kOpenMax = 1024;

std::string orElse(hub_text text, const std::string* otherwise)
{
    return text.size != 0 || otherwise == nullptr ? std::string(view(text)) : *otherwise;
}

/// Edition, trace and cause come from what the thread is handling, unless the library says so.
hubp::Envelope envelopeOf(const hub_event& event)
{
    const hubp::Envelope* current = Deliveries::current();
    hubp::Envelope envelope;
    envelope.source = HUB_SOURCE_EVENT;
    envelope.schema_version = event.schema_version;
    envelope.id = view(event.id);
    envelope.type = view(event.type);
    envelope.key = view(event.key);
    envelope.edition = orElse(event.edition, current != nullptr ? &current->edition : nullptr);
    envelope.correlation_id =
        orElse(event.correlation_id, current != nullptr ? &current->id : nullptr);
    envelope.trace = current != nullptr ? current->trace : "";
    return envelope;
}

} // namespace

Publications::Publications(Wire& wire)
    : wire_(wire)
    , notifier_("published", 1, kOpenMax)
{}

hub_status Publications::publish(const hub_event& theirs, hub_published_fn done, void* user)
{
    hub_event event = {};
    std::memcpy(&event, &theirs, std::min<std::size_t>(sizeof event, theirs.struct_size));
    std::unique_lock lock(mutex_);
    if (open_ >= kOpenMax) {
        return HUB_THROTTLED;
    }
    hub_status refusal = HUB_OK;
    const std::uint64_t token = ++last_token_;
    if (closed_) {
        refusal = HUB_UNAVAILABLE;
    } else if (!wire_
                    .send(hubp::Publish{token, envelopeOf(event), std::string(view(event.payload))})
                    .ok()) {
        refusal = HUB_BAD_REQUEST;
    }
    if (refusal != HUB_OK && done == nullptr) {
        return refusal;
    }
    ++open_;
    if (refusal != HUB_OK) {
        tell(done, user, refusal, 0);
        return HUB_OK;
    }
    pending_.emplace(token, Pending{done, user, false, HUB_UNAVAILABLE});
    return done == nullptr ? wait(lock, token) : HUB_OK;
}

hub_status Publications::wait(std::unique_lock<std::mutex>& lock, std::uint64_t token)
{
    ended_.wait(lock, [&] { return pending_.at(token).ended; });
    const hub_status status = pending_.at(token).status;
    pending_.erase(token);
    free();
    return status;
}

void Publications::published(const hubp::Published& published)
{
    const std::lock_guard lock(mutex_);
    const auto found = pending_.find(published.token);
    if (found == pending_.end() || found->second.ended) {
        ++ignored_answers_;
    } else if (found->second.done == nullptr) {
        found->second.ended = true;
        found->second.status = published.status;
        ended_.notify_all();
    } else {
        const Pending ended = found->second;
        pending_.erase(found);
        tell(ended.done, ended.user, published.status, published.seq);
    }
}

/// The place that was counted in `open_` is free again when `done` has returned, so that the
/// notifier's queue never fills.
void Publications::tell(hub_published_fn done, void* user, hub_status status, std::int64_t seq)
{
    const bool posted = notifier_.post([this, done, user, status, seq] {
        done(user, status, seq);
        const std::lock_guard lock(mutex_);
        free();
    });
    HUB_ASSERT(posted, "the notifier has a place for every open publication");
}

void Publications::abandon()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (auto entry = pending_.begin(); entry != pending_.end();) {
        Pending& pending = entry->second;
        if (pending.done == nullptr) {
            pending.ended = true;
            ++entry;
        } else {
            tell(pending.done, pending.user, HUB_UNAVAILABLE, 0);
            entry = pending_.erase(entry);
        }
    }
    ended_.notify_all();
}

bool Publications::drain(std::int64_t deadline_unix_ms)
{
    abandon();
    const std::chrono::system_clock::time_point deadline{
        std::chrono::milliseconds(deadline_unix_ms)};
    std::unique_lock lock(mutex_);
    return closed_out_.wait_until(lock, deadline, [this] { return open_ == 0; });
}

void Publications::free()
{
    if (--open_ == 0) {
        closed_out_.notify_all();
    }
}

} // namespace hub::plugin_host
