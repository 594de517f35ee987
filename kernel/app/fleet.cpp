#include "app/fleet.hpp"

#include "app/translate.hpp"
#include "observe/log.hpp"
#include "plugin/loader.hpp"

#include <utility>

namespace hub::app {

namespace {

using plugin::Actor;
using plugin::State;

const observe::Log kLog("fleet");

std::set<std::string> contractsOf(const plugin::Manifest& manifest)
{
    std::set<std::string> contracts(manifest.owns.begin(), manifest.owns.end());
    contracts.insert(manifest.calls.begin(), manifest.calls.end());
    return contracts;
}

std::set<std::string> leavesOf(const plugin::Manifest& manifest, const plugin::Catalogue& catalogue)
{
    std::set<std::string> leaves;
    for (const std::string& name : manifest.owns) {
        const auto contract = catalogue.contracts().find(name);
        if (contract != catalogue.contracts().end() && contract->second.leaf) {
            leaves.insert(name);
        }
    }
    return leaves;
}

} // namespace

Fleet::Fleet(FleetParts parts)
    : parts_(std::move(parts))
    , records_(parts_.lane)
    , shelf_(plugin::shelfOf(parts_.settings))
{
    for (const auto& [id, package] : parts_.catalogue.now().packages()) {
        addMember(package);
    }
}

Fleet::Member& Fleet::addMember(const plugin::Package& package)
{
    const std::unique_lock lock(members_mutex_);
    Member& member = members_[package.manifest.id];
    member.package = &package;
    member.life = std::make_unique<plugin::Lifecycle>(package.manifest.id);
    member.life->observe([](const plugin::StateChange& change) {
        const auto log = kLog.withLibrary(change.library);
        const bool bad = change.to == State::Refused || change.to == State::Faulted;
        log.write(bad ? observe::Level::Error : observe::Level::Info,
                  std::string{plugin::toText(change.to)} + ": " + change.reason);
    });
    return member;
}

Fleet::~Fleet() = default;

/// Events are delivered by name: who takes some is not replaced beside itself.
bool Fleet::listens(const plugin::Package& package)
{
    return package.runsInside() || package.manifest.kind == plugin::Kind::Subscriber ||
           !package.manifest.subscribes.empty();
}

Fleet::Member* Fleet::find(const std::string& library)
{
    const std::shared_lock lock(members_mutex_);
    const auto found = members_.find(library);
    return found == members_.end() ? nullptr : &found->second;
}

const Fleet::Member* Fleet::find(const std::string& library) const
{
    const std::shared_lock lock(members_mutex_);
    const auto found = members_.find(library);
    return found == members_.end() ? nullptr : &found->second;
}

void Fleet::migrate()
{
    for (auto& [id, member] : members_) {
        const std::filesystem::path folder = member.package->folder / "migrations";
        if (!member.package->enabled || !std::filesystem::is_directory(folder)) {
            continue;
        }
        try {
            parts_.database.migrate(id, store::readMigrations(folder));
        } catch (const base::Failure& failure) {
            member.migration_problem = failure.message();
        }
    }
    exposeViews();
}

void Fleet::exposeViews()
{
    parts_.database.withdrawViews();
    for (auto& [id, member] : members_) {
        if (!member.package->enabled || !member.migration_problem.empty()) {
            continue;
        }
        for (const plugin::Export& item : member.package->manifest.exports) {
            store::ExportedView view{
                id, plugin::viewName(id, item.view, item.version), item.columns, {}};
            for (const auto& [reader, other] : members_) {
                if (other.package->enabled && other.migration_problem.empty() &&
                    other.package->manifest.readsView(view.view)) {
                    view.readers.push_back(reader);
                }
            }
            try {
                parts_.database.exposeView(view);
            } catch (const base::Failure& failure) {
                member.migration_problem = failure.message();
            }
        }
    }
}

void Fleet::start()
{
    const std::lock_guard lock(switching_);
    std::vector<Member*> processes;
    for (auto& [id, member] : members_) {
        if (!member.package->enabled || records_.wanted(id) == "disabled") {
            parts_.directory.setEnabled(id, false);
            (void)member.life->move(State::Stopped, Actor::Operator, "switched off");
        } else if (member.package->runsInside()) {
            startOne(member);
        } else {
            // Nobody publishes before everybody has a place in the journal to begin at.
            subscribe(member);
            processes.push_back(&member);
        }
    }
    for (Member* member : processes) {
        startOne(*member);
    }
    shelf_.prune(digestsInUse());
    keeper_ = std::thread([this] { keep(); });
}

std::set<std::string> Fleet::digestsInUse() const
{
    std::set<std::string> digests;
    for (const auto& [id, package] : parts_.catalogue.now().packages()) {
        digests.insert(package.manifest.sha256);
        if (package.set_aside) {
            digests.insert(package.set_aside->manifest.sha256);
        }
    }
    return digests;
}

void Fleet::stop(std::int64_t deadline_ms)
{
    {
        const std::lock_guard lock(switching_);
        is_ending_ = true;
    }
    ending_.notify_all();
    if (keeper_.joinable()) {
        keeper_.join();
    }
    const std::lock_guard lock(switching_);
    // All processes at once, so that the slowest one decides how long it takes.
    for (auto& [id, member] : members_) {
        if (member.seat) {
            (void)member.life->move(State::Draining, Actor::Hub);
            member.seat->process().requestStop(deadline_ms);
        }
        if (member.succession) {
            member.succession->former().process().requestStop(deadline_ms);
            member.succession->successor().process().requestStop(deadline_ms);
        }
    }
    for (auto& [id, member] : members_) {
        drain(member, deadline_ms, Actor::Hub);
        (void)member.life->move(State::Stopped, Actor::Hub);
    }
}

void Fleet::startOne(Member& member)
{
    (void)member.life->move(State::Discovered, Actor::Operator);
    (void)member.life->move(State::Verified,
                            member.life->state() == State::Discovered ? Actor::Catalogue
                                                                      : Actor::Operator);
    const std::string& id = member.package->manifest.id;
    parts_.directory.setEnabled(id, true);
    try {
        member.configuration_version = records_.configurationVersion(id, member.package->file.json);
        if (member.package->runsInside()) {
            startInproc(member);
        } else {
            startProcess(member);
        }
    } catch (const base::Failure& failure) {
        refuse(member, failure.message());
    }
}

void Fleet::refuse(Member& member, const std::string& reason)
{
    const Actor actor = member.life->state() == State::Verified ? Actor::Loader : Actor::Library;
    (void)member.life->move(State::Refused, actor, reason);
    parts_.directory.setEnabled(member.package->manifest.id, false);
}

base::Json Fleet::configOf(const plugin::Package& package,
                           const plugin::Catalogue& within,
                           std::int64_t configuration_version) const
{
    base::Json config = within.configFor(package.manifest.id);
    fillKnown(config,
              package.manifest,
              {{"site", parts_.settings.site},
               {"store_epoch", parts_.store_epoch},
               {"public_url", parts_.settings.public_url},
               {"configuration_version", configuration_version}});
    return config;
}

void Fleet::startInproc(Member& member)
{
    const plugin::Package& package = *member.package;
    const plugin::Manifest& manifest = package.manifest;
    const std::string id = manifest.id;
    if (!member.migration_problem.empty()) {
        refuse(member, member.migration_problem);
        return;
    }
    if (!member.inproc) {
        auto loaded =
            plugin::load({package.libraryPath(), manifest.sha256, manifest.id, manifest.version});
        if (!loaded.ok()) {
            refuse(member, loaded.error().message);
            return;
        }
        plugin::InprocServices services{
            parts_.clock,
            parts_.blobs,
            parts_.persons,
            [this](std::string_view contract) { return ownerOf(contract); },
            [log = kLog.withLibrary(id)](int level, std::string_view message) {
                log.write(static_cast<observe::Level>(level), message);
            },
            {manifest.extensions.begin(), manifest.extensions.end()},
            {manifest.asks.begin(), manifest.asks.end()},
            &parts_.sessions,
            contractsOf(manifest),
            parts_.accounts,
            manifest.concurrency_max,
            leavesOf(manifest, parts_.catalogue.now())};
        member.inproc =
            std::make_unique<plugin::InprocLibrary>(id, loaded.value().api, std::move(services));
    }
    (void)member.life->move(State::Loaded, Actor::Loader);
    auto created = member.inproc->create(
        configOf(package, parts_.catalogue.now(), member.configuration_version).dump());
    if (!created.ok()) {
        refuse(member, created.error().message);
        return;
    }
    (void)member.life->move(State::Created, Actor::Library);
    if (auto started = member.inproc->start(); !started.ok()) {
        refuse(member, started.error().message);
        return;
    }
    subscribe(member);
    (void)member.life->move(State::Started, Actor::Library);
}

void Fleet::startProcess(Member& member)
{
    subscribe(member);
    member.seat = makeSeat(*member.package, parts_.catalogue.now());
    member.seat->setPresent(true);
    member.seat->process().start();
}

std::shared_ptr<Seat> Fleet::makeSeat(const plugin::Package& package,
                                      const plugin::Catalogue& within)
{
    SeatSettings settings;
    settings.package = &package;
    settings.folder = shelf_.keep(package.folder, package.manifest);
    settings.config_json =
        configOf(
            package, within, records_.configurationVersion(package.manifest.id, package.file.json))
            .dump();
    settings.credit_max = static_cast<std::uint32_t>(parts_.settings.plugin_host.credit_max);
    return std::make_shared<Seat>(
        std::move(settings), parts_.settings.plugin_host, parts_.router, parts_.clock, *this);
}

void Fleet::subscribe(Member& member)
{
    if (!listens(*member.package) || member.subscribed) {
        return;
    }
    parts_.lane.runNow([&](journal::LaneContext& context) {
        context.deliveries.add(context.group, subscriptionOf(*member.package), member.inproc.get());
    });
    member.subscribed = true;
}

void Fleet::unsubscribe(Member& member)
{
    if (std::exchange(member.subscribed, false)) {
        const std::string& id = member.package->manifest.id;
        parts_.lane.runNow(
            [&](journal::LaneContext& context) { context.deliveries.remove(context.group, id); });
    }
}

void Fleet::drain(Member& member, std::int64_t deadline_ms, plugin::Actor actor)
{
    (void)member.life->move(State::Draining, actor);
    if (member.succession) {
        member.succession->former().process().stop(deadline_ms);
        member.succession->successor().process().stop(deadline_ms);
        const std::unique_lock lock(members_mutex_);
        member.replacement = "ended, because the library was stopped";
        member.succession.reset();
    }
    if (member.seat) {
        member.seat->process().stop(deadline_ms);
    }
    try {
        unsubscribe(member);
    } catch (const base::Failure& failure) {
        // Its cursor is in the store already; what was not written is delivered again.
        kLog.withLibrary(member.package->manifest.id).warning("{}", failure.message());
    }
    if (member.inproc) {
        member.inproc->stop(deadline_ms);
        (void)member.life->move(State::Stopped, Actor::Library);
    }
}

Result<void> Fleet::enable(const std::string& library, const std::string& actor)
{
    const std::lock_guard lock(switching_);
    Member* member = find(library);
    if (member == nullptr) {
        return Error{HUB_NOT_FOUND,
                     "no library \"" + library + "\" is installed; see `expohub plugin list`"};
    }
    if (!member->package->enabled) {
        return Error{HUB_REJECTED,
                     "plugins.d does not enable \"" + library +
                         "\"; set \"enabled\" there and start "
                         "the hub again"};
    }
    records_.want(library, "enabled", actor);
    if (member->life->state() == State::Started) {
        return {};
    }
    if (member->seat && !plugin::hasEnded(member->seat->process().state())) {
        // It starts already, or waits to be started again after a crash: now.
        parts_.directory.setEnabled(library, true);
        member->seat->process().start();
        return {};
    }
    startOne(*member);
    return {};
}

Result<void> Fleet::disable(const std::string& library, const std::string& actor)
{
    const std::lock_guard lock(switching_);
    Member* member = find(library);
    if (member == nullptr) {
        return Error{HUB_NOT_FOUND,
                     "no library \"" + library + "\" is installed; see `expohub plugin list`"};
    }
    records_.want(library, "disabled", actor);
    parts_.directory.setEnabled(library, false);
    drain(*member, stopDeadlineMs(), Actor::Operator);
    (void)member->life->move(State::Stopped, Actor::Operator);
    return {};
}

Result<void> Fleet::restart(const std::string& library)
{
    const std::lock_guard lock(switching_);
    Member* member = find(library);
    if (member == nullptr) {
        return Error{HUB_NOT_FOUND,
                     "no library \"" + library + "\" is installed; see `expohub plugin list`"};
    }
    if (!member->package->enabled || records_.wanted(library) == "disabled") {
        return Error{HUB_REJECTED, "\"" + library + "\" is switched off; enable it instead"};
    }
    drain(*member, stopDeadlineMs(), Actor::Operator);
    (void)member->life->move(State::Stopped, Actor::Operator);
    startOne(*member);
    return {};
}

std::int64_t Fleet::stopDeadlineMs() const
{
    return parts_.clock.nowMs() + parts_.settings.plugin_host.stop_timeout_ms;
}

std::vector<LibraryStatus> Fleet::list() const
{
    std::vector<LibraryStatus> statuses;
    const std::shared_lock lock(members_mutex_);
    for (const auto& [id, member] : members_) {
        statuses.push_back({id,
                            member.package->manifest.version,
                            plugin::toText(member.package->manifest.kind),
                            member.package->runsInside() ? "in_process" : "process",
                            plugin::toText(member.life->state()),
                            member.life->reason(),
                            member.replacement});
    }
    for (const plugin::Refusal& refusal : parts_.catalogue.now().refusals()) {
        statuses.push_back({refusal.library,
                            "",
                            "",
                            "",
                            plugin::toText(State::Refused),
                            refusal.reasons.empty() ? "" : refusal.reasons.front()});
    }
    return statuses;
}

plugin::InprocLibrary* Fleet::inproc(const std::string& library) const
{
    const Member* member = find(library);
    return member != nullptr && member->life->state() == State::Started ? member->inproc.get()
                                                                        : nullptr;
}

plugin::InprocLibrary* Fleet::ownerOf(std::string_view contract) const
{
    const plugin::Package* owner = parts_.catalogue.now().ownerOf(std::string{contract});
    return owner == nullptr ? nullptr : inproc(owner->manifest.id);
}

HostWatch Fleet::watch()
{
    HostWatch watch;
    watch.waits = [this](const bus::HostId& host) {
        return isWaiting(host);
    };
    watch.ready = [this](const bus::HostId& host) {
        hostReady(host);
    };
    watch.lost = [this](const bus::HostId& host, const std::string& reason) {
        hostLost(host, reason);
    };
    watch.progress = [this](const bus::HostId& host) {
        if (const auto seat = parts_.hosts.seatOf(host)) {
            seat->process().progress();
        }
    };
    return watch;
}

void Fleet::answered(const bus::HostId& host, bool well)
{
    if (const auto seat = parts_.hosts.seatOf(host)) {
        seat->answered(well);
    }
}

bool Fleet::isWaiting(const bus::HostId& host) const
{
    const auto seat = parts_.hosts.seatOf(host);
    return seat != nullptr && !seat->isPresent();
}

void Fleet::hostReady(const bus::HostId& host)
{
    const auto seat = parts_.hosts.seatOf(host);
    if (seat == nullptr) {
        return;
    }
    seat->ready(host);
    if (!seat->isPresent()) {
        return;
    }
    if (Member* member = find(host.library)) {
        (void)member->life->move(State::Loaded, Actor::Loader);
        (void)member->life->move(State::Created, Actor::Library);
        (void)member->life->move(State::Started, Actor::Library);
    }
    // Its seat may be the present one only since the bridge asked. giveBack() looks the other way
    // round, so that one of the two sees the other.
    (void)parts_.switch_to(host);
}

void Fleet::hostLost(const bus::HostId& host, const std::string& reason)
{
    const auto seat = parts_.hosts.seatOf(host);
    if (seat == nullptr) {
        return;
    }
    parts_.hosts.remove(host);
    if (Member* member = find(host.library); member != nullptr && seat->isPresent()) {
        (void)member->life->move(State::Verified, Actor::Supervisor, reason);
    }
    seat->lost(host, reason);
}

void Fleet::seatStarting(Seat& seat, const bus::HostId& host)
{
    parts_.hosts.add(host, seat.shared_from_this());
}

void Fleet::seatChanged(Seat& seat, plugin::HostProcessState state, const std::string& reason)
{
    Member* member = find(seat.package().manifest.id);
    if (member == nullptr || !seat.isPresent()) {
        kLog.withLibrary(seat.package().manifest.id).info("beside the present one: {}", reason);
        return;
    }
    if (state == plugin::HostProcessState::Faulted) {
        (void)member->life->move(State::Faulted, Actor::Supervisor, reason);
    } else if (state == plugin::HostProcessState::Stopped) {
        (void)member->life->move(State::Stopped, Actor::Supervisor);
    }
}

} // namespace hub::app
