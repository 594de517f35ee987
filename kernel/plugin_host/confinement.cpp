#include "plugin_host/confinement.hpp"

#include "plugin_host/identity.hpp"
#include "plugin_host/landlock.hpp"
#include "plugin_host/sanitizers.hpp"
#include "plugin_host/step.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::plugin_host {

namespace {

constexpr std::string_view kIpc = "ipc://";
constexpr std::string_view kLimits = "check the limits of the hub's service";
/// Workers by the manifest's concurrency_max (at most 256), their stacks, and what a library adds.
constexpr rlim_t kThreadsMax = 1024;
constexpr rlim_t kAddressBytesMax = rlim_t{4} << 30U;
constexpr rlim_t kFilesMax = 256;

/// The socket of a root's hub lies in a folder of mode 0700: nobody else gets to it, whatever its
/// own mode. A descriptor taken now leads there later, when this process is somebody else.
Result<std::string> reachableEndpoint(const std::string& endpoint)
{
    if (::geteuid() != 0 || !endpoint.starts_with(kIpc)) {
        return endpoint;
    }
    const std::string path = endpoint.substr(kIpc.size());
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    struct stat status = {};
    if (::stat(folder.c_str(), &status) != 0 || (status.st_mode & 0077U) != 0) {
        return Error{HUB_INTERNAL,
                     folder.string() + ", where the hub's socket is, is open to others; make it "
                                       "with mode 0700"};
    }
    const int socket = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (socket < 0 || ::chmod(path.c_str(), 0666) != 0) {
        return stepError("reach the hub's socket " + path, "check that the hub runs");
    }
    return fmt::format("ipc:///proc/self/fd/{}", socket);
}

/// A killed hub leaves no process behind that could still hold a delivery. After the change of
/// user, which would undo it.
Result<void> dieWithTheHub(pid_t hub)
{
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
        return stepError("tie itself to the hub", kLimits);
    }
    if (::getppid() != hub) {
        return Error{HUB_UNAVAILABLE, "the hub ended while this host started; start it again"};
    }
    return {};
}

/// Others of the same user can't attach to this process, nor read it in /proc. A core file, which
/// would hold payloads, is never written.
Result<void> closeItself()
{
    return checkedStep(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                           ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0,
                       "give up new privileges",
                       kLimits);
}

Result<void> limit(int resource, rlim_t value)
{
    struct rlimit now = {};
    ::getrlimit(static_cast<__rlimit_resource_t>(resource), &now);
    const rlim_t most = std::min(value, now.rlim_max);
    const struct rlimit wanted = {most, most};
    return checkedStep(::setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted) == 0,
                       fmt::format("set limit {}", resource),
                       kLimits);
}

/// `own_user`: threads of others are not counted among this process's.
Result<void> setLimits(bool own_user)
{
    struct Limit {
        int resource;
        rlim_t value;
        bool applies;
    };
    const Limit limits[] = {{RLIMIT_CORE, 0, true},
                            {RLIMIT_FSIZE, 0, true},
                            {RLIMIT_NOFILE, kFilesMax, true},
                            {RLIMIT_MEMLOCK, 0, true},
                            {RLIMIT_MSGQUEUE, 0, true},
                            {RLIMIT_NPROC, kThreadsMax, own_user},
                            {RLIMIT_AS, kAddressBytesMax, !kSanitized}};
    for (const Limit& each : limits) {
        if (Result<void> done = each.applies ? limit(each.resource, each.value) : Result<void>{};
            !done.ok()) {
            return done;
        }
    }
    return {};
}

/// Empty when the operator allows the machine to lack it.
Result<void>
lack(bool allowed, const std::string& what, std::string_view setting, Confinement& confinement)
{
    if (!allowed) {
        return Error{HUB_UNAVAILABLE,
                     fmt::format("this machine lacks {}; provide it, or accept the risk with "
                                 "plugin_host.sandbox = {}",
                                 what,
                                 setting)};
    }
    confinement.lacking.push_back(
        fmt::format("this library is less confined than it should be: the machine lacks {}; "
                    "plugin_host.sandbox allows that",
                    what));
    return {};
}

Result<void> restrictToFolder(const ConfinementSettings& settings, Confinement& confinement)
{
    const int version = landlockVersion();
    if (version == 0) {
        return lack(settings.may_lack_landlock,
                    fmt::format("Landlock ({}), a part of Linux since 5.13 that must be in the "
                                "kernel's parameter lsm=",
                                std::strerror(errno)),
                    "without_landlock",
                    confinement);
    }
    std::vector<std::filesystem::path> readable = systemFiles();
    readable.emplace_back("."); // its ancestors may be closed to this user
    if (Result<void> done = restrictFiles(readable); !done.ok()) {
        return done;
    }
    confinement.summary += fmt::format(", Landlock {}", version);
    return {};
}

Result<void> takeOwnPlace(const ConfinementSettings& settings, Confinement& confinement)
{
    const uid_t hub_user = ::geteuid();
    const bool as_root = hub_user == 0;
    const Result<std::string> missing = takeIdentity(settings.uid);
    if (!missing.ok()) {
        return missing.error();
    }
    const bool apart = missing.value().empty();
    confinement.summary = fmt::format("confined as {} {}{}",
                                      as_root ? "own user" : "the hub's user",
                                      as_root ? settings.uid : hub_user,
                                      apart ? " in own namespaces" : "");
    if (!apart) {
        const Result<void> lacking =
            lack(settings.may_lack_namespaces,
                 fmt::format("namespaces for the hub's processes ({}), see "
                             "user.max_user_namespaces and kernel.unprivileged_userns_clone",
                             missing.value()),
                 "without_namespaces",
                 confinement);
        if (!lacking.ok()) {
            return lacking;
        }
    }
    const Result<void> limited = setLimits(as_root || apart);
    return limited.ok() ? closeItself() : limited;
}

} // namespace

Result<Confinement> confineProcess(const ConfinementSettings& settings)
{
    const pid_t hub = ::getppid();
    Confinement confinement;
    if (::chdir(settings.folder.c_str()) != 0) {
        return stepError("enter " + settings.folder.string(), "check the folder's owner and mode");
    }
    if (!settings.confined) {
        confinement.endpoint = settings.endpoint;
        confinement.summary = "not confined";
        confinement.lacking = {"nothing confines this library: plugin_host.sandbox is none"};
        if (Result<void> done = limit(RLIMIT_CORE, 0); !done.ok()) {
            return done.error();
        }
        if (Result<void> done = dieWithTheHub(hub); !done.ok()) {
            return done.error();
        }
        return confinement;
    }
    Result<std::string> endpoint = reachableEndpoint(settings.endpoint);
    if (!endpoint.ok()) {
        return endpoint.error();
    }
    confinement.endpoint = std::move(endpoint).value();
    using Step = Result<void> (*)(const ConfinementSettings&, Confinement&);
    for (const Step step : {&takeOwnPlace, &restrictToFolder}) {
        if (Result<void> done = step(settings, confinement); !done.ok()) {
            return done.error();
        }
    }
    // The change of user had undone it.
    if (Result<void> done = dieWithTheHub(hub); !done.ok()) {
        return done.error();
    }
    return confinement;
}

} // namespace hub::plugin_host
