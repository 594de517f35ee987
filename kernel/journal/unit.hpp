// Unit: what a library may do within one unit of work. It lives on the lane's stack, inside a
// savepoint; everything it does is committed together or not at all.
#pragma once

#include "journal/directory.hpp"
#include "journal/event_log.hpp"
#include "journal/group.hpp"
#include "journal/runner.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace hub::journal {

struct CallWanted {
    std::string contract;
    std::string operation;
    std::string key;
    std::string edition;
    std::string account;
    std::string idempotency_key; // empty: the call's own id
    std::string payload;
    std::int64_t deadline_ms = 0; // 0: as the contract says
};

class Unit {
public:
    Unit(Group& group,
         EventLog& log,
         const Directory& directory,
         std::string library,
         const Envelope& cause);

    const std::string& library() const noexcept { return library_; }
    const Envelope& cause() const noexcept { return cause_; }
    store::Connection& connection() noexcept { return group_.connection(); }
    std::int64_t nowMs() const noexcept { return group_.nowMs(); }
    /// `action` runs when this unit is committed, before anybody hears of it.
    void onCommit(std::function<void()> action)
    {
        group_.effects().before_answers.push_back(std::move(action));
    }

    /// Fills trace, correlation and edition from the cause. HUB_REJECTED: the manifest does not
    /// list the type, or the id is taken by other content.
    Published publish(Publication publication);
    /// See hub_host_api.call for the codes.
    Result<hub_call_id> call(const CallWanted& wanted);
    Result<void> releaseCall(hub_call_id call);
    void setTimer(const std::string& kind,
                  const std::string& key,
                  std::int64_t due_ms,
                  const std::string& payload);
    /// False when it is not set.
    bool cancelTimer(const std::string& kind, const std::string& key);
    /// Writes the erasure down; `destroy` is called after the commit. False: was erased before.
    bool erasePerson(const std::string& person, std::function<void()> destroy);
    /// For what the unit asks of tables of the kernel that no function here covers.
    Group& group() noexcept { return group_; }

private:
    Group& group_;
    EventLog& log_;
    const Directory& directory_;
    std::string library_;
    const Envelope& cause_;
};

} // namespace hub::journal
