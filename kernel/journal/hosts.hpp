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

/// The way to a library's process. Called on the lane's thread after a commit; never blocks.
/// False: the process is gone; a hostLost() follows.
class Outlet {
public:
    virtual ~Outlet() = default;
    virtual bool sendCall(const std::string& library, CallDelivery call) = 0;
    virtual bool sendEvent(const std::string& library, EventDelivery event) = 0;
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

struct HostState {
    std::uint32_t credit = 0;
    std::set<hub_call_id> in_hand;
    /// Were in hand when the last process crashed: delivered one at a time.
    std::set<hub_call_id> suspects;
};

class Hosts {
public:
    void up(const std::string& library)
    {
        hosts_[library].credit = 0;
        live_.insert(library);
    }
    void credit(const std::string& library, std::uint32_t count)
    {
        hosts_[library].credit += count;
    }
    bool isUp(const std::string& library) const { return live_.count(library) != 0; }
    void down(const std::string& library)
    {
        live_.erase(library);
        hosts_[library].credit = 0;
        hosts_[library].in_hand.clear();
    }
    HostState& of(const std::string& library) { return hosts_[library]; }
    const HostState& of(const std::string& library) const { return hosts_.at(library); }
    const std::set<std::string>& live() const noexcept { return live_; }

private:
    std::map<std::string, HostState> hosts_;
    std::set<std::string> live_;
};

} // namespace hub::journal
