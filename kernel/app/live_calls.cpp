#include "app/live_calls.hpp"

namespace hub::app {

void LiveCalls::begin(const LiveCall& call)
{
    const std::lock_guard lock(mutex_);
    calls_.insert_or_assign(Key{call.host.library, call.ticket.call_id}, call);
}

std::optional<LiveCall> LiveCalls::end(const bus::HostId& host, hub_call_id call)
{
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(Key{host.library, call});
    if (found == calls_.end() || found->second.host != host) {
        return std::nullopt;
    }
    std::optional<LiveCall> ended = std::move(found->second);
    calls_.erase(found);
    return ended;
}

void LiveCalls::endAll(const bus::HostId& host)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(calls_, [&](const auto& entry) { return entry.second.host == host; });
}

std::optional<LiveCall>
LiveCalls::find(const bus::HostId& host, hub_call_id call, std::int64_t now_ms) const
{
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(Key{host.library, call});
    if (found == calls_.end() || found->second.host != host) {
        return std::nullopt;
    }
    const std::int64_t deadline_ms = found->second.ticket.deadline_ms;
    const bool late = !found->second.session && deadline_ms <= now_ms;
    return late ? std::nullopt : std::optional{found->second};
}

void LiveCalls::noteUnproven(const bus::HostId& host, hub_call_id call)
{
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(Key{host.library, call});
    if (found != calls_.end() && found->second.host == host) {
        found->second.unproven = true;
    }
}

bool LiveCalls::countExchange(const bus::HostId& host, hub_call_id call, std::uint32_t limit)
{
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(Key{host.library, call});
    return found != calls_.end() && found->second.host == host &&
           ++found->second.exchanges <= limit;
}

bool isWell(const LiveCall& live, hub_status status) noexcept
{
    switch (status) {
    case HUB_OUTCOME_UNKNOWN:
        return live.unproven;
    case HUB_INTERNAL:
    case HUB_BAD_REQUEST:
    case HUB_UNSUPPORTED:
        return false;
    case HUB_REJECTED:
        return !live.inbound;
    default:
        return true;
    }
}

} // namespace hub::app
