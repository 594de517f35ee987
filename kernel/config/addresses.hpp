// Which configured addresses stay on this machine: production calls none of them, because only
// simulators live there, and listens on nothing else.
#pragma once

#include <string>
#include <string_view>

namespace hub::config {

/// True for a URL, `host:port` or address whose host is loopback or unspecified: a connection to
/// it ends on this machine.
bool pointsAtLoopback(std::string_view text);

/// True for an IP address on which only this machine can connect. 0.0.0.0 and :: are open to all.
bool listensOnLoopback(const std::string& address);

} // namespace hub::config
