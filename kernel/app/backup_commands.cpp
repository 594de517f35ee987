#include "app/backup_commands.hpp"

#include "app/admin_words.hpp"
#include "app/backup/restore.hpp"
#include "app/own_secrets.hpp"
#include "app/translate.hpp"
#include "plugin/catalogue.hpp"
#include "security/audit.hpp"
#include "store/lock_file.hpp"
#include "store/migrator.hpp"

#include <map>
#include <vector>

#include <pwd.h>
#include <unistd.h>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;

std::string thisUser()
{
    std::vector<char> buffer(16384);
    passwd entry{};
    passwd* found = nullptr;
    ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
    return "os:" + (found != nullptr ? std::string{found->pw_name} : std::to_string(::geteuid()));
}

backup::Source sourceOf(const config::Settings& settings)
{
    return {settings, storeSettings(settings), kVersion, base::SystemClock{}.nowMs()};
}

/// The newest step of the tables of every library that is installed here.
std::map<std::string, std::int64_t> knownSteps(const config::Settings& settings)
{
    std::map<std::string, std::int64_t> known;
    known[store::kKernelLibrary] = static_cast<std::int64_t>(store::kernelMigrations().size());
    const auto catalogue = plugin::Catalogue::read(plugin::CatalogueSettings::from(settings));
    for (const auto& [id, package] : catalogue.packages()) {
        const std::filesystem::path folder = package.folder / "migrations";
        if (std::filesystem::is_directory(folder)) {
            known[id] = static_cast<std::int64_t>(store::readMigrations(folder).size());
        }
    }
    return known;
}

AdminReply replyOf(const backup::Manifest& manifest, const AdminRequest& request)
{
    const std::string to = request.options.value("to", "");
    const std::string persons = request.options.value("persons-to", "");
    AdminReply reply;
    reply.data = {{"to", to},
                  {"persons_to", persons},
                  {"store_id", manifest.store_id},
                  {"epoch", manifest.epoch},
                  {"last_seq", manifest.last_seq},
                  {"created_ms", manifest.created_ms},
                  {"files", manifest.files.size()},
                  {"counts", manifest.counts}};
    reply.sections.push_back(
        {"Backup",
         {"folder", "epoch", "last event", "files", "keys of persons"},
         {{to,
           std::to_string(manifest.epoch),
           std::to_string(manifest.last_seq),
           std::to_string(manifest.files.size()),
           persons.empty() ? "not in it; give --persons-to"
                           : persons + ", to be deleted by " +
                                 toUtcText(manifest.created_ms + backup::kPersonsKeptMs)}}});
    return reply;
}

} // namespace

AdminReply makeBackup(const config::Settings& settings,
                      const AdminRequest& request,
                      const backup::Progress& progress)
{
    const backup::Wish wish{request.options.value("to", ""),
                            request.options.value("persons-to", "")};
    return replyOf(backup::make(sourceOf(settings), wish, progress), request);
}

AdminReply backupOffline(const config::Settings& settings,
                         const AdminRequest& request,
                         const backup::Progress& progress)
{
    if (!std::filesystem::is_directory(settings.store.folder)) {
        return AdminReply::failure(cli::kExitFailed,
                                   settings.store.folder.string() +
                                       ": there is no store of a hub; name its settings with "
                                       "--config");
    }
    const store::LockFile lock(settings.store.folder / "hub.lock");
    AdminReply reply = makeBackup(settings, request, progress);
    if (settings.store.backend != config::StoreBackend::SQLite) {
        return reply; // its writer belongs to a hub
    }
    security::Secrets secrets(settings.secrets.folder,
                              security::loadMasterKey(settings.secrets.master_key_file));
    security::Audit audit(auditKey(secrets), settings.store.folder / kAuditAnchor);
    const auto store = store::openSideFile(settings.store.folder / "hub.db");
    store::Transaction transaction(*store);
    audit.append(*store,
                 {thisUser(),
                  "store.backed_up",
                  request.options.value("to", ""),
                  "offline",
                  "",
                  base::SystemClock{}.nowMs()});
    transaction.commit();
    return reply;
}

AdminReply restoreOffline(const config::Settings& settings,
                          const AdminRequest& request,
                          const backup::Progress& progress)
{
    backup::RestoreWish wish;
    wish.from = request.options.value("from", "");
    wish.persons_from = request.options.value("persons-from", "");
    wish.replace = request.options.value("replace", false);
    wish.actor = thisUser();
    const backup::Restored done =
        backup::restore(sourceOf(settings), wish, knownSteps(settings), progress);
    AdminReply reply;
    reply.data = {{"store_id", done.manifest.store_id},
                  {"epoch", done.epoch},
                  {"backup_ms", done.manifest.created_ms},
                  {"last_seq", done.manifest.last_seq},
                  {"erasures", done.erasures},
                  {"has_persons", done.has_persons},
                  {"kept", done.kept.string()},
                  {"secrets", done.secrets}};
    reply.sections.push_back(
        {"Restored; the hub starts in quarantine",
         {"backup of", "epoch", "last event", "erased", "keys of persons", "old folder"},
         {{toUtcText(done.manifest.created_ms),
           std::to_string(done.epoch),
           std::to_string(done.manifest.last_seq),
           std::to_string(done.erasures),
           done.has_persons ? "there" : "none: personal data can't be read",
           done.kept.empty() ? "-" : done.kept.string()}}});
    return reply;
}

} // namespace hub::app
