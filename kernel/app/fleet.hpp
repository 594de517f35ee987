// Fleet: the libraries of this hub and their life: plugins in this process, connectors and
// subscribers in theirs. Switching one on, off or over loses no work: calls and events wait in
// the store. What an operator installed or configured since the start is taken over by reload().
#pragma once

#include "app/bridge.hpp"
#include "app/call_directory.hpp"
#include "app/host_table.hpp"
#include "app/library_records.hpp"
#include "app/seat.hpp"
#include "app/succession.hpp"
#include "base/clock.hpp"
#include "bus/router.hpp"
#include "config/settings.hpp"
#include "journal/lane.hpp"
#include "plugin/host_process.hpp"
#include "plugin/inproc_library.hpp"
#include "plugin/lifecycle.hpp"
#include "plugin/live_catalogue.hpp"
#include "plugin/shelf.hpp"
#include "security/audit.hpp"
#include "store/blobs.hpp"
#include "store/database.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

namespace hub::app {

struct FleetParts {
    plugin::LiveCatalogue& catalogue;
    /// Reads anew what is to be used, which for a version that was rolled back is the one before.
    std::function<plugin::Catalogue()> read_catalogue;
    /// The same, but all as it is installed.
    std::function<plugin::Catalogue()> read_installed;
    const config::Settings& settings;
    const base::Clock& clock;
    store::Database& database;
    store::Blobs& blobs;
    security::PersonKeys& persons;
    journal::Lane& lane;
    bus::Router& router;
    CallDirectory& directory;
    HostTable& hosts;
    security::Sessions& sessions;
    std::int64_t store_epoch = 1; // part of every number given to a provider
    /// Whether a host of a successor answers as it should; may take seconds.
    std::function<Result<void>(const bus::HostId&, const plugin::Package&)> try_out = {};
    /// New work and sessions go to this host from now on, if they don't already. False: it is gone.
    std::function<bool(const bus::HostId&)> switch_to = {};
    std::function<void(const security::AuditEntry&)> audit = {};
    /// For hub.accounts/1.
    std::function<std::string(const std::string& contract)> accounts = {};
};

struct LibraryStatus {
    std::string id;
    std::string version;
    std::string kind;
    std::string isolation;
    std::string state;
    std::string reason;
    std::string replacement = {}; // what becomes of it; empty: nothing
};

/// start(), stop() and the switches run on one thread at a time; the rest is thread-safe.
class Fleet final : public SeatListener {
public:
    explicit Fleet(FleetParts parts);
    ~Fleet() override;

    /// Brings the tables of the enabled plugins up to date; before the lane starts.
    void migrate();
    /// Starts every enabled library. One that fails is refused, the others go on.
    void start();
    /// Lets processes finish what they have, at most until the deadline.
    void stop(std::int64_t deadline_ms);

    Result<void> enable(const std::string& library, const std::string& actor);
    Result<void> disable(const std::string& library, const std::string& actor);
    Result<void> restart(const std::string& library);
    /// Takes over what plugins.folder and plugins.d say now. Libraries in processes are started,
    /// stopped and, while their work goes on, replaced; contracts and libraries in this process
    /// wait for the next start. Answers a sentence for each. Refused whole when anything is wrong.
    Result<std::vector<std::string>> reload(const std::string& actor);
    /// Waits until the library works with what the last reload() read, or has given that up: then
    /// the reason.
    Result<void> awaitTakenOver(const std::string& library, std::int64_t patience_ms);
    /// The installed version, though it was rolled back, may be tried by the next reload().
    Result<void> admit(const std::string& library);

    std::vector<LibraryStatus> list() const;
    /// NULL unless it runs in this process.
    plugin::InprocLibrary* inproc(const std::string& library) const;
    plugin::InprocLibrary* ownerOf(std::string_view contract) const;

    /// For the bridge; called on the router's thread.
    HostWatch watch();

    /// An answer of a host, for the comparison of versions.
    void answered(const bus::HostId& host, bool well);

private:
    struct Member {
        const plugin::Package* package = nullptr; // the one that takes work
        std::unique_ptr<plugin::Lifecycle> life;
        std::unique_ptr<plugin::InprocLibrary> inproc;
        std::shared_ptr<Seat> seat;
        std::unique_ptr<Succession> succession;
        const plugin::Package* wanted = nullptr; // what the last reload read
        const plugin::Package* failed = nullptr; // what the last succession gave up
        bool subscribed = false;
        std::int64_t configuration_version = 0; // since the last start
        std::string migration_problem; // why it can't start; empty when its tables are right
        std::string replacement;       // how the last succession ended
    };

    // SeatListener
    void seatStarting(Seat& seat, const bus::HostId& host) override;
    void
    seatChanged(Seat& seat, plugin::HostProcessState state, const std::string& reason) override;

    static bool listens(const plugin::Package& package);
    bool isWaiting(const bus::HostId& host) const;
    void hostReady(const bus::HostId& host);
    void hostLost(const bus::HostId& host, const std::string& reason);
    void exposeViews();
    Member& addMember(const plugin::Package& package);
    void startOne(Member& member);
    void startInproc(Member& member);
    void startProcess(Member& member);
    std::shared_ptr<Seat> makeSeat(const plugin::Package& package, const plugin::Catalogue& within);
    void drain(Member& member, std::int64_t deadline_ms, plugin::Actor actor);
    void subscribe(Member& member);
    void unsubscribe(Member& member);
    void refuse(Member& member, const std::string& reason);
    std::string remove(const plugin::Package& package);
    std::string tryTakeOver(const plugin::Package& package);
    std::string takeOver(const plugin::Package& package);
    std::string giveUp(const plugin::Package& package, const std::string& reason);
    std::string beginSuccession(Member& member, const plugin::Package& package);
    bool switchOver(Member& member, Seat& from, Seat& to);
    void giveBack(Member& member, Seat& from, Seat& to);
    void setPackage(Member& member, const plugin::Package& package);
    void publish(const Member& member, const plugin::Package& package);
    void keep();
    void follow(Member& member);
    void took(Member& member, const Succession& succession);
    std::set<std::string> digestsInUse() const;
    std::int64_t stopDeadlineMs() const;
    Member* find(const std::string& library);
    const Member* find(const std::string& library) const;
    base::Json configOf(const plugin::Package& package,
                        const plugin::Catalogue& within,
                        std::int64_t configuration_version) const;

    FleetParts parts_;
    LibraryRecords records_;
    plugin::Shelf shelf_;
    std::mutex switching_;
    mutable std::shared_mutex members_mutex_;
    std::map<std::string, Member> members_; // grows by reload(), never shrinks
    std::condition_variable ending_;
    bool is_ending_ = false;
    std::thread keeper_; // takes the steps of successions
};

} // namespace hub::app
