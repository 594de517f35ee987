#include "attempts.hpp"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace hostile {

namespace {

/// Bytes to point at: a call that is let through fails otherwise than one that is refused.
std::array<char, 4096> buffer = {};

long at(const void* address)
{
    return reinterpret_cast<long>(address);
}

long readMemoryOf(long process)
{
    iovec here = {buffer.data(), 1};
    iovec there = {buffer.data(), 1};
    return ::syscall(SYS_process_vm_readv, process, &here, 1, &there, 1, 0);
}

long setLimitOf(long process)
{
    const struct rlimit none = {0, 0};
    return ::syscall(SYS_prlimit64, process, RLIMIT_NOFILE, &none, nullptr);
}

struct Call {
    long number;
    std::array<long, 4> arguments;
};

/// Harmless when they are let through: the test must fail then, not the machine.
std::map<std::string, Call> table(long process)
{
    const long text = at("/");
    const long bytes = at(buffer.data());
    return {{"ptrace", {SYS_ptrace, {PTRACE_SEIZE, process, 0, 0}}},
            {"process_vm_writev", {SYS_process_vm_writev, {process, bytes, 0, bytes}}},
            {"pidfd_open", {SYS_pidfd_open, {process, 0, 0, 0}}},
            {"pidfd_getfd", {SYS_pidfd_getfd, {-1, 0, 0, 0}}},
            {"pidfd_send_signal", {SYS_pidfd_send_signal, {-1, 0, 0, 0}}},
            {"kcmp", {SYS_kcmp, {process, process, KCMP_FILE, 0}}},
            {"tgkill", {SYS_tgkill, {process, process, 0, 0}}},
            {"tkill", {SYS_tkill, {process, 0, 0, 0}}},
            {"rt_sigqueueinfo", {SYS_rt_sigqueueinfo, {process, 0, bytes, 0}}},
            {"setpriority", {SYS_setpriority, {PRIO_PROCESS, process, 19, 0}}},
            {"sched_setaffinity", {SYS_sched_setaffinity, {process, 0, 0, 0}}},
            {"keyctl", {SYS_keyctl, {KEYCTL_GET_KEYRING_ID, -3, 0, 0}}},
            {"add_key", {SYS_add_key, {text, text, 0, 0}}},
            {"request_key", {SYS_request_key, {text, text, 0, 0}}},
            {"bpf", {SYS_bpf, {0, bytes, 0, 0}}},
            {"perf_event_open", {SYS_perf_event_open, {bytes, 0, -1, -1}}},
            {"mount", {SYS_mount, {0, text, 0, 0}}},
            {"umount2", {SYS_umount2, {text, 0, 0, 0}}},
            {"fsopen", {SYS_fsopen, {text, 0, 0, 0}}},
            {"pivot_root", {SYS_pivot_root, {text, text, 0, 0}}},
            {"chroot", {SYS_chroot, {text, 0, 0, 0}}},
            {"unshare", {SYS_unshare, {0, 0, 0, 0}}},
            {"setns", {SYS_setns, {-1, 0, 0, 0}}},
            {"io_uring_setup", {SYS_io_uring_setup, {1, bytes, 0, 0}}},
            {"io_uring_enter", {SYS_io_uring_enter, {-1, 0, 0, 0}}},
            {"io_uring_register", {SYS_io_uring_register, {-1, 0, 0, 0}}},
            {"userfaultfd", {SYS_userfaultfd, {0, 0, 0, 0}}},
            {"name_to_handle_at", {SYS_name_to_handle_at, {AT_FDCWD, text, bytes, bytes}}},
            {"open_by_handle_at", {SYS_open_by_handle_at, {-1, bytes, 0, 0}}},
            {"openat2", {SYS_openat2, {AT_FDCWD, text, bytes, 0}}},
            {"memfd_create", {SYS_memfd_create, {text, 0, 0, 0}}},
            {"memfd_secret", {447, {0, 0, 0, 0}}},
            {"execveat", {SYS_execveat, {-1, text, 0, 0}}},
            {"set_dumpable", {SYS_prctl, {PR_SET_DUMPABLE, 1, 0, 0}}},
            {"outlive_the_hub", {SYS_prctl, {PR_SET_PDEATHSIG, 0, 0, 0}}},
            {"setuid", {SYS_setuid, {0, 0, 0, 0}}},
            {"setgroups", {SYS_setgroups, {0, 0, 0, 0}}},
            {"capset", {SYS_capset, {bytes, 0, 0, 0}}},
            {"accept", {SYS_accept, {connectionToHub(), 0, 0, 0}}},
            {"listen", {SYS_listen, {connectionToHub(), 1, 0, 0}}},
            {"sendmsg", {SYS_sendmsg, {-1, bytes, 0, 0}}},
            {"recvmsg", {SYS_recvmsg, {-1, bytes, 0, 0}}},
            {"sendmmsg", {SYS_sendmmsg, {-1, bytes, 0, 0}}},
            {"shmget", {SYS_shmget, {0, 4096, 01600, 0}}},
            {"msgget", {SYS_msgget, {0, 01600, 0, 0}}},
            {"semget", {SYS_semget, {0, 1, 01600, 0}}},
            {"mq_open", {SYS_mq_open, {at("x"), 0, 0, 0}}},
            {"inotify_init1", {SYS_inotify_init1, {0, 0, 0, 0}}},
            {"fanotify_init", {SYS_fanotify_init, {0, 0, 0, 0}}},
            {"setrlimit", {SYS_setrlimit, {RLIMIT_NOFILE, 0, 0, 0}}},
            {"personality", {SYS_personality, {0xffffffff, 0, 0, 0}}},
            {"seccomp", {SYS_seccomp, {2, 0, 0, 0}}},
            {"chdir", {SYS_chdir, {text, 0, 0, 0}}},
            {"truncate", {SYS_truncate, {text, 0, 0, 0}}},
            {"rename", {SYS_rename, {at("/none"), at("/none"), 0, 0}}},
            {"link", {SYS_link, {at("/none"), at("/none"), 0, 0}}},
            {"symlink", {SYS_symlink, {at("/none"), at("/"), 0, 0}}},
            {"mknod", {SYS_mknod, {at("/none/x"), 0100600, 0, 0}}},
            {"terminal_input", {SYS_ioctl, {1, 0x5412, bytes, 0}}},
            {"init_module", {SYS_init_module, {bytes, 0, text, 0}}},
            {"syslog", {SYS_syslog, {10, 0, 0, 0}}},
            {"sethostname", {SYS_sethostname, {text, -1, 0, 0}}},
            {"alarm", {SYS_alarm, {0, 0, 0, 0}}},
            {"wait4", {SYS_wait4, {-1, 0, 1, 0}}},
            {"unheard_of", {4242, {0, 0, 0, 0}}}};
}

} // namespace

std::string makeCall(const std::string& name, long process)
{
    long result = 0;
    if (name == "process_vm_readv") {
        result = readMemoryOf(process);
    } else if (name == "prlimit64") {
        result = setLimitOf(process);
    } else {
        const auto calls = table(process);
        const auto found = calls.find(name);
        if (found == calls.end()) {
            return "none";
        }
        const auto& [a, b, c, d] = found->second.arguments;
        result = ::syscall(found->second.number, a, b, c, d, 0, 0);
    }
    return result >= 0 ? "got " + std::to_string(result) : refusedByErrno();
}

} // namespace hostile
