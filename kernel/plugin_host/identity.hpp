// Who a host process is and what it sees of the machine: user, capabilities, namespaces.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <string>

namespace hub::plugin_host {

/// As root: becomes `uid`, in namespaces of its own where the machine allows them. As a plain user:
/// enters a user namespace. Afterwards the process has no capability in either case. Call while
/// single-threaded. The text says why there are no own namespaces; it is empty when there are.
Result<std::string> takeIdentity(std::uint32_t uid);

} // namespace hub::plugin_host
