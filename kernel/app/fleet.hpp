// Fleet: the libraries of this hub and their life: plugins in this process, connectors and
// subscribers in theirs. Switching one on, off or over loses no work: calls and events wait in
// the store.
#pragma once

#include "app/bridge.hpp"
#include "app/call_directory.hpp"
#include "app/library_records.hpp"
#include "base/clock.hpp"
#include "bus/router.hpp"
#include "config/settings.hpp"
#include "journal/lane.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/host_process.hpp"
#include "plugin/inproc_library.hpp"
#include "plugin/lifecycle.hpp"
#include "store/blobs.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hub::app {

struct FleetParts {
    const plugin::Catalogue& catalogue;
    const config::Settings& settings;
    const base::Clock& clock;
    store::Database& database;
    store::Blobs& blobs;
    security::PersonKeys& persons;
    journal::Lane& lane;
    bus::Router& router;
    CallDirectory& directory;
    security::Sessions& sessions;
    std::int64_t store_epoch = 1; // part of every number given to a provider
};

struct LibraryStatus {
    std::string id;
    std::string version;
    std::string kind;
    std::string isolation;
    std::string state;
    std::string reason;
};

/// start(), stop() and the switches run on one thread at a time; the rest is thread-safe.
class Fleet final : public plugin::HostProcessListener {
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

    std::vector<LibraryStatus> list() const;
    /// NULL unless it runs in this process.
    plugin::InprocLibrary* inproc(const std::string& library) const;
    plugin::InprocLibrary* ownerOf(std::string_view contract) const;

    /// For the bridge; called on the router's thread.
    HostWatch watch();

private:
    struct Member {
        const plugin::Package* package = nullptr;
        std::unique_ptr<plugin::Lifecycle> life;
        std::unique_ptr<plugin::InprocLibrary> inproc;
        std::unique_ptr<plugin::HostProcess> process;
        bool subscribed = false;
        std::int64_t configuration_version = 0; // since the last start
        std::string migration_problem; // why it can't start; empty when its tables are right
    };

    // plugin::HostProcessListener
    bus::Welcome welcome(const std::string& library) override;
    void hostOutput(const std::string& library, std::string_view line) override;
    void hostChanged(const std::string& library,
                     plugin::HostProcessState state,
                     const std::string& reason) override;

    void hostReady(const bus::HostId& host);
    void hostLost(const bus::HostId& host, const std::string& reason);
    void exposeViews();
    void startOne(Member& member);
    void startInproc(Member& member);
    void startProcess(Member& member);
    void drain(Member& member, std::int64_t deadline_ms, plugin::Actor actor);
    void subscribe(Member& member);
    void unsubscribe(Member& member);
    void refuse(Member& member, const std::string& reason);
    std::int64_t stopDeadlineMs() const;
    Member* find(const std::string& library);
    const Member* find(const std::string& library) const;
    base::Json configOf(const Member& member) const;

    FleetParts parts_;
    LibraryRecords records_;
    std::mutex switching_;
    std::map<std::string, Member> members_; // filled by the constructor, never changed
};

} // namespace hub::app
