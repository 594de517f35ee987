// CallFeed: hands queued calls to the processes of connectors, as far as their credit goes, and
// takes them back when a process is lost. Belongs to the lane's thread.
#pragma once

#include "journal/call_desk.hpp"
#include "journal/group.hpp"
#include "journal/hosts.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace hub::journal {

class CallFeed {
public:
    CallFeed(Hosts& hosts,
             Outlet& outlet,
             CallDesk& desk,
             const Quarantine& quarantine = Quarantine::none());

    /// These connectors have calls waiting.
    void wake(const std::set<std::string>& connectors);
    /// Looks into the store for calls that became due.
    void wakeDue(store::Connection& connection, std::int64_t now_ms);

    bool hasWork() const;
    std::size_t feed(Group& group, std::size_t budget);

    CallDesk::Taken answer(Group& group, const std::string& library, CallAnswer answer);
    void hostLost(Group& group,
                  const std::string& library,
                  Incarnation incarnation,
                  const std::string& reason);
    /// At start: what a dead hub's hosts had in hand, and once after a restore all that may have
    /// left since the backup.
    void recover(Group& group);
    /// Ends a restored store's quarantine; what it held is given back to its owners, unsent.
    void release(Group& group, Quarantine& quarantine);

private:
    void fenceRestored(Group& group);
    Calls::Which which() const noexcept
    {
        return quarantine_.isOn() ? Calls::Which::SafeOnly : Calls::Which::All;
    }
    std::size_t room(const std::string& library) const;

    Hosts& hosts_;
    Outlet& outlet_;
    CallDesk& desk_;
    const Quarantine& quarantine_;
    std::set<std::string> waiting_;
};

} // namespace hub::journal
