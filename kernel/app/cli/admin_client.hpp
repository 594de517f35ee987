// AdminClient: sends one command to the running hub.
#pragma once

#include "app/cli/protocol.hpp"

#include <filesystem>
#include <functional>

namespace hub::cli {

/// Calls `item` for each line of a streaming command, then returns the reply. HUB_UNAVAILABLE: no
/// hub answers at that path; HUB_OUTCOME_UNKNOWN: it ended before it replied.
Result<AdminReply> callHub(const std::filesystem::path& socket,
                           const AdminRequest& request,
                           const std::function<void(const StreamItem&)>& item);

} // namespace hub::cli
