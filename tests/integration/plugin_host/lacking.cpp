// Plays a machine that lacks a piece: the call named by HUB_LACKING is refused to the host program,
// as a kernel without it, or one that forbids it, would.
#include <cerrno>
#include <cstdio>

#include <seccomp.h>
#include <unistd.h>

int main()
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    const int refused = seccomp_rule_add(
        filter, SCMP_ACT_ERRNO(HUB_LACKING_ERRNO), seccomp_syscall_resolve_name(HUB_LACKING), 0);
    if (refused != 0 || seccomp_load(filter) != 0) {
        std::perror("the call can't be refused");
        return 1;
    }
    ::execl(HUB_HOST_PROGRAM, HUB_HOST_PROGRAM, nullptr);
    std::perror(HUB_HOST_PROGRAM);
    return 1;
}
