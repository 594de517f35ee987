#include "plugin/lifecycle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hub::plugin {

const char* toText(State state) noexcept
{
    switch (state) {
    case State::Discovered:
        return "discovered";
    case State::Verified:
        return "verified";
    case State::Loaded:
        return "loaded";
    case State::Created:
        return "created";
    case State::Started:
        return "started";
    case State::Draining:
        return "draining";
    case State::Stopped:
        return "stopped";
    case State::Refused:
        return "refused";
    case State::Faulted:
        break;
    }
    return "faulted";
}

const char* toText(Actor actor) noexcept
{
    switch (actor) {
    case Actor::Catalogue:
        return "catalogue";
    case Actor::Loader:
        return "loader";
    case Actor::Library:
        return "library";
    case Actor::Operator:
        return "operator";
    case Actor::Supervisor:
        return "supervisor";
    case Actor::Hub:
        break;
    }
    return "hub";
}

const std::vector<Transition>& transitionTable()
{
    // Not aligned by hand: the formatter keeps the rows.
    static const std::vector<Transition> kTable = {
        {State::Discovered, State::Verified, Actor::Catalogue, "manifest and configuration fit"},
        {State::Discovered,
         State::Refused,
         Actor::Catalogue,
         "manifest or configuration don't fit"},
        {State::Discovered, State::Stopped, Actor::Operator, "not enabled"},
        {State::Verified, State::Loaded, Actor::Loader, "its code passed the gates"},
        {State::Verified, State::Refused, Actor::Loader, "its code failed a gate"},
        {State::Verified, State::Faulted, Actor::Supervisor, "its process ends before it is ready"},
        {State::Verified, State::Stopped, Actor::Operator, "disabled between two starts"},
        {State::Verified, State::Stopped, Actor::Hub, "the hub ends"},
        {State::Loaded, State::Created, Actor::Library, "create() accepted the configuration"},
        {State::Loaded, State::Refused, Actor::Library, "create() refused the configuration"},
        {State::Loaded,
         State::Verified,
         Actor::Supervisor,
         "its process was lost; it starts again"},
        {State::Loaded, State::Faulted, Actor::Supervisor, "it crashed too often"},
        {State::Loaded, State::Stopped, Actor::Operator, "disabled while it starts"},
        {State::Loaded, State::Stopped, Actor::Hub, "the hub ends"},
        {State::Created, State::Started, Actor::Library, "start() answered"},
        {State::Created, State::Refused, Actor::Library, "start() refused"},
        {State::Created,
         State::Verified,
         Actor::Supervisor,
         "its process was lost; it starts again"},
        {State::Created, State::Faulted, Actor::Supervisor, "it crashed too often"},
        {State::Created, State::Stopped, Actor::Operator, "disabled while it starts"},
        {State::Created, State::Stopped, Actor::Hub, "the hub ends"},
        {State::Started, State::Draining, Actor::Operator, "disabled or restarted"},
        {State::Started, State::Draining, Actor::Hub, "the hub ends"},
        {State::Started,
         State::Verified,
         Actor::Supervisor,
         "its process was lost; it starts again"},
        {State::Started, State::Faulted, Actor::Supervisor, "crash loop or poison unit"},
        {State::Draining, State::Stopped, Actor::Library, "stop() returned"},
        {State::Draining, State::Stopped, Actor::Supervisor, "its process ended or was killed"},
        {State::Stopped, State::Verified, Actor::Operator, "enabled or restarted"},
        {State::Stopped, State::Refused, Actor::Catalogue, "it does not fit any more"},
        {State::Faulted, State::Verified, Actor::Operator, "enabled or restarted"},
        {State::Faulted, State::Stopped, Actor::Operator, "disabled"},
        {State::Faulted, State::Stopped, Actor::Hub, "the hub ends"},
        {State::Refused, State::Discovered, Actor::Operator, "to be verified anew"},
        {State::Refused, State::Stopped, Actor::Operator, "disabled"},
        {State::Refused, State::Stopped, Actor::Hub, "the hub ends"},
    };
    return kTable;
}

State Lifecycle::state() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

std::string Lifecycle::reason() const
{
    const std::lock_guard lock(mutex_);
    return reason_;
}

Result<void> Lifecycle::move(State to, Actor actor, const std::string& reason)
{
    const std::lock_guard moving(moving_);
    StateChange change{library_, State::Discovered, to, actor, reason};
    std::vector<Observer> observers;
    {
        const std::lock_guard lock(mutex_);
        change.from = state_;
        const auto& table = transitionTable();
        const auto row = std::find_if(table.begin(), table.end(), [&](const Transition& candidate) {
            return candidate.from == state_ && candidate.to == to && candidate.actor == actor;
        });
        if (row == table.end()) {
            return Error{HUB_REJECTED,
                         fmt::format("library {} is {} and can't become {} by the {}; look at its "
                                     "state again",
                                     library_,
                                     toText(state_),
                                     toText(to),
                                     toText(actor))};
        }
        if (change.reason.empty()) {
            change.reason = row->why;
        }
        state_ = to;
        reason_ = change.reason;
        observers = observers_;
    }
    changed_.notify_all();
    for (const Observer& observer : observers) {
        observer(change);
    }
    return {};
}

void Lifecycle::observe(Observer observer)
{
    const std::lock_guard lock(mutex_);
    observers_.push_back(std::move(observer));
}

bool Lifecycle::await(std::initializer_list<State> states, std::chrono::milliseconds timeout) const
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] {
        return std::find(states.begin(), states.end(), state_) != states.end();
    });
}

} // namespace hub::plugin
