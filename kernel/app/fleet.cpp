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

bool isInProcess(const plugin::Package& package)
{
    return package.isolation == plugin::Isolation::InProcess;
}

} // namespace

Fleet::Fleet(FleetParts parts)
    : parts_(parts)
    , records_(parts.lane)
{
    for (const auto& [id, package] : parts_.catalogue.packages()) {
        Member& member = members_[id];
        member.package = &package;
        member.life = std::make_unique<plugin::Lifecycle>(id);
        member.life->observe([](const plugin::StateChange& change) {
            const auto log = kLog.withLibrary(change.library);
            const bool bad = change.to == State::Refused || change.to == State::Faulted;
            log.write(bad ? observe::Level::Error : observe::Level::Info,
                      std::string{plugin::toText(change.to)} + ": " + change.reason);
        });
    }
}

Fleet::~Fleet() = default;

Fleet::Member* Fleet::find(const std::string& library)
{
    const auto found = members_.find(library);
    return found == members_.end() ? nullptr : &found->second;
}

const Fleet::Member* Fleet::find(const std::string& library) const
{
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
        } else if (isInProcess(*member.package)) {
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
}

void Fleet::stop(std::int64_t deadline_ms)
{
    const std::lock_guard lock(switching_);
    // All processes at once, so that the slowest one decides how long it takes.
    for (auto& [id, member] : members_) {
        if (member.process) {
            (void)member.life->move(State::Draining, Actor::Hub);
            member.process->requestStop(deadline_ms);
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
        if (isInProcess(*member.package)) {
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

base::Json Fleet::configOf(const Member& member) const
{
    base::Json config = parts_.catalogue.configFor(member.package->manifest.id);
    fillKnown(config,
              member.package->manifest,
              {{"site", parts_.settings.site},
               {"store_epoch", parts_.store_epoch},
               {"configuration_version", member.configuration_version}});
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
            &parts_.sessions};
        member.inproc =
            std::make_unique<plugin::InprocLibrary>(id, loaded.value().api, std::move(services));
    }
    (void)member.life->move(State::Loaded, Actor::Loader);
    auto created = member.inproc->create(configOf(member).dump());
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
    const plugin::Package& package = *member.package;
    subscribe(member);
    if (!member.process) {
        plugin::HostProcessSettings settings;
        settings.library = package.manifest.id;
        settings.host_program = parts_.settings.plugin_host.path;
        settings.library_path = package.libraryPath();
        settings.manifest_path = package.folder / "manifest.json";
        settings.sandbox = parts_.settings.plugin_host.sandbox;
        settings.uid_first = static_cast<std::uint32_t>(parts_.settings.plugin_host.uid_first);
        settings.restart.crashes_max = static_cast<int>(parts_.settings.plugin_host.restarts_max);
        settings.restart.backoff_max_ms = parts_.settings.plugin_host.restart_delay_ms_max;
        member.process = std::make_unique<plugin::HostProcess>(
            std::move(settings), parts_.router, parts_.clock, *this);
    }
    member.process->start();
}

void Fleet::subscribe(Member& member)
{
    const bool listens = isInProcess(*member.package) ||
                         member.package->manifest.kind == plugin::Kind::Subscriber ||
                         !member.package->manifest.subscribes.empty();
    if (!listens || member.subscribed) {
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
    if (member.process) {
        member.process->stop(deadline_ms);
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
    for (const auto& [id, member] : members_) {
        statuses.push_back({id,
                            member.package->manifest.version,
                            plugin::toText(member.package->manifest.kind),
                            isInProcess(*member.package) ? "in_process" : "process",
                            plugin::toText(member.life->state()),
                            member.life->reason()});
    }
    for (const plugin::Refusal& refusal : parts_.catalogue.refusals()) {
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
    const plugin::Package* owner = parts_.catalogue.ownerOf(std::string{contract});
    return owner == nullptr ? nullptr : inproc(owner->manifest.id);
}

HostWatch Fleet::watch()
{
    HostWatch watch;
    watch.ready = [this](const bus::HostId& host) {
        hostReady(host);
    };
    watch.lost = [this](const bus::HostId& host, const std::string& reason) {
        hostLost(host, reason);
    };
    watch.progress = [this](const std::string& library) {
        if (Member* member = find(library); member != nullptr && member->process) {
            member->process->progress();
        }
    };
    return watch;
}

void Fleet::hostReady(const bus::HostId& host)
{
    if (Member* member = find(host.library)) {
        (void)member->life->move(State::Loaded, Actor::Loader);
        (void)member->life->move(State::Created, Actor::Library);
        (void)member->life->move(State::Started, Actor::Library);
    }
}

void Fleet::hostLost(const bus::HostId& host, const std::string& reason)
{
    Member* member = find(host.library);
    if (member == nullptr || !member->process) {
        return;
    }
    (void)member->life->move(State::Verified, Actor::Supervisor, reason);
    member->process->hostLost(host, reason);
}

bus::Welcome Fleet::welcome(const std::string& library)
{
    const Member& member = *find(library);
    bus::Welcome welcome;
    welcome.manifest_json = member.package->manifest.json.dump();
    welcome.config_json = configOf(member).dump();
    welcome.credit_max = static_cast<std::uint32_t>(parts_.settings.plugin_host.credit_max);
    return welcome;
}

void Fleet::hostOutput(const std::string& library, std::string_view line)
{
    kLog.withLibrary(library).info("output: {}", line);
}

void Fleet::hostChanged(const std::string& library,
                        plugin::HostProcessState state,
                        const std::string& reason)
{
    Member& member = *find(library);
    if (state == plugin::HostProcessState::Faulted) {
        (void)member.life->move(State::Faulted, Actor::Supervisor, reason);
    } else if (state == plugin::HostProcessState::Stopped) {
        (void)member.life->move(State::Stopped, Actor::Supervisor);
    }
}

} // namespace hub::app
