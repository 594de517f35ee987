// What the running kernel has of the pieces that confine a library's process. A host says the same
// in its log when it starts; this asks the kernel itself, so that operators see it at any time.
#pragma once

#include <string>

namespace hub::app {

struct Machine {
    bool landlock = false;
    bool namespaces = false; // as this process's user may enter them

    /// Asks the kernel, in a child process for what can't be undone.
    static Machine probe();
};

/// What is wrong with a library's walls, for operators; empty when nothing is. `sandbox` is the
/// setting plugin_host.sandbox.
std::string sandboxWarning(const std::string& sandbox, const Machine& machine);

} // namespace hub::app
