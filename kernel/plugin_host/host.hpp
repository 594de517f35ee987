// The life of a host process: confine itself, meet the hub, load one library, hand it what the
// hub sends, and stop when told to or when the hub is gone. sdk/PROTOCOL.md is the normative text.
#pragma once

#include "plugin_host/environment.hpp"

namespace hub::plugin_host {

/// Why the process ended, as its exit code.
enum class Exit {
    Stopped = 0,
    HubLost = 1,
    StartedByHand = 2,
    NotBegun = 3, // refused by the hub, or it could not confine itself
    LibraryRefused = 4,
    Overdue = 5 // handle() did not return before the deadline of STOP
};

/// Call from a process that has no other thread yet. Problems are told on stderr, one line each.
Exit run(const Environment& environment);

} // namespace hub::plugin_host
