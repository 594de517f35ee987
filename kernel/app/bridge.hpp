// Bridge: between the lane and the router. Frames of hosts become works of the lane; deliveries
// of the lane become frames. It knows which process of a library is the present one.
#pragma once

#include "app/host_works.hpp"
#include "app/live_calls.hpp"
#include "bus/router.hpp"
#include "journal/hosts.hpp"
#include "journal/lane.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace hub::app {

/// Serves SERVICE frames; answers through the router, from any thread.
class ServiceProvider {
public:
    virtual ~ServiceProvider() = default;
    virtual void serve(const bus::HostId& host, bus::ServiceFrame frame) = 0;
};

/// What the fleet wants to know about its processes. On the router's thread: never wait.
struct HostWatch {
    /// A successor, which takes no work before switchTo(). Asked under the lock of switchTo(), so
    /// that a host that is replaced right now does not take its place back.
    std::function<bool(const bus::HostId&)> waits = [](const bus::HostId&) {
        return false;
    };
    std::function<void(const bus::HostId&)> ready;
    std::function<void(const bus::HostId&, const std::string& reason)> lost;
    std::function<void(const bus::HostId&)> progress;
    /// A call, a session or a reading was answered; before the answer takes effect.
    std::function<void(const LiveCall&, const journal::CallAnswer&)> answered;
    /// A call or event went out (its deadline, or 0), and one was settled; on several threads.
    std::function<void(const bus::HostId&, std::uint64_t id, std::int64_t deadline_ms)> gave;
    std::function<void(const bus::HostId&, std::uint64_t id)> settled;
};

class Bridge final : public bus::RouterListener, public journal::Outlet {
public:
    Bridge() = default;

    /// Before the router and the lane start.
    void
    attach(journal::Lane& lane, bus::Router& router, ServiceProvider& services, HostWatch watch);

    LiveCalls& liveCalls() noexcept { return live_; }
    bool isUp(const std::string& library) const;

    /// New work goes to this host from now on; what its predecessor has in hand ends there. False:
    /// it is not ready (any more). Any thread.
    bool switchTo(const bus::HostId& host);

    /// Hands an inbound request to the connector's process and waits for its reading.
    journal::CallAnswer readCallback(journal::CallDelivery call, std::int64_t wait_ms);
    journal::CallAnswer
    readCallback(const bus::HostId& host, journal::CallDelivery call, std::int64_t wait_ms);
    /// Makes a safe call that is stored nowhere and waits for its answer.
    journal::CallAnswer callAside(journal::CallDelivery call, std::int64_t wait_ms);

    /// Leases a session, which HostWatch::answered tells the end of. False: not taken.
    bool sendSession(const bus::HostId& host, journal::CallDelivery session);

    // journal::Outlet, on the lane's thread.
    bool sendCall(const std::string& library,
                  journal::Incarnation incarnation,
                  journal::CallDelivery call) override;
    bool sendEvent(const std::string& library,
                   journal::Incarnation incarnation,
                   journal::EventDelivery event) override;
    void hold() noexcept override;
    void release() noexcept override;

    // bus::RouterListener, on the router's thread.
    void hostReady(const bus::HostId& host) override;
    void hostLost(const bus::HostId& host, const std::string& reason) override;
    void credit(const bus::HostId& host, std::uint32_t count) override;
    void answered(const bus::HostId& host, journal::CallAnswer answer) override;
    void acknowledged(const bus::HostId& host, journal::Acknowledgement acknowledgement) override;
    void published(const bus::HostId& host, bus::PublishFrame frame) override;
    void service(const bus::HostId& host, bus::ServiceFrame frame) override;
    void logged(const bus::HostId& host, int level, const std::string& message) override;
    void turnEnded() override;

private:
    std::optional<bus::HostId> present(const std::string& library) const;
    enum class Kind { Call, Reading, Aside, Session };

    journal::CallAnswer
    await(const bus::HostId& host, journal::CallDelivery call, Kind kind, std::int64_t wait_ms);
    void beginLive(const bus::HostId& host, const journal::CallDelivery& call, Kind kind);
    bool isPresent(const bus::HostId& host) const;
    bool isThere(const bus::HostId& host) const;
    void submit(std::unique_ptr<journal::Work> work);

    journal::Lane* lane_ = nullptr;
    bus::Router* router_ = nullptr;
    ServiceProvider* services_ = nullptr;
    HostWatch watch_;
    LiveCalls live_;
    // What hosts said in this turn of the router, for the lane to take together.
    std::vector<HostPublication> publications_;
    std::vector<HostWord> words_;
    mutable std::mutex mutex_;
    std::set<bus::HostId> ready_;
    std::map<std::string, bus::HostId> present_; // takes new work; one of those that are ready
    std::map<hub_call_id, std::promise<journal::CallAnswer>> readings_;
    // Readings are never stored; their numbers lie above every stored call's.
    std::atomic<hub_call_id> next_reading_{hub_call_id{1} << 62U};
};

} // namespace hub::app
