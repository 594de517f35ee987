#include "journal/call_feed.hpp"

#include "base/failpoint.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace hub::journal {

CallFeed::CallFeed(Hosts& hosts, Outlet& outlet, CallDesk& desk, const Quarantine& quarantine)
    : hosts_(hosts)
    , outlet_(outlet)
    , desk_(desk)
    , quarantine_(quarantine)
{}

void CallFeed::wake(const std::set<std::string>& connectors)
{
    waiting_.insert(connectors.begin(), connectors.end());
}

void CallFeed::wakeDue(store::Connection& connection, std::int64_t now_ms)
{
    for (std::string& connector : Calls::connectorsWithQueued(connection, now_ms, which())) {
        waiting_.insert(std::move(connector));
    }
}

std::size_t CallFeed::room(const std::string& library) const
{
    if (!hosts_.isUp(library)) {
        return 0;
    }
    const HostState& host = hosts_.of(library);
    if (!host.suspects.empty()) {
        // One of them crashed the last process: one at a time shows which.
        return host.in_hand.empty() && host.room() > 0 ? 1 : 0;
    }
    return host.room();
}

bool CallFeed::hasWork() const
{
    return std::any_of(waiting_.begin(), waiting_.end(), [this](const std::string& library) {
        return room(library) > 0;
    });
}

std::size_t CallFeed::feed(Group& group, std::size_t budget)
{
    std::size_t fed = 0;
    const std::set<std::string> waiting = waiting_;
    for (const std::string& library : waiting) {
        const std::size_t limit = std::min(room(library), budget - fed);
        if (limit == 0) {
            continue;
        }
        std::vector<CallDelivery> calls = Calls::dispatch(group, library, limit, which());
        if (calls.size() < limit) {
            waiting_.erase(library);
        }
        HostState& host = hosts_.of(library);
        for (CallDelivery& call : calls) {
            host.spend();
            host.in_hand.emplace(call.id, host.present);
            group.effects().after_commit.push_back(
                [this, library, to = host.present, call = std::move(call)]() mutable {
                    HUB_FAILPOINT(CallDispatched);
                    outlet_.sendCall(library, to, std::move(call));
                });
        }
        fed += calls.size();
    }
    return fed;
}

CallDesk::Taken CallFeed::answer(Group& group, const std::string& library, CallAnswer answer)
{
    HostState& host = hosts_.of(library);
    host.in_hand.erase(answer.id);
    host.suspects.erase(answer.id);
    const CallDesk::Taken taken = desk_.answer(group, library, std::move(answer));
    HUB_FAILPOINT(OutcomeUnitDone);
    HUB_FAILPOINT_AFTER_COMMIT(group, OutcomeCommitted);
    return taken;
}

void CallFeed::hostLost(Group& group,
                        const std::string& library,
                        Incarnation incarnation,
                        const std::string& reason)
{
    HostState& host = hosts_.of(library);
    for (const hub_call_id id : hosts_.down(library, incarnation)) {
        desk_.hostLost(group, id, reason);
        const auto row = Calls::load(group, id);
        if (row && row->state == CallState::Queued) {
            host.suspects.insert(id);
        } else {
            host.suspects.erase(id);
        }
    }
}

void CallFeed::fenceRestored(Group& group)
{
    auto state = Quarantine::read(group.connection());
    if (!state || state->fenced) {
        return;
    }
    for (const hub_call_id id : Calls::openAndNotSafe(group.connection())) {
        desk_.fence(group, id);
    }
    state->fenced = true;
    Quarantine::write(group.connection(), *state);
}

void CallFeed::release(Group& group, Quarantine& quarantine)
{
    for (const hub_call_id id : Calls::held(group.connection())) {
        desk_.endHeld(group, id);
    }
    quarantine.release(group);
}

void CallFeed::recover(Group& group)
{
    fenceRestored(group);
    auto& query = group.connection().prepare(
        "SELECT id FROM hub_call WHERE state = 'dispatched' OR state = 'sending' ORDER BY id");
    std::vector<hub_call_id> ids;
    while (query.step()) {
        ids.push_back(static_cast<hub_call_id>(query.integer(0)));
    }
    for (const hub_call_id id : ids) {
        desk_.restart(group, id);
    }
}

} // namespace hub::journal
