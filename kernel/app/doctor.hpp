// Doctor: looks at what an operator can mend before it hurts. The part that needs no running hub
// is here; the running hub adds its libraries, subscribers and accounts.
#pragma once

#include "app/cli/protocol.hpp"
#include "config/settings.hpp"

#include <string>
#include <vector>

namespace hub::app {

struct Finding {
    enum class Kind { Good, Warning, Bad };

    std::string subject;
    Kind kind = Kind::Good;
    std::string text; // for anything but Good: what to do
};

/// Secrets, installed libraries, room on the disk.
std::vector<Finding> examineInstallation(const config::Settings& settings);
/// That, and every page of the store: seconds to minutes, in which SQLite's log can't begin again.
std::vector<Finding> examineOffline(const config::Settings& settings);
/// Exit code 1 when something is bad.
cli::AdminReply reportOf(const std::vector<Finding>& findings);

/// Checks the chain of the audit log with the hub's key.
cli::AdminReply verifyAudit(const config::Settings& settings);

} // namespace hub::app
