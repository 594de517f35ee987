#include "app/hub.hpp"

#include "app/admin.hpp"
#include "app/approval.hpp"
#include "app/audit_trail.hpp"
#include "app/bridge.hpp"
#include "app/call_directory.hpp"
#include "app/call_seal.hpp"
#include "app/cli/admin_server.hpp"
#include "app/event_feed.hpp"
#include "app/exchange_log.hpp"
#include "app/fleet.hpp"
#include "app/hang_watch.hpp"
#include "app/hub_backend.hpp"
#include "app/job_runner.hpp"
#include "app/maintenance.hpp"
#include "app/metrics.hpp"
#include "app/outcome_waiters.hpp"
#include "app/own_secrets.hpp"
#include "app/service_desk.hpp"
#include "app/sessions.hpp"
#include "app/stream_desk.hpp"
#include "app/translate.hpp"
#include "bus/router.hpp"
#include "egress/exchanger.hpp"
#include "gateway/gateway.hpp"
#include "journal/erasures.hpp"
#include "journal/lane.hpp"
#include "observe/log.hpp"
#include "security/api_keys.hpp"
#include "security/audit.hpp"
#include "security/keys.hpp"
#include "security/person_keys.hpp"
#include "security/secrets.hpp"
#include "security/sessions.hpp"
#include "store/blobs.hpp"
#include "store/database.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace hub::app {

namespace {

const observe::Log kLog("hub");

constexpr std::int64_t kStopMs = 8000;

/// Checked before anything is opened: an installation that does not fit never starts.
plugin::Catalogue readCatalogue(const config::Settings& settings, security::Secrets& secrets)
{
    plugin::Catalogue catalogue = plugin::Catalogue::read(catalogueSettings(settings, secrets));
    if (!catalogue.problems().empty()) {
        throw base::Failure(HUB_BAD_REQUEST, "{}", fmt::join(catalogue.problems(), "\n"));
    }
    for (const plugin::Refusal& refusal : catalogue.refusals()) {
        kLog.withLibrary(refusal.library).error("refused: {}", fmt::join(refusal.reasons, "; "));
    }
    return catalogue;
}

std::int64_t storeEpoch(store::Database& database)
{
    auto& query =
        database.writer().prepare("SELECT value FROM hub_meta WHERE name = 'store_epoch'");
    if (!query.step()) {
        throw base::Failure(HUB_INTERNAL, "the store has no store_epoch; restore it from a backup");
    }
    return std::stoll(query.text(0));
}

/// What was erased stays so: after a crash between commit and destruction, and after a restore of
/// either store.
void repeatErasures(store::Connection& store, security::PersonKeys& persons, std::int64_t now_ms)
{
    persons.repeatErasures(now_ms);
    for (const std::string& person : journal::Erasures::all(store)) {
        if (!persons.isErased(person)) {
            persons.destroy(person, now_ms);
        }
    }
}

journal::LaneSettings withPersons(journal::LaneSettings lane, security::PersonKeys& persons)
{
    lane.before_commit = [&persons] {
        persons.flush();
    };
    return lane;
}

} // namespace

class Hub::Impl {
public:
    Impl(config::Settings settings, std::function<void(const std::string&)> fatal)
        : settings_(std::move(settings))
        , secrets_(settings_.secrets.folder,
                   security::loadMasterKey(settings_.secrets.master_key_file))
        , catalogue_(readCatalogue(settings_, secrets_))
        , keys_(secrets_)
        , call_seal_(secrets_)
        , database_(store::Database::open(storeSettings(settings_), clock_))
        , blobs_(settings_.store.folder / "blobs")
        , persons_(openPersonKeys(settings_.store.folder, secrets_))
        , api_keys_(clock_)
        , logins_(clock_,
                  std::string(sessionKey(secrets_).view()),
                  static_cast<std::size_t>(settings_.gateway.sessions_per_subject_max))
        , audit_(auditKey(secrets_), settings_.store.folder / kAuditAnchor)
        , directory_(catalogue_)
        , waiters_(*database_, clock_)
        , feed_(waiters_)
        , lane_(*database_,
                clock_,
                directory_,
                bridge_,
                feed_,
                withSessions(withPersons(laneSettings(settings_, call_seal_), *persons_)),
                std::move(fatal))
        , router_(zmq_, routerSettings(settings_), bridge_)
        , hangs_(clock_,
                 settings_.plugin_host.hang_ms,
                 [this](const bus::HostId& host, const std::string& reason) {
                     router_.expel(host, reason);
                 })
        , exchanges_(lane_)
        , exchanger_(exchangerSettings(settings_), exchanges_, clock_)
        , trail_(lane_, clock_, audit_)
        , streams_({catalogue_,
                    bridge_.liveCalls(),
                    exchanges_,
                    router_,
                    clock_,
                    streamSettings(settings_),
                    static_cast<std::size_t>(settings_.egress.streams_per_library_max),
                    settings_.isDemo()})
        , services_(serviceParts())
        , sessions_(catalogue_, bridge_, clock_)
        , fleet_({catalogue_,
                  settings_,
                  clock_,
                  *database_,
                  blobs_,
                  *persons_,
                  lane_,
                  router_,
                  directory_,
                  logins_,
                  storeEpoch(*database_)})
        , backend_({catalogue_,
                    settings_,
                    clock_,
                    *database_,
                    lane_,
                    bridge_,
                    fleet_,
                    directory_,
                    waiters_,
                    exchanges_,
                    trail_,
                    logins_})
        , gateway_(gatewaySettings(settings_), backend_, api_keys_, logins_, clock_)
        , admin_({catalogue_,
                  settings_,
                  clock_,
                  *database_,
                  lane_,
                  fleet_,
                  trail_,
                  feed_,
                  secrets_,
                  api_keys_,
                  logins_,
                  exchanger_})
        , admin_server_(settings_.run_folder / "admin.sock", admin_)
        , jobs_({clock_, *database_, lane_, fleet_})
        , maintenance_(lane_, trail_, logins_, {})
        , metrics_({lane_, router_, exchanger_, fleet_, *database_, clock_, logins_})
    {
        blobs_.removeAbandoned();
        // Lost processes are told to everyone who holds something of theirs.
        HostWatch watch = fleet_.watch();
        watch.gave = [this](const bus::HostId& host, std::uint64_t id, std::int64_t deadline_ms) {
            hangs_.gave(host, id, deadline_ms == 0 ? 0 : deadline_ms - clock_.nowMs());
        };
        watch.settled = [this](const bus::HostId& host, std::uint64_t id) {
            hangs_.answered(host, id);
        };
        auto lost = std::move(watch.lost);
        watch.lost = [this, lost](const bus::HostId& host, const std::string& reason) {
            sessions_.hostLost(host);
            services_.hostLost(host);
            hangs_.lost(host);
            streams_.hostLost(host);
            lost(host, reason);
        };
        auto ready = std::move(watch.ready);
        watch.ready = [this, ready](const bus::HostId& host) {
            ready(host);
            sessions_.hostReady(host);
        };
        watch.answered = [this](const LiveCall& live, const journal::CallAnswer& answer) {
            services_.callEnded(live.host, live.ticket.call_id);
            streams_.deliveryEnded(live.host, live.ticket.call_id, answer.status);
            if (live.session) {
                sessions_.ended(live.host, answer);
            }
        };
        bridge_.attach(lane_, router_, services_, std::move(watch));
    }

    ~Impl() { stop(); }

    void start()
    {
        api_keys_.load(database_->writer());
        repeatErasures(database_->writer(), *persons_, clock_.nowMs());
        logins_.load(database_->writer());
        fleet_.migrate();
        lane_.start();
        router_.start();
        sessions_.start();
        fleet_.start();
        QuarantineDesk::announce(lane_);
        if (lane_.isQuarantined()) {
            kLog.warning("in quarantine since the restore of a backup: nothing is sent and no "
                         "request is taken; see `expohub quarantine show`");
        }
        jobs_.start();
        hangs_.start();
        gateway_.start();
        admin_server_.start();
        metrics_.start();
        maintenance_.start();
        started_ = true;
        kLog.info("serving on http {} and https {}", gateway_.port(), gateway_.httpsPort());
    }

    void stop() noexcept
    {
        if (std::exchange(started_, false)) {
            kLog.info("stopping");
        }
        maintenance_.stop();
        metrics_.stop();
        admin_server_.stop();
        gateway_.stop();
        jobs_.stop();
        hangs_.stop();
        sessions_.stop();
        fleet_.stop(clock_.nowMs() + kStopMs);
        router_.stop();
        lane_.stop();
    }

    std::uint16_t httpPort() const { return gateway_.port(); }
    std::uint16_t httpsPort() const { return gateway_.httpsPort(); }

private:
    journal::LaneSettings withSessions(journal::LaneSettings lane)
    {
        lane.reread = [this](store::Connection& connection) {
            logins_.load(connection);
        };
        return lane;
    }

    ServiceParts serviceParts()
    {
        return {
            catalogue_,
            bridge_.liveCalls(),
            secrets_,
            keys_,
            exchanger_,
            streams_,
            blobs_,
            router_,
            clock_,
            [this](const std::string& library, const std::string& name, const std::string& trace) {
                trail_.write({"library:" + library, "secret.revealed", name, "", trace, 0});
            }};
    }

    config::Settings settings_;
    base::SystemClock clock_;
    zmq::context_t zmq_;
    security::Secrets secrets_;
    plugin::Catalogue catalogue_;
    security::Keys keys_;
    CallSeal call_seal_;
    std::unique_ptr<store::Database> database_;
    store::Blobs blobs_;
    std::unique_ptr<security::PersonKeys> persons_;
    security::ApiKeys api_keys_;
    security::Sessions logins_;
    security::Audit audit_;
    CallDirectory directory_;
    OutcomeWaiters waiters_;
    EventFeed feed_;
    Bridge bridge_;
    journal::Lane lane_;
    bus::Router router_;
    HangWatch hangs_;
    ExchangeLog exchanges_;
    egress::Exchanger exchanger_;
    AuditTrail trail_;
    StreamDesk streams_;
    ServiceDesk services_;
    Sessions sessions_;
    Fleet fleet_;
    HubBackend backend_;
    gateway::Gateway gateway_;
    Admin admin_;
    cli::AdminServer admin_server_;
    JobRunner jobs_;
    Maintenance maintenance_;
    Metrics metrics_;
    bool started_ = false;
};

Hub::Hub(config::Settings settings, std::function<void(const std::string&)> fatal)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(fatal)))
{}

Hub::~Hub() = default;

void Hub::start()
{
    impl_->start();
}

void Hub::stop() noexcept
{
    impl_->stop();
}

std::uint16_t Hub::httpPort() const
{
    return impl_->httpPort();
}

std::uint16_t Hub::httpsPort() const
{
    return impl_->httpsPort();
}

} // namespace hub::app
