#include "app/machine.hpp"

#include <linux/landlock.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hub::app {

namespace {

bool hasLandlock()
{
    return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

/// The same namespaces as a host enters: root directly, anybody else within one of users.
bool mayEnterNamespaces()
{
    constexpr int kOwn = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    const int wanted = ::geteuid() == 0 ? kOwn : kOwn | CLONE_NEWUSER;
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(::unshare(wanted) == 0 ? 0 : 1);
    }
    int status = 1;
    return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

} // namespace

Machine Machine::probe()
{
    return {hasLandlock(), mayEnterNamespaces()};
}

std::string sandboxWarning(const std::string& sandbox, const Machine& machine)
{
    if (sandbox == "none") {
        return "off: plugin_host.sandbox is \"none\", so nothing confines libraries";
    }
    if (machine.landlock && machine.namespaces) {
        return {};
    }
    const std::string lacking = machine.landlock     ? "namespaces"
                                : machine.namespaces ? "Landlock"
                                                     : "Landlock and namespaces";
    const bool is_allowed = sandbox == "without_both" ||
                            (sandbox == "without_landlock" && machine.namespaces) ||
                            (sandbox == "without_namespaces" && machine.landlock);
    return "this machine lacks " + lacking +
           (is_allowed ? ", which plugin_host.sandbox allows: libraries are less confined"
                       : ": libraries in processes of their own are not run");
}

} // namespace hub::app
