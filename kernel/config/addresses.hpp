// Which configured addresses stay on this machine: production refuses them, because only
// simulators live there.
#pragma once

#include <string_view>

namespace hub::config {

/// True for a URL, `host:port` or address whose host is loopback or unspecified.
bool pointsAtLoopback(std::string_view text);

} // namespace hub::config
