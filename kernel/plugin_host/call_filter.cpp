#include "plugin_host/call_filter.hpp"

#include "plugin_host/sanitizers.hpp"
#include "plugin_host/step.hpp"

#include <array>
#include <initializer_list>
#include <memory>

#include <asm/ioctls.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace hub::plugin_host {

namespace {

constexpr std::string_view kRemedy =
    "use a kernel with seccomp filters, and let the hub's service make the call seccomp";

/// A call that this machine's architecture does not have is left out (open, poll, … on arm64).
constexpr int kCalls[] = {
    // memory
    SCMP_SYS(brk),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(membarrier),
    // files that Landlock lets it open, and descriptors that it has
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(close),
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(fcntl),
    SCMP_SYS(dup),
    // waiting; ZeroMQ makes an eventfd for a new socket and polls
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(eventfd2),
    SCMP_SYS(pipe2),
    // the connection to the hub, which stands; there is no call to make another
    SCMP_SYS(recvfrom),
    SCMP_SYS(getsockopt),
    SCMP_SYS(shutdown),
    // threads and their signals
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    // time, chance, and who am I
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getppid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getcpu),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage),
    SCMP_SYS(times)};

/// For builds with sanitizers, see sanitizers.hpp.
constexpr int kSanitizerCalls[] = {SCMP_SYS(ptrace),
                                   SCMP_SYS(wait4),
                                   SCMP_SYS(prctl),
                                   SCMP_SYS(clone),
                                   SCMP_SYS(prlimit64),
                                   SCMP_SYS(getrlimit),
                                   SCMP_SYS(personality),
                                   SCMP_SYS(tgkill),
                                   SCMP_SYS(mincore),
                                   SCMP_SYS(getdents)};

struct Freed {
    void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Freed>;

bool allow(const Filter& filter, int call, std::initializer_list<scmp_arg_cmp> conditions)
{
    return ::seccomp_rule_add_array(filter.get(),
                                    SCMP_ACT_ALLOW,
                                    call,
                                    static_cast<unsigned>(conditions.size()),
                                    conditions.begin()) == 0;
}

bool allowAll(const Filter& filter)
{
    for (const int call : kCalls) {
        if (!allow(filter, call, {})) {
            return false;
        }
    }
    for (const int call : kSanitizerCalls) {
        if (kSanitized && !allow(filter, call, {})) {
            return false;
        }
    }
    return true;
}

/// Calls that are allowed in one shape only.
bool allowShapes(const Filter& filter)
{
    const auto self = static_cast<scmp_datum_t>(::getpid());
    return
        // A thread, never a process.
        allow(filter,
              SCMP_SYS(clone),
              {SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)}) &&
        // glibc falls back to clone(), whose flags a filter can see.
        ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
        // A thread of ZeroMQ that comes up late asks for the ordinary scheduling that it has.
        allow(filter, SCMP_SYS(sched_setscheduler), {SCMP_A1_64(SCMP_CMP_EQ, SCHED_OTHER, 0)}) &&
        // abort() and raise(); nobody else.
        allow(filter, SCMP_SYS(tgkill), {SCMP_A0_64(SCMP_CMP_EQ, self, 0)}) &&
        // Along a connection, not to an address.
        allow(filter, SCMP_SYS(sendto), {SCMP_A4_64(SCMP_CMP_EQ, 0, 0)}) &&
        // Looking at limits, not setting them.
        allow(filter,
              SCMP_SYS(prlimit64),
              {SCMP_A0_64(SCMP_CMP_EQ, 0, 0), SCMP_A2_64(SCMP_CMP_EQ, 0, 0)}) &&
        // The name of a thread; not the ties to the hub.
        allow(filter, SCMP_SYS(prctl), {SCMP_A0_64(SCMP_CMP_EQ, PR_SET_NAME, 0)}) &&
        // Is this a terminal?
        allow(filter, SCMP_SYS(ioctl), {SCMP_A1_64(SCMP_CMP_EQ, TCGETS, 0)});
}

bool setAttributes(const Filter& filter)
{
    constexpr std::uint32_t kBinaryTree = 2;
    return ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
           ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, kBinaryTree) == 0;
}

} // namespace

Result<void> filterCalls()
{
    const Filter filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    if (!filter || !setAttributes(filter) || !allowAll(filter) || !allowShapes(filter)) {
        errno = ENOSYS;
        return stepError("build its filter of system calls", "update libseccomp");
    }
    const int loaded = ::seccomp_load(filter.get());
    errno = -loaded;
    return checkedStep(loaded == 0, "load its filter of system calls", kRemedy);
}

} // namespace hub::plugin_host
