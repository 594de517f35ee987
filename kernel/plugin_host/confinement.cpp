#include "plugin_host/confinement.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace hub::plugin_host {

namespace {

Result<void> checked(int result, std::string_view step)
{
    if (result != 0) {
        return Error{HUB_INTERNAL,
                     fmt::format("the host process can't {}: {}; check the limits of the hub's "
                                 "service",
                                 step,
                                 std::strerror(errno))};
    }
    return {};
}

/// A killed hub leaves no process behind that could still hold a delivery.
Result<void> dieWithTheHub()
{
    return checked(::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "tie itself to the hub");
}

Result<void> forbidNewPrivileges()
{
    return checked(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up new privileges");
}

/// A core file would hold payloads and secrets.
Result<void> forbidCoreFiles()
{
    const struct rlimit none = {0, 0};
    return checked(::setrlimit(RLIMIT_CORE, &none), "forbid core files");
}

Result<void> enterFolder(const std::filesystem::path& folder)
{
    return checked(::chdir(folder.c_str()), "enter " + folder.string());
}

} // namespace

Result<void> confineProcess(const std::filesystem::path& folder)
{
    for (const auto step : {&dieWithTheHub, &forbidNewPrivileges, &forbidCoreFiles}) {
        if (Result<void> done = step(); !done.ok()) {
            return done;
        }
    }
    return enterFolder(folder);
}

} // namespace hub::plugin_host
