#include "plugin_host/identity.hpp"

#include "plugin_host/step.hpp"

#include <array>

#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hub::plugin_host {

namespace {

/// Network: empty, so there is nobody to reach. IPC: none of the machine's System V segments. UTS:
/// the machine's name can't be changed. No PID namespace: the supervisor's own child must be the
/// host, and what it protects from, signals and ptrace, the filter and Landlock forbid.
constexpr int kNamespaces = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
constexpr std::string_view kRootRemedy =
    "run the hub as a user of its own, or give its service CAP_SETUID, CAP_SETGID and CAP_SETPCAP";

/// Nothing gained later, by whatever way, can bring a capability back.
Result<void> emptyBoundingSet()
{
    for (unsigned long capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
         ++capability) {
        if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
            return stepError("empty its capability bounding set", kRootRemedy);
        }
    }
    return {};
}

Result<void> becomeUser(std::uint32_t uid)
{
    if (uid == 0) {
        errno = EINVAL;
        return stepError("run a library as root", "name a user in HUB_HOST_UID");
    }
    return checkedStep(::setgroups(0, nullptr) == 0 && ::setresgid(uid, uid, uid) == 0 &&
                           ::setresuid(uid, uid, uid) == 0,
                       fmt::format("become user {}", uid),
                       kRootRemedy);
}

Result<void> dropCapabilities()
{
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) {
        return stepError("clear its ambient capabilities", kRootRemedy);
    }
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none = {};
    return checkedStep(
        ::syscall(SYS_capset, &header, none.data()) == 0, "drop its capabilities", kRootRemedy);
}

} // namespace

Result<std::string> takeIdentity(std::uint32_t uid)
{
    bool apart = false;
    if (::geteuid() == 0) {
        apart = ::unshare(kNamespaces) == 0;
        if (Result<void> done = emptyBoundingSet(); !done.ok()) {
            return done.error();
        }
        if (Result<void> done = becomeUser(uid); !done.ok()) {
            return done.error();
        }
    }
    std::string missing;
    // No ids are mapped: inside, every user is nobody; files judge by the real one.
    if (!apart && ::unshare(CLONE_NEWUSER | kNamespaces) == 0) {
        if (Result<void> done = emptyBoundingSet(); !done.ok()) {
            return done.error();
        }
    } else if (!apart) {
        missing = std::strerror(errno);
    }
    if (Result<void> done = dropCapabilities(); !done.ok()) {
        return done.error();
    }
    return missing;
}

} // namespace hub::plugin_host
