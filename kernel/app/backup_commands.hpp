// BackupCommands: `backup` in the running hub and beside a stopped one, and `restore`.
#pragma once

#include "app/backup/backup.hpp"
#include "app/cli/protocol.hpp"

#include <string>

namespace hub::app {

/// The program's version, as it stands in manifests of backups.
inline constexpr const char* kVersion = "0.1.0";

/// Throws base::Failure. The caller writes the audit log.
cli::AdminReply makeBackup(const config::Settings& settings,
                           const cli::AdminRequest& request,
                           const backup::Progress& progress);

/// With the data folder's lock, so that no hub works meanwhile; audited.
cli::AdminReply backupOffline(const config::Settings& settings,
                              const cli::AdminRequest& request,
                              const backup::Progress& progress);
cli::AdminReply restoreOffline(const config::Settings& settings,
                               const cli::AdminRequest& request,
                               const backup::Progress& progress);

} // namespace hub::app
