#include "app/hub.hpp"

#include "app/account_list.hpp"
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
#include "app/host_table.hpp"
#include "app/hub_backend.hpp"
#include "app/job_runner.hpp"
#include "app/maintenance.hpp"
#include "app/metrics.hpp"
#include "app/outcome_waiters.hpp"
#include "app/own_secrets.hpp"
#include "app/provider_accounts.hpp"
#include "app/service_desk.hpp"
#include "app/sessions.hpp"
#include "app/stream_desk.hpp"
#include "app/translate.hpp"
#include "base/uuid.hpp"
#include "bus/router.hpp"
#include "egress/exchanger.hpp"
#include "gateway/gateway.hpp"
#include "journal/erasures.hpp"
#include "journal/lane.hpp"
#include "observe/log.hpp"
#include "plugin/shelf.hpp"
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

plugin::CatalogueSettings inUseSettings(const config::Settings& settings,
                                        security::Secrets& secrets)
{
    plugin::CatalogueSettings wanted = catalogueSettings(settings, secrets);
    wanted.in_use = [shelf = plugin::shelfOf(settings)](plugin::Package installed) {
        return plugin::inUse(shelf, std::move(installed));
    };
    return wanted;
}

/// Checked before anything is opened: an installation that does not fit never starts.
plugin::Catalogue readCatalogue(const config::Settings& settings, security::Secrets& secrets)
{
    plugin::Catalogue catalogue = plugin::Catalogue::read(inUseSettings(settings, secrets));
    if (!catalogue.problems().empty()) {
        throw base::Failure(HUB_BAD_REQUEST, "{}", fmt::join(catalogue.problems(), "\n"));
    }
    for (const plugin::Refusal& refusal : catalogue.refusals()) {
        kLog.withLibrary(refusal.library).error("refused: {}", fmt::join(refusal.reasons, "; "));
    }
    for (const auto& [id, package] : catalogue.packages()) {
        if (package.set_aside) {
            kLog.withLibrary(id).warning("version {} was rolled back ({}); {} goes on",
                                         package.set_aside->manifest.version,
                                         package.set_aside->reason,
                                         package.manifest.version);
        }
    }
    return catalogue;
}

journal::CallDelivery emptyRequest(const std::string& contract,
                                   const std::string& operation,
                                   const plugin::Package& package,
                                   const base::Clock& clock)
{
    journal::CallDelivery call;
    call.created_ms = clock.nowMs();
    call.uuid = base::makeUuidV7(call.created_ms);
    call.contract = contract;
    call.operation = operation;
    call.account = package.file.accounts.begin()->first;
    call.connector = package.manifest.id;
    call.trace = base::makeTraceId();
    call.principal = "hub";
    call.safe = true;
    call.payload = base::Json{
        {"method", "POST"},
        {"path", "/"},
        {"query", ""},
        {"headers", base::Json::object()},
        {"body_base64",
         ""}}.dump();
    return call;
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
        , streams_({hosts_,
                    bridge_.liveCalls(),
                    exchanges_,
                    router_,
                    clock_,
                    streamSettings(settings_),
                    static_cast<std::size_t>(settings_.egress.streams_per_library_max),
                    settings_.isDemo()})
        , services_(serviceParts())
        , sessions_(catalogue_, bridge_, clock_)
        , fleet_(fleetParts())
        , accounts_({catalogue_,
                     settings_,
                     clock_,
                     *database_,
                     [this](const std::filesystem::path& config_folder) {
                         auto wanted = inUseSettings(settings_, secrets_);
                         wanted.config_folder = config_folder;
                         return plugin::Catalogue::read(wanted);
                     },
                     fleet_,
                     secrets_,
                     exchanger_,
                     trail_,
                     [this](journal::CallDelivery call, std::int64_t wait_ms) {
                         return bridge_.callAside(std::move(call), wait_ms);
                     },
                     [this] {
                         lane_.runNow([](journal::LaneContext&) {});
                     }})
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
                    logins_,
                    accounts_})
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
                  exchanger_,
                  accounts_})
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
        watch.answered = [this](const LiveCall& live, const journal::CallAnswer& answer) {
            if (!live.session) {
                fleet_.answered(live.host, isWell(live, answer.status));
            }
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

    FleetParts fleetParts()
    {
        FleetParts parts{
            catalogue_,
            [this] { return plugin::Catalogue::read(inUseSettings(settings_, secrets_)); },
            [this] { return plugin::Catalogue::read(catalogueSettings(settings_, secrets_)); },
            settings_,
            clock_,
            *database_,
            blobs_,
            *persons_,
            lane_,
            router_,
            directory_,
            hosts_,
            logins_,
            storeEpoch(*database_)};
        parts.try_out = [this](const bus::HostId& host, const plugin::Package& package) {
            return tryOut(host, package);
        };
        parts.switch_to = [this](const bus::HostId& host) {
            const bool there = bridge_.switchTo(host);
            if (there) {
                sessions_.hostReady(host);
            }
            return there;
        };
        parts.accounts = [this](const std::string& contract) {
            return accountsOf(catalogue_.now(), directory_, exchanger_.health(), contract).dump();
        };
        parts.audit = [this](const security::AuditEntry& entry) {
            trail_.write(entry);
        };
        return parts;
    }

    /// A host that reads inbound requests must answer an empty one, and refuse it.
    Result<void> tryOut(const bus::HostId& host, const plugin::Package& package)
    {
        constexpr std::int64_t kPatienceMs = 4000;
        for (const plugin::Implementation& item : package.manifest.implements) {
            const plugin::Contract* contract = catalogue_.now().findContract(item.contract);
            for (const std::string& name : item.operations) {
                const plugin::Operation* operation = contract->findOperation(name);
                if (operation == nullptr || !operation->inbound || package.file.accounts.empty()) {
                    continue;
                }
                journal::CallDelivery call = emptyRequest(item.contract, name, package, clock_);
                call.deadline_ms = call.created_ms + kPatienceMs;
                const auto answer = bridge_.readCallback(host, std::move(call), kPatienceMs);
                if (answer.status != HUB_REJECTED) {
                    return Error{HUB_REJECTED,
                                 fmt::format("it answers an empty \"{}\" with status {} ({}) "
                                             "instead of refusing it",
                                             name,
                                             answer.status,
                                             answer.message)};
                }
            }
        }
        return {};
    }

    ServiceParts serviceParts()
    {
        return {hosts_,
                bridge_.liveCalls(),
                secrets_,
                keys_,
                exchanger_,
                streams_,
                blobs_,
                router_,
                clock_,
                [this](const security::AuditEntry& entry) {
                    trail_.write(entry);
                }};
    }

    config::Settings settings_;
    base::SystemClock clock_;
    zmq::context_t zmq_;
    security::Secrets secrets_;
    plugin::LiveCatalogue catalogue_;
    security::Keys keys_;
    CallSeal call_seal_;
    std::unique_ptr<store::Database> database_;
    store::Blobs blobs_;
    std::unique_ptr<security::PersonKeys> persons_;
    security::ApiKeys api_keys_;
    security::Sessions logins_;
    security::Audit audit_;
    CallDirectory directory_;
    HostTable hosts_;
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
    ProviderAccounts accounts_;
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
