// Hosts: which library processes are up, how much they take, and which calls they have in hand.
// Memory only: a host does not outlive the hub. Belongs to the lane's thread.
#pragma once

#include "journal/event.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace hub::journal {

/// One process of a library; a later one has a higher number.
using Incarnation = std::uint64_t;

/// The way to a library's process. Called on the lane's thread after a commit; never blocks.
/// False: the process is gone; a hostLost() follows.
class Outlet {
public:
    virtual ~Outlet() = default;
    virtual bool
    sendCall(const std::string& library, Incarnation incarnation, CallDelivery call) = 0;
    virtual bool
    sendEvent(const std::string& library, Incarnation incarnation, EventDelivery event) = 0;
    /// Around all that one commit lets go, so that it may travel together.
    virtual void hold() noexcept {}
    virtual void release() noexcept {}
};

class OutletHold {
public:
    explicit OutletHold(Outlet& outlet) noexcept
        : outlet_(outlet)
    {
        outlet_.hold();
    }
    ~OutletHold() { outlet_.release(); }
    OutletHold(const OutletHold&) = delete;
    OutletHold& operator=(const OutletHold&) = delete;

private:
    Outlet& outlet_;
};

/// The processes of one library: one takes new work; those that it replaced may still answer, and
/// one that may replace it waits with the credit that it gave.
struct HostState {
    Incarnation present = 0; // 0: none takes work
    std::map<Incarnation, std::uint32_t> credit;
    std::map<hub_call_id, Incarnation> in_hand;
    /// Were in hand when the last process crashed: delivered one at a time.
    std::set<hub_call_id> suspects;

    /// How much more the present process takes.
    std::uint32_t room() const
    {
        const auto found = credit.find(present);
        return present == 0 || found == credit.end() ? 0 : found->second;
    }
    void spend() { --credit.at(present); }
};

class Hosts {
public:
    /// New work goes to this process from now on.
    void up(const std::string& library, Incarnation incarnation)
    {
        hosts_[library].present = incarnation;
    }
    void credit(const std::string& library, Incarnation incarnation, std::uint32_t count)
    {
        hosts_[library].credit[incarnation] += count;
    }
    bool isUp(const std::string& library) const
    {
        const auto found = hosts_.find(library);
        return found != hosts_.end() && found->second.present != 0;
    }
    bool isPresent(const std::string& library, Incarnation incarnation) const
    {
        return isUp(library) && hosts_.at(library).present == incarnation;
    }
    /// The process is gone. Answers what it had in hand.
    std::set<hub_call_id> down(const std::string& library, Incarnation incarnation)
    {
        HostState& host = hosts_[library];
        host.present = host.present == incarnation ? 0 : host.present;
        host.credit.erase(incarnation);
        std::set<hub_call_id> lost;
        std::erase_if(host.in_hand, [&](const auto& entry) {
            return entry.second == incarnation && lost.insert(entry.first).second;
        });
        return lost;
    }
    HostState& of(const std::string& library) { return hosts_[library]; }
    const HostState& of(const std::string& library) const { return hosts_.at(library); }

private:
    std::map<std::string, HostState> hosts_;
};

} // namespace hub::journal
