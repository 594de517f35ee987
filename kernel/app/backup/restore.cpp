#include "app/backup/restore.hpp"

#include "app/backup/files.hpp"
#include "app/backup/own_keys.hpp"
#include "base/clock.hpp"
#include "base/exception.hpp"
#include "journal/erasures.hpp"
#include "journal/quarantine.hpp"
#include "security/audit.hpp"
#include "security/durable_file.hpp"
#include "security/person_keys.hpp"
#include "store/files.hpp"
#include "store/lock_file.hpp"
#include "store/migrator.hpp"
#include "store/store_copy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace hub::backup {

namespace fs = std::filesystem;

namespace {

// Beside the secrets, because it must outlive the data folder.
constexpr const char* kEpochFile = "store.epoch";
constexpr const char* kEpochBeside = "store.epoch.next";
// Numbers for providers have three digits for it.
constexpr std::int64_t kEpochMax = 999;

void checkBackend(const Source& target, const Manifest& manifest)
{
    const bool sqlite = target.store.backend == store::Backend::SQLite;
    if (manifest.backend != (sqlite ? "sqlite" : "postgresql")) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "the backup is of a {} store, this hub's is {}; set store.backend to "
                            "the backup's",
                            manifest.backend,
                            sqlite ? "sqlite" : "postgresql");
    }
    if (sqlite) {
        return;
    }
    if (manifest.schema != target.store.postgres_schema) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "the backup is of PostgreSQL schema \"{}\", this hub's is \"{}\"; set "
                            "store.postgres_schema to the backup's",
                            manifest.schema,
                            target.store.postgres_schema);
    }
    store::checkNoSchema(target.store);
}

void checkSchema(const Manifest& manifest, const std::map<std::string, std::int64_t>& known)
{
    for (const auto& [library, number] : manifest.migrations) {
        const auto found = known.find(library);
        if (found != known.end() && number > found->second) {
            throw base::Failure(
                HUB_UNSUPPORTED,
                "the backup holds step {} of the tables of \"{}\", the newest known "
                "here is {}; install the version that made it ({})",
                number,
                library,
                found->second,
                manifest.program);
        }
    }
}

std::int64_t epochIn(const fs::path& file)
{
    if (!fs::exists(file)) {
        return 0;
    }
    const std::string text = security::readFile(file);
    std::int64_t epoch = 0;
    std::from_chars(text.data(), text.data() + text.size(), epoch);
    return epoch;
}

/// Of the store that is replaced; a damaged one tells nothing.
std::int64_t epochOfOld(const store::Settings& settings)
{
    try {
        const auto database = store::Database::openReadOnly(settings);
        const store::Lease lease = database->snapshot();
        auto& query = lease->prepare("SELECT value FROM hub_meta WHERE name = 'store_epoch'");
        return query.step() ? std::stoll(query.text(0)) : 0;
    } catch (const std::exception&) {
        return 0; // that is why it is replaced
    }
}

std::int64_t nextEpoch(const Source& target, const Manifest& manifest)
{
    const std::int64_t highest = std::max({manifest.epoch,
                                           epochIn(target.settings.secrets.folder / kEpochFile),
                                           epochOfOld(target.store)});
    if (highest >= kEpochMax) {
        throw base::Failure(HUB_REJECTED,
                            "the store's epoch is {}, and numbers for providers have no room for a "
                            "higher one; give the hub another `site`",
                            highest);
    }
    return highest + 1;
}

void rememberEpoch(const Source& target, std::int64_t epoch)
{
    const fs::path folder = target.settings.secrets.folder;
    fs::remove(folder / kEpochBeside);
    security::LockedFolder locked(folder);
    locked.create(kEpochBeside, std::to_string(epoch) + "\n");
    locked.rename(kEpochBeside, kEpochFile);
}

/// What is missing of the backup's secrets comes in, as it is; what is there must be the same.
std::vector<std::string>
bringSecrets(const Source& target, const fs::path& backup, const Manifest& manifest, bool write)
{
    const fs::path folder = target.settings.secrets.folder;
    std::vector<std::string> missing;
    for (const File& file : manifest.files) {
        if (file.path.rfind("secrets/", 0) != 0) {
            continue;
        }
        const std::string name = file.path.substr(std::string_view("secrets/").size());
        const std::string retired = name.substr(0, name.rfind('.')) + ".retired";
        if (fs::exists(folder / retired)) {
            continue; // retired since
        }
        if (!fs::exists(folder / name)) {
            missing.push_back(name);
            if (write) {
                security::LockedFolder(folder).create(name, security::readFile(backup / file.path));
            }
        } else if (name != "master.check" && describe(folder / name, name).sha256 != file.sha256) {
            throw base::Failure(HUB_REJECTED,
                                "{}: this secret is not the backup's; empty the secrets folder (or "
                                "name another one), so that the backup's secrets are used",
                                (folder / name).string());
        }
    }
    return missing;
}

/// Ids of persons in a list of erasures, one JSON line each.
void readErasures(const fs::path& list, std::set<std::string>& persons)
{
    std::ifstream stream(list);
    for (std::string line; std::getline(stream, line);) {
        const auto entry = base::parseJson(line);
        if (entry.ok() && entry.value().contains("person")) {
            persons.insert(entry.value().at("person").get<std::string>());
        }
    }
}

/// In the store that is replaced, as far as it can be read.
void readOldErasures(const Source& target, std::set<std::string>& persons)
{
    readErasures(target.store.folder / "persons" / "erasures.log", persons);
    try {
        const auto database = store::Database::openReadOnly(target.store);
        const store::Lease lease = database->snapshot();
        for (std::string& person : journal::Erasures::all(*lease)) {
            persons.insert(std::move(person));
        }
    } catch (const std::exception&) {
        return; // the list beside it counts
    }
}

/// The keys themselves; true when there are any.
bool bringPersons(const Source& target, const RestoreWish& wish, const fs::path& folder)
{
    if (!wish.persons_from.empty()) {
        copyFile(wish.persons_from / "persons.db", folder / "persons.db", "persons.db");
        return true;
    }
    const fs::path there = target.store.folder / "persons" / "persons.db";
    if (!fs::exists(there)) {
        return false;
    }
    store::copySqlite(there, folder / "persons.db");
    return true;
}

/// Erases again, in the keys and in the store's own list.
std::int64_t repeatErasures(const Source& target,
                            const RestoreWish& wish,
                            const fs::path& folder,
                            store::Connection& store)
{
    std::set<std::string> erased;
    for (std::string& person : journal::Erasures::all(store)) {
        erased.insert(std::move(person));
    }
    if (!wish.persons_from.empty()) {
        readErasures(wish.persons_from / "erasures.log", erased);
    }
    readOldErasures(target, erased);
    security::Secrets secrets(target.settings.secrets.folder,
                              security::loadMasterKey(target.settings.secrets.master_key_file));
    security::PersonKeys keys(store::openSideFile(folder / "persons" / "persons.db"),
                              folder / "persons" / "erasures.log",
                              secrets,
                              ownKey(secrets, kBlindIndexKey));
    store::Transaction transaction(store);
    for (const std::string& person : erased) {
        keys.destroy(person, target.now_ms);
        store
            .prepare("INSERT INTO hub_erasure (partition, person, library, trace, erased_ms) "
                     "VALUES (0, ?, 'hub', '', ?) ON CONFLICT (partition, person) DO NOTHING")
            .bindText(1, person)
            .bind(2, target.now_ms)
            .run();
    }
    transaction.commit();
    return static_cast<std::int64_t>(erased.size());
}

std::int64_t lastCall(store::Connection& connection)
{
    auto& query =
        connection.prepare("SELECT COALESCE(MAX(id), 0) FROM hub_call WHERE partition = 0");
    const std::int64_t last = query.step() ? query.integer(0) : 0;
    query.run();
    return last;
}

/// Epoch, ended sessions, quarantine and the audit log's entry: together or not at all.
void markRestored(const Source& target,
                  const RestoreWish& wish,
                  const Manifest& manifest,
                  std::int64_t epoch,
                  const fs::path& folder,
                  store::Connection& store)
{
    security::Secrets secrets(target.settings.secrets.folder,
                              security::loadMasterKey(target.settings.secrets.master_key_file));
    security::Audit audit(ownKey(secrets, kAuditKey), folder / kAnchorFile);
    const std::int64_t last_call = lastCall(store);
    store::Transaction transaction(store);
    store.prepare("UPDATE hub_meta SET value = ? WHERE name = 'store_epoch'")
        .bindText(1, std::to_string(epoch))
        .run();
    // Some of them have ended since the backup, and nobody knows which.
    store.prepare("UPDATE hub_session SET ended_ms = ? WHERE ended_ms IS NULL")
        .bind(1, target.now_ms)
        .run();
    journal::QuarantineState state;
    state.epoch = epoch;
    state.backup_ms = manifest.created_ms;
    state.restored_ms = target.now_ms;
    state.last_call = last_call;
    journal::Quarantine::write(store, state);
    audit.append(store,
                 {wish.actor,
                  "store.restored",
                  wish.from.string(),
                  fmt::format("backup of {} ms, up to event {}; epoch {} to {}",
                              manifest.created_ms,
                              manifest.last_seq,
                              manifest.epoch,
                              epoch),
                  "",
                  target.now_ms});
    transaction.commit();
}

fs::path keepAside(const fs::path& folder, std::int64_t epoch)
{
    if (isEmptyFolder(folder)) {
        return {};
    }
    fs::path aside = folder.string() + fmt::format(".before-epoch-{}", epoch);
    for (int again = 2; fs::exists(aside); ++again) {
        aside = folder.string() + fmt::format(".before-epoch-{}-{}", epoch, again);
    }
    renameDurably(folder, aside);
    return aside;
}

Manifest openBoth(const RestoreWish& wish, const Source& target, const Progress& progress)
{
    if (wish.from.empty()) {
        throw base::Failure(HUB_BAD_REQUEST, "no backup is named; name one with --from FOLDER");
    }
    const security::SecretBytes master_key =
        security::loadMasterKey(target.settings.secrets.master_key_file);
    Manifest manifest = openManifest(wish.from, Kind::Store, master_key);
    progress("checking the backup");
    checkFiles(wish.from, manifest);
    if (!wish.persons_from.empty()) {
        const Manifest persons = openManifest(wish.persons_from, Kind::Persons, master_key);
        if (persons.store_id != manifest.store_id) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "{}: these are keys of another hub's persons; name the archive "
                                "that was made with the backup",
                                wish.persons_from.string());
        }
        checkFiles(wish.persons_from, persons);
    }
    return manifest;
}

void copyData(const RestoreWish& wish, const Manifest& manifest, const fs::path& folder)
{
    if (manifest.backend == "sqlite") {
        copyFile(wish.from / "store" / "hub.db", folder / "hub.db", "hub.db");
    }
    for (const File& file : manifest.files) {
        if (file.path == kAnchorFile || file.path.rfind("blobs/", 0) == 0) {
            store::makeFolder((folder / file.path).parent_path());
            copyFile(wish.from / file.path, folder / file.path, file.path);
        }
    }
}

/// The store's own part is in the database from here on, in quarantine and with its new epoch.
void bringPostgres(const Source& target,
                   const RestoreWish& wish,
                   const Manifest& manifest,
                   std::int64_t epoch,
                   const fs::path& folder)
{
    std::vector<std::string> libraries;
    for (const auto& [library, number] : manifest.migrations) {
        if (library != store::kKernelLibrary) {
            libraries.push_back(library);
        }
    }
    const std::string& schema = target.store.postgres_schema;
    // Numbers only, so nothing is to be quoted.
    const std::string marks =
        fmt::format("UPDATE {0}.hub_meta SET value = '{1}' WHERE name = 'store_epoch';\n"
                    "INSERT INTO {0}.hub_meta (name, value) SELECT 'quarantine', "
                    "'{{\"epoch\":{1},\"backup_ms\":{2},\"restored_ms\":{3},\"last_call\":' || "
                    "COALESCE(MAX(id), 0) || ',\"fenced\":false,\"announced\":false}}' "
                    "FROM {0}.hub_call ON CONFLICT (name) DO UPDATE SET value = excluded.value;\n",
                    schema,
                    epoch,
                    manifest.created_ms,
                    target.now_ms);
    store::restorePostgres(
        target.store, wish.from / "store" / "postgres.dump", libraries, marks, folder);
}

/// Erasures, marks and the audit log's entry, in the restored store.
void settleStore(const Source& target,
                 const RestoreWish& wish,
                 const fs::path& folder,
                 Restored& restored)
{
    if (target.store.backend == store::Backend::SQLite) {
        const auto store = store::openSideFile(folder / "hub.db");
        restored.erasures = repeatErasures(target, wish, folder, *store);
        markRestored(target, wish, restored.manifest, restored.epoch, folder, *store);
        return;
    }
    store::Settings settings = target.store;
    settings.folder = folder;
    const base::SystemClock clock;
    const auto database = store::Database::open(settings, clock);
    restored.erasures = repeatErasures(target, wish, folder, database->writer());
    markRestored(target, wish, restored.manifest, restored.epoch, folder, database->writer());
}

} // namespace

Restored restore(const Source& target,
                 const RestoreWish& wish,
                 const std::map<std::string, std::int64_t>& known,
                 const Progress& progress)
{
    Restored restored;
    const fs::path place = target.store.folder;
    const bool there = !isEmptyFolder(place);
    if (there && !wish.replace) {
        throw base::Failure(HUB_ALREADY_DONE,
                            "{}: there is a store already; restore into another store.folder, or "
                            "give --replace, which keeps this one aside",
                            place.string());
    }
    std::optional<store::LockFile> lock;
    if (there) {
        lock.emplace(place / "hub.lock"); // no hub may work on it
    }
    restored.manifest = openBoth(wish, target, progress);
    checkBackend(target, restored.manifest);
    checkSchema(restored.manifest, known);
    (void)bringSecrets(target, wish.from, restored.manifest, false);
    restored.epoch = nextEpoch(target, restored.manifest);

    const fs::path folder = place.string() + ".restoring";
    fs::remove_all(folder);
    store::makeFolder(folder);
    progress("copying the store");
    copyData(wish, restored.manifest, folder);
    store::makeFolder(folder / "persons");
    restored.has_persons = bringPersons(target, wish, folder / "persons");
    // From here on something outside of the new folder changes; each can be done twice.
    restored.secrets = bringSecrets(target, wish.from, restored.manifest, true);
    rememberEpoch(target, restored.epoch);
    if (target.store.backend == store::Backend::PostgreSQL) {
        progress("restoring the database");
        bringPostgres(target, wish, restored.manifest, restored.epoch, folder);
    }
    settleStore(target, wish, folder, restored);
    fs::remove(folder / "hub.lock");
    syncTree(folder);
    restored.kept = keepAside(place, restored.epoch);
    renameDurably(folder, place);
    progress(fmt::format("restored to {}; epoch {}", place.string(), restored.epoch));
    return restored;
}

} // namespace hub::backup
