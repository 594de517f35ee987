// The life of a host process: confine itself, meet the hub, load one library, hand it what the
// hub sends, and stop when told to or when the hub is gone. sdk/PROTOCOL.md is the normative text.
#pragma once

#include "hubp/frames.hpp"
#include "plugin_host/environment.hpp"

namespace hub::plugin_host {

/// Call from a process that has no other thread yet. Problems are told on stderr, one line each.
hubp::HostExit run(Environment environment);

} // namespace hub::plugin_host
