// What an operator installed or configured since the start, taken over while the hub runs.

#include "app/fleet.hpp"
#include "app/package_change.hpp"
#include "base/exception.hpp"
#include "observe/log.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include <pthread.h>

namespace hub::app {

namespace {

using plugin::Actor;
using plugin::State;

const observe::Log kLog("fleet");

constexpr std::chrono::milliseconds kStep{200};

std::string describe(const plugin::Package& package)
{
    return fmt::format("{} {}", package.manifest.id, package.manifest.version);
}

std::string describeSetAside(const plugin::Package& package)
{
    return fmt::format("{0}: version {1} was rolled back ({2}); {3} goes on; install another, or "
                       "admit it with `expohub plugin admit {0}`",
                       package.manifest.id,
                       package.set_aside->manifest.version,
                       package.set_aside->reason,
                       package.manifest.version);
}

} // namespace

Result<std::vector<std::string>> Fleet::reload(const std::string& actor)
{
    const std::lock_guard lock(switching_);
    plugin::Catalogue read = parts_.read_catalogue();
    if (!read.problems().empty()) {
        return Error{HUB_BAD_REQUEST, fmt::format("{}", fmt::join(read.problems(), "\n"))};
    }
    const plugin::Catalogue& now = parts_.catalogue.now();
    if (read.contractsFingerprint() != now.contractsFingerprint()) {
        return Error{HUB_REJECTED,
                     "the contracts have changed, which needs a start of the hub; nothing was "
                     "taken over"};
    }
    const plugin::Catalogue& next = parts_.catalogue.keep(std::move(read));
    std::vector<std::string> said;
    for (const auto& [id, package] : next.packages()) {
        const plugin::Package* before = now.findPackage(id);
        if (package.set_aside) {
            said.push_back(describeSetAside(package));
        }
        if (before == nullptr || before->fingerprint != package.fingerprint) {
            said.push_back(tryTakeOver(package));
        } else if (Member* member = find(id)) {
            member->wanted = &package;
        }
    }
    for (const auto& [id, package] : now.packages()) {
        if (next.findPackage(id) == nullptr && next.findRefusal(id) == nullptr) {
            said.push_back(remove(package));
        }
    }
    for (const plugin::Refusal& refusal : next.refusals()) {
        const std::string why =
            fmt::format("{}: refused: {}", refusal.library, fmt::join(refusal.reasons, "; "));
        const plugin::Package* before = now.findPackage(refusal.library);
        // Half copied, or not approved yet: no reason to stop what works.
        said.push_back(before == nullptr || !before->enabled
                           ? why
                           : fmt::format("{}; version {} goes on", why, before->manifest.version));
    }
    for (const std::string& each : said) {
        parts_.audit({actor, "plugin.reload", "", each, "", 0});
    }
    return said;
}

Result<void> Fleet::admit(const std::string& library)
{
    const std::lock_guard lock(switching_);
    const plugin::Catalogue installed = parts_.read_installed();
    const plugin::Package* package = installed.findPackage(library);
    const auto rejection = package == nullptr ? std::optional<plugin::Shelf::Rejection>{}
                                              : shelf_.rejection(package->manifest.sha256);
    if (!rejection.ok()) {
        return rejection.error();
    }
    if (!rejection.value()) {
        return Error{HUB_NOT_FOUND,
                     "the installed version of \"" + library +
                         "\" was not rolled back; see "
                         "`expohub plugin list`"};
    }
    shelf_.admit(package->manifest.sha256);
    return {};
}

std::string Fleet::remove(const plugin::Package& package)
{
    const std::string& id = package.manifest.id;
    if (package.runsInside() && package.enabled) {
        return id + ": is gone from plugins.folder; it runs inside the hub until its next start";
    }
    Member* member = find(id);
    if (member != nullptr && member->seat) {
        parts_.directory.setEnabled(id, false);
        drain(*member, stopDeadlineMs(), Actor::Operator);
        (void)member->life->move(State::Stopped, Actor::Operator, "not installed any more");
    }
    parts_.catalogue.replace(parts_.catalogue.now().without(id));
    return id + ": stopped, because it is not installed any more";
}

/// A loop over libraries: the trouble of one, as a full disk, must not hide the others'.
std::string Fleet::tryTakeOver(const plugin::Package& package)
{
    try {
        return takeOver(package);
    } catch (const std::exception&) {
        return giveUp(package, base::currentExceptionText());
    }
}

/// Whoever waits for this package is told.
std::string Fleet::giveUp(const plugin::Package& package, const std::string& reason)
{
    if (Member* member = find(package.manifest.id)) {
        const std::unique_lock lock(members_mutex_);
        member->failed = &package;
        member->replacement =
            fmt::format("{} not taken over: {}", package.manifest.version, reason);
    }
    return fmt::format("{}: not taken over: {}", describe(package), reason);
}

std::string Fleet::takeOver(const plugin::Package& package)
{
    const std::string& id = package.manifest.id;
    Member* member = find(id);
    const bool was_inside =
        member != nullptr && member->package->runsInside() && member->package->enabled;
    if (was_inside || (package.runsInside() && package.enabled)) {
        return id +
               ": runs inside the hub; start the hub again for its new version or configuration";
    }
    if (member == nullptr) {
        member = &addMember(package);
    }
    member->wanted = &package;
    const bool runs = member->seat != nullptr && member->life->state() == State::Started;
    const bool wanted = package.enabled && records_.wanted(id) != "disabled";
    if (runs && isSameForProcess(*member->package, package)) {
        publish(*member, package);
        return id + ": its accounts have other states";
    }
    if (runs && wanted && !listens(package) && !listens(*member->package)) {
        return beginSuccession(*member, package);
    }
    if (member->seat != nullptr) {
        drain(*member, stopDeadlineMs(), Actor::Operator);
    }
    (void)member->life->move(State::Stopped, Actor::Operator, "reloaded");
    setPackage(*member, package);
    parts_.catalogue.replace(parts_.catalogue.now().with(package));
    if (!wanted) {
        parts_.directory.setEnabled(id, false);
        return id + ": is switched off";
    }
    startOne(*member);
    return member->life->state() == State::Refused ? giveUp(package, member->life->reason())
                                                   : describe(package) + ": starts";
}

std::string Fleet::beginSuccession(Member& member, const plugin::Package& package)
{
    const std::string& id = package.manifest.id;
    if (member.succession) {
        publish(member, *member.package); // what became of its accounts counts at once
        member.succession->hasten();
        return id + ": waits until the replacement under way has ended, see `expohub plugin list`";
    }
    auto successor = makeSeat(package, parts_.catalogue.now().with(package));
    auto succession = std::make_unique<Succession>(
        member.seat,
        std::move(successor),
        SuccessionSettings{parts_.settings.plugin_host.start_timeout_ms,
                           parts_.settings.plugin_host.probation_ms,
                           parts_.settings.plugin_host.stop_timeout_ms},
        parts_.clock,
        Succession::Hooks{
            parts_.try_out,
            [this, &member](Seat& from, Seat& to) { return switchOver(member, from, to); },
            [this, &member](Seat& from, Seat& to) {
                giveBack(member, from, to);
            }});
    const std::string reason = succession->reason();
    {
        const std::unique_lock lock(members_mutex_);
        member.succession = std::move(succession);
        member.replacement = reason;
    }
    return describe(package) + ": is replacing the present one; see `expohub plugin list`";
}

void Fleet::setPackage(Member& member, const plugin::Package& package)
{
    const std::unique_lock lock(members_mutex_);
    member.package = &package;
}

/// What the hub knows of the library from now on.
void Fleet::publish(const Member& member, const plugin::Package& package)
{
    const plugin::Package& newest = member.wanted == nullptr ? package : *member.wanted;
    parts_.catalogue.replace(parts_.catalogue.now().with(withNewest(package, newest)));
}

Result<void> Fleet::awaitTakenOver(const std::string& library, std::int64_t patience_ms)
{
    const std::int64_t until_ms = parts_.clock.monotonicMs() + patience_ms;
    for (;;) {
        {
            const std::lock_guard lock(switching_);
            const Member* member = find(library);
            if (member == nullptr || member->wanted == nullptr) {
                return {};
            }
            if (!member->succession && member->failed == member->wanted) {
                return Error{HUB_REJECTED, library + ": " + member->replacement};
            }
            if (!member->seat || isSameForProcess(*member->package, *member->wanted)) {
                return {};
            }
        }
        if (parts_.clock.monotonicMs() >= until_ms) {
            return Error{HUB_UNAVAILABLE,
                         library + ": is still being replaced; see `expohub plugin list`"};
        }
        std::this_thread::sleep_for(kStep / 4);
    }
}

bool Fleet::switchOver(Member& member, Seat& from, Seat& to)
{
    const auto host = to.host();
    if (!host) {
        return false;
    }
    // The catalogue first: what the new one is asked for must be what it was told.
    publish(member, to.package());
    to.setPresent(true);
    from.setPresent(false);
    if (!parts_.switch_to(*host)) {
        to.setPresent(false);
        from.setPresent(true);
        publish(member, from.package());
        return false;
    }
    member.seat = to.shared_from_this();
    setPackage(member, to.package());
    return true;
}

/// Whether or not a process of it is there: if not, its supervisor brings one.
void Fleet::giveBack(Member& member, Seat& from, Seat& to)
{
    if (switchOver(member, from, to)) {
        return;
    }
    from.setPresent(false);
    to.setPresent(true);
    member.seat = to.shared_from_this();
    setPackage(member, to.package());
    publish(member, to.package());
    to.process().start();
    // One that became ready before it was to be the present one waits since then; see hostReady().
    if (const auto host = to.host()) {
        (void)parts_.switch_to(*host);
    }
}

void Fleet::keep()
{
    pthread_setname_np(pthread_self(), "fleet-keeper");
    std::unique_lock lock(switching_);
    while (!is_ending_) {
        for (auto& [id, member] : members_) {
            if (!member.succession) {
                continue;
            }
            // The loop of a thread: the next round goes on from what was done.
            try {
                follow(member);
            } catch (const std::exception&) {
                kLog.withLibrary(id).error("its replacement: {}", base::currentExceptionText());
            }
        }
        ending_.wait_for(lock, kStep, [this] { return is_ending_; });
    }
}

void Fleet::follow(Member& member)
{
    Succession& succession = *member.succession;
    const auto before = succession.stage();
    const auto stage = succession.step();
    if (stage != before) {
        took(member, succession);
    }
    if (!succession.isOver()) {
        return;
    }
    {
        const std::unique_lock lock(members_mutex_);
        member.succession.reset();
    }
    const bool waits = member.wanted != nullptr && member.wanted != member.failed &&
                       member.life->state() == State::Started &&
                       !isSameForProcess(*member.package, *member.wanted);
    if (waits) {
        kLog.withLibrary(member.package->manifest.id).info("{}", tryTakeOver(*member.wanted));
    }
}

/// Tells what happened, and keeps what must outlive the hub.
void Fleet::took(Member& member, const Succession& succession)
{
    const plugin::Manifest& manifest = succession.successor().package().manifest;
    const bool failed = succession.stage() == Succession::Stage::Abandoned ||
                        succession.stage() == Succession::Stage::RolledBack;
    {
        const std::unique_lock lock(members_mutex_);
        member.failed = failed ? &succession.successor().package() : nullptr;
        member.replacement = fmt::format(
            "{} {}: {}", manifest.version, toText(succession.stage()), succession.reason());
    }
    kLog.withLibrary(manifest.id)
        .write(failed ? observe::Level::Error : observe::Level::Info, member.replacement);
    const plugin::Manifest& former = succession.former().package().manifest;
    if (failed && manifest.sha256 != former.sha256) {
        shelf_.reject(manifest.sha256, {former.sha256, succession.reason(), parts_.clock.nowMs()});
    }
    parts_.audit({"hub",
                  std::string("plugin.") + toText(succession.stage()),
                  manifest.id,
                  succession.reason(),
                  "",
                  0});
}

} // namespace hub::app
