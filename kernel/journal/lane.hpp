// Lane: the one thread that writes the store. It takes what waits, runs it unit by unit inside one
// transaction, commits once, and only then lets answers out. It waits for nobody and never waits
// for more work than is there.
#pragma once

#include "base/channel.hpp"
#include "base/clock.hpp"
#include "journal/call_desk.hpp"
#include "journal/call_feed.hpp"
#include "journal/deliveries.hpp"
#include "journal/event_log.hpp"
#include "journal/hosts.hpp"
#include "journal/quarantine.hpp"
#include "journal/sequences.hpp"
#include "journal/watchdog.hpp"
#include "store/database.hpp"

#include <zmq.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hub::journal {

/// What a Work may use while it runs; all of it belongs to the lane's thread.
struct LaneContext {
    Group& group;
    EventLog& log;
    Deliveries& deliveries;
    CallFeed& calls;
    Hosts& hosts;
    const Directory& directory;
    Quarantine& quarantine;
};

/// Something for the lane. It keeps its input until the commit, because a group may run twice.
class Work {
public:
    virtual ~Work() = default;
    /// Runs its units through context.group.attempt() or deliveries.runUnit(). Must start from
    /// its input each time.
    virtual void run(LaneContext& context) = 0;
    /// On the lane's thread, after the commit: hand answers over, never wait.
    virtual void committed() noexcept = 0;
    /// Nothing of it is stored, or (after a lost connection) maybe: HUB_UNAVAILABLE.
    virtual void failed(const UnitFailed& why) noexcept = 0;
    /// Nobody would ask for it again: while the store is away it is kept, not failed.
    virtual bool mustHappen() const noexcept { return false; }
};

/// Told after each commit, on the lane's thread.
class CommitListener {
public:
    virtual ~CommitListener() = default;
    virtual void committed(const Effects& effects) noexcept = 0;
};

struct LaneSettings {
    std::size_t group_max = 256;
    std::int64_t group_ms_max = 5;
    int inbox_max = 65536;
    std::size_t recent_events = 16384;
    std::int64_t duty_ms = 20; // how often due timers, deadlines and retries are looked for
    std::filesystem::path marker_file;
    RetryPolicy retry;
    std::int64_t unit_ms_max = 2000;   // a unit that takes longer is fatal; 0: as long as it likes
    std::int64_t store_pause_ms = 100; // after the store went away it is asked again this often
    const PayloadSeal* seal = nullptr; // outlives the lane; without it no personal call is taken
    IdSource* ids = nullptr;           // outlives the lane; without it the system's generator
    /// Before each commit that stores something; throws store::StoreFailure to prevent it.
    std::function<void()> before_commit;
    /// On the lane's thread, when the store is back after a trouble in which a commit may have
    /// been lost or not: what others keep of it in memory must be read again.
    std::function<void(store::Connection&)> reread;
};

/// Read by other threads.
struct LaneCounters {
    std::atomic<std::uint64_t> groups{0};
    std::atomic<std::uint64_t> units{0};
    std::atomic<std::uint64_t> units_failed{0};
    std::atomic<std::uint64_t> groups_broken{0};
    std::atomic<std::uint64_t> events{0};
    std::atomic<std::uint64_t> answers_late{0};
    std::atomic<std::uint64_t> answers_unknown{0};
    std::atomic<std::int64_t> last_seq{0};
    std::atomic<std::int64_t> last_commit_ms{0};
    std::atomic<bool> healthy{true};
};

class Lane {
public:
    /// `fatal` is called when the process must end: on the lane's thread when the store can't be
    /// trusted any more (a failed fsync, a fence), on the watchdog's when a unit does not return.
    Lane(store::Database& database,
         const base::Clock& clock,
         const Directory& directory,
         Outlet& outlet,
         CommitListener& listener,
         LaneSettings settings,
         std::function<void(const std::string&)> fatal);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    /// Reads the state, takes back what a dead process had in hand, starts the thread.
    void start();
    /// What the thread does, for those who drive the lane on a thread and clock of their own (the
    /// simulation): begin() instead of start(), false when fatal() was told; then turns, each of
    /// which takes what waits and does what is due, and is false when there was nothing.
    bool begin();
    bool turn();
    /// Finishes what waits, then ends the thread. Idempotent.
    void stop();

    /// Thread-safe. A full inbox fails the work at once, on the caller's thread.
    void submit(std::unique_ptr<Work> work);
    /// submit() and wait for the end; never on the lane's thread. Throws base::Failure when the
    /// work failed.
    void runNow(const std::function<void(LaneContext&)>& body);

    const LaneCounters& counters() const noexcept { return counters_; }
    /// Known from start() on.
    bool isQuarantined() const noexcept { return quarantine_.isOn(); }
    /// Where the subscribers stood half a second ago or later.
    std::map<std::string, SubscriberView> subscribers() const;

private:
    void load();
    bool takeOver();
    void loop();
    bool await(std::int64_t wait_ms);
    bool takeTurn(bool asked);
    Group makeGroup();
    bool hasInternalWork();
    bool cursorsAreDue() const;
    void writeCursors();
    void showSubscribers();
    bool dutiesAreDue();
    std::vector<hub_call_id>
    pastDeadline(store::Connection& connection, std::int64_t now_ms, std::size_t limit) const;
    static void guarded(const std::function<void()>& body);
    void runGroup();
    void runWaiting(Group& group, std::vector<std::unique_ptr<Work>>& works, std::int64_t began_ms);
    void runAgain(std::vector<std::unique_ptr<Work>>& works, const GroupBroken& why);
    bool
    leaveOut(std::vector<std::unique_ptr<Work>>& works, std::size_t guilty, const GroupBroken& why);
    void giveUp(std::vector<std::unique_ptr<Work>>& works,
                store::Trouble trouble,
                const std::string& why);
    void runInternal(Group& group);
    void runDuties(Group& group);
    void commit(Group& group, std::vector<std::unique_ptr<Work>>& works);
    /// Everything that waited for the commit: answers, calls and events leave.
    void letGo(const Effects& effects, std::vector<std::unique_ptr<Work>>& works);
    void failAll(std::vector<std::unique_ptr<Work>>& works, const std::string& why);
    void rollback();
    void reload();
    LaneContext context(Group& group);
    const PayloadSeal& seal() const noexcept
    {
        return settings_.seal == nullptr ? PayloadSeal::none() : *settings_.seal;
    }

    store::Database& database_;
    const base::Clock& clock_;
    const Directory& directory_;
    Outlet& outlet_;
    CommitListener& listener_;
    LaneSettings settings_;
    std::function<void(const std::string&)> fatal_;
    zmq::context_t zmq_;
    base::Channel<Work> inbox_;
    Watchdog watchdog_;
    Marker marker_;
    Hosts hosts_;
    Hosts hosts_before_;                     // as they were when the group began
    std::deque<std::unique_ptr<Work>> kept_; // for when the store is back, in order
    Sequences sequences_;
    EventLog log_;
    Quarantine quarantine_;
    Deliveries deliveries_;
    CallDesk desk_;
    CallFeed calls_;
    LaneCounters counters_;
    std::int64_t group_no_ = 0;
    std::int64_t committed_seq_ = 0;
    std::int64_t duties_at_ms_ = 0;
    std::int64_t cursors_since_ms_ = 0;  // by the steady clock; 0: all are written
    std::int64_t internal_at_ms_ = 0;    // by the steady clock
    bool must_reload_ = false;           // memory is ahead of the store since a rollback
    bool must_reread_ = false;           // and so may be that of others
    std::optional<std::size_t> running_; // the work that a broken group is blamed on
    mutable std::mutex views_mutex_;
    std::map<std::string, SubscriberView> views_;
    std::int64_t views_at_ms_ = 0;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace hub::journal
