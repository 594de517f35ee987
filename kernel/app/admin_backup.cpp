// The commands about backups and quarantine in the running hub.

#include "app/admin.hpp"
#include "app/backup_commands.hpp"
#include "base/exception.hpp"

#include <mutex>

namespace hub::app {

using cli::AdminReply;
using cli::AdminRequest;

void Admin::addBackupCommands()
{
    commands_["backup"] = [this](const AdminRequest& request, cli::AdminStream& stream) {
        return backupOnline(request, stream);
    };
    commands_["quarantine show"] = [this](const AdminRequest&, cli::AdminStream&) {
        return quarantine_.show();
    };
    commands_["quarantine release"] = [this](const AdminRequest& request, cli::AdminStream&) {
        return quarantine_.release(request);
    };
}

AdminReply Admin::backupOnline(const AdminRequest& request, cli::AdminStream& stream)
{
    const std::unique_lock only(backup_running_, std::try_to_lock);
    if (!only.owns_lock()) {
        return AdminReply::failure(cli::kExitFailed,
                                   "a backup is being made already; wait until it ends");
    }
    try {
        AdminReply reply =
            makeBackup(parts_.settings, request, [&stream](const std::string& sentence) {
                stream.send({{}, sentence, true});
            });
        audit(request, "store.backed_up", request.options.value("to", ""), "online");
        return reply;
    } catch (const base::Failure& failure) {
        return AdminReply::failure(cli::kExitFailed, failure.message()); // the program says no
    }
}

} // namespace hub::app
