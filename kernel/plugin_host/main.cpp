// expohub-plugin-host: the process that hosts one library of a partner; started by the hub.

#include "base/exception.hpp"
#include "base/out_of_memory.hpp"
#include "plugin_host/host.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

int main()
{
    using Exit = hub::hubp::HostExit;
    hub::base::endWithoutMemory(); // of the library, too
    try {
        auto environment = hub::plugin_host::takeEnvironment();
        if (!environment.ok()) {
            fmt::print(stderr, "{}\n", environment.error().message);
            return static_cast<int>(Exit::StartedByHand);
        }
        return static_cast<int>(hub::plugin_host::run(std::move(environment).value()));
    } catch (...) {
        fmt::print(stderr, "expohub-plugin-host: {}\n", hub::base::currentExceptionText());
        return static_cast<int>(Exit::NotBegun);
    }
}
