// Sessions: leases the standing connection of each account whose connector asks for one to the
// connector's process. One lease an account at a time; when it ends it is given again, soon after
// HUB_OK, else after a pause that doubles. Memory only: nothing of a session is stored.
#pragma once

#include "app/bridge.hpp"
#include "base/clock.hpp"
#include "plugin/live_catalogue.hpp"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hub::app {

class Sessions {
public:
    Sessions(const plugin::LiveCatalogue& catalogue, Bridge& bridge, const base::Clock& clock);
    /// stop()s.
    ~Sessions();
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;

    void start();
    /// Leases nothing any more. Idempotent.
    void stop() noexcept;

    // On the router's thread.
    void hostReady(const bus::HostId& host);
    void hostLost(const bus::HostId& host);
    void ended(const bus::HostId& host, const journal::CallAnswer& answer);

    /// How long an account waits after its session ended: `failures` in a row before this one.
    static std::int64_t pauseMs(hub_status status, std::uint32_t failures) noexcept;

private:
    struct Lease {
        bus::HostId host;
        hub_call_id live = 0; // 0: none
        std::uint32_t failures = 0;
        std::int64_t due_ms = 0;   // monotonic
        std::int64_t began_ms = 0; // monotonic
    };
    struct Due {
        bus::HostId host;
        journal::CallDelivery session;
    };

    void run();
    /// Those whose time has come, taken as begun. With the lock.
    std::vector<Due> takeDue();
    journal::CallDelivery deliveryOf(const std::string& account, const Lease& lease);
    void pause(Lease& lease, hub_status status);

    const plugin::LiveCatalogue& catalogue_;
    Bridge& bridge_;
    const base::Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Lease> leases_; // by account, of processes that are there
    hub_call_id next_;
    std::minstd_rand random_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace hub::app
