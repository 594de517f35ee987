// HostProcess: supervises the process of one library. Starts it, listens to its output, starts it
// again when it crashes, gives up when it crashes in a loop, and stops it in time.
#pragma once

#include "base/clock.hpp"
#include "bus/router.hpp"
#include "plugin/child.hpp"
#include "plugin/restart_policy.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

namespace hub::plugin {

/// Starting: told to start, while nothing is there yet; only state() says so, nobody is told.
enum class HostProcessState { Stopped, Running, BackingOff, Stopping, Faulted, Starting };

/// Whether nothing is there, and nothing will be before somebody starts it.
bool hasEnded(HostProcessState state) noexcept;

struct HostProcessSettings {
    std::string library;                // id
    std::filesystem::path host_program; // expohub-plugin-host
    std::filesystem::path library_path;
    std::filesystem::path manifest_path;
    /// HUB_HOST_SANDBOX of sdk/PROTOCOL.md.
    std::string sandbox = "full";
    /// The first of the user ids that a root's hub gives its hosts, each library its own.
    std::uint32_t uid_first = 60800;
    RestartSettings restart;
    /// How long a host that the router lost may take to end by itself.
    std::int64_t lost_grace_ms = 1000;
};

/// Told on the supervisor's thread: hand over and return.
class HostProcessListener {
public:
    virtual ~HostProcessListener() = default;
    /// What the next start is told; asked anew at every start, which is this incarnation.
    virtual bus::Welcome welcome(const bus::HostId& host) = 0;
    /// A line of stdout or stderr, without its end; bytes as the process wrote them.
    virtual void hostOutput(const std::string& library, std::string_view line) = 0;
    /// `reason` says why; for Faulted it is a sentence for the operator.
    virtual void
    hostChanged(const std::string& library, HostProcessState state, const std::string& reason) = 0;
};

/// All functions are thread-safe; only stop() and the destructor wait.
class HostProcess {
public:
    HostProcess(HostProcessSettings settings,
                bus::Router& router,
                const base::Clock& clock,
                HostProcessListener& listener);
    /// Kills what still runs.
    ~HostProcess();
    HostProcess(const HostProcess&) = delete;
    HostProcess& operator=(const HostProcess&) = delete;

    /// Also after Faulted: earlier crashes are forgotten. From then on it has not ended.
    void start();
    /// STOP over the wire, SIGTERM shortly before the deadline, SIGKILL at it.
    void requestStop(std::int64_t deadline_unix_ms);
    /// Like requestStop(), and waits until the process has ended. The router's hostLost() may come
    /// a little later.
    void stop(std::int64_t deadline_unix_ms);
    /// From RouterListener::hostLost: an incarnation that is not the current one is ignored.
    void hostLost(const bus::HostId& host, const std::string& reason);
    /// Something was settled: crashes before it don't count.
    void progress();

    HostProcessState state() const;

private:
    struct StartOrder {};
    struct StopOrder {
        std::int64_t deadline_unix_ms = 0;
    };
    struct LostOrder {
        bus::HostId host;
        std::string reason;
    };
    struct ProgressOrder {};
    struct EndOrder {};
    using Order = std::variant<StartOrder, StopOrder, LostOrder, ProgressOrder, EndOrder>;

    /// The number of the order.
    std::uint64_t give(Order order);
    void followOrders();
    void run();
    void waitForWork();
    std::int64_t nextDueMs() const;
    void follow(const StartOrder& order);
    void follow(const StopOrder& order);
    void follow(const LostOrder& order);
    void follow(const ProgressOrder& order);
    void follow(const EndOrder& order);
    void actOnTime();
    void watchChild();
    void launch();
    void ended(const Child::Ending& ending);
    void crashed(const std::string& reason);
    void change(HostProcessState state, const std::string& reason);

    const HostProcessSettings settings_;
    const std::uint32_t uid_;
    bus::Router& router_;
    const base::Clock& clock_;
    HostProcessListener& listener_;

    int wake_ = -1; // eventfd
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Order> orders_;
    HostProcessState state_ = HostProcessState::Stopped;
    std::uint64_t orders_given_ = 0;
    std::uint64_t orders_followed_ = 0;
    std::uint64_t starts_waiting_ = 0; // orders to start that were not followed yet

    // The supervisor's thread only.
    RestartPolicy policy_;
    std::unique_ptr<Child> child_;
    bus::HostId host_;
    bool wanted_ = false;
    bool ending_ = false;
    std::string lost_reason_; // why the router lost the running incarnation
    std::string last_line_;
    std::int64_t start_at_ms_ = 0;
    std::int64_t terminate_at_ms_ = 0; // 0: not
    std::int64_t kill_at_ms_ = 0;      // 0: not
    std::thread thread_;
};

} // namespace hub::plugin
