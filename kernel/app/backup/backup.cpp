#include "app/backup/backup.hpp"

#include "app/backup/files.hpp"
#include "base/exception.hpp"
#include "security/durable_file.hpp"
#include "store/store_copy.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hub::backup {

namespace fs = std::filesystem;

namespace {

using base::Json;

constexpr const char* kHidden = "(not in the backup)";

std::int64_t numberOf(store::Connection& connection, const char* sql)
{
    auto& query = connection.prepare(sql);
    const std::int64_t number = query.step() ? query.integer(0) : 0;
    query.run();
    return number;
}

std::string metaOf(store::Connection& connection, const char* name)
{
    auto& query = connection.prepare("SELECT value FROM hub_meta WHERE name = ?");
    query.bindText(1, name);
    std::string value = query.step() ? query.text(0) : "";
    query.run();
    return value;
}

/// What the store says of itself.
void readFacts(store::Connection& connection, Manifest& manifest)
{
    manifest.store_id = metaOf(connection, "store_id");
    manifest.epoch = std::stoll(metaOf(connection, "store_epoch"));
    manifest.last_seq = numberOf(connection, "SELECT COALESCE(MAX(seq), 0) FROM hub_event");
    manifest.counts = {
        {"events", numberOf(connection, "SELECT COUNT(*) FROM hub_event")},
        {"calls", numberOf(connection, "SELECT COUNT(*) FROM hub_call")},
        {"calls_open",
         numberOf(connection,
                  "SELECT COUNT(*) FROM hub_call WHERE state <> 'answered' OR resolving = 1")},
        {"audit_rows", numberOf(connection, "SELECT COUNT(*) FROM hub_audit")},
        {"erasures", numberOf(connection, "SELECT COUNT(*) FROM hub_erasure")}};
    auto& steps =
        connection.prepare("SELECT library, MAX(number) FROM hub_migration GROUP BY library");
    while (steps.step()) {
        manifest.migrations[steps.text(0)] = steps.integer(1);
    }
}

void copyStore(const Source& source, NewFolder& folder, Manifest& manifest)
{
    const fs::path store = folder.folder("store");
    if (source.store.backend == store::Backend::PostgreSQL) {
        manifest.backend = "postgresql";
        manifest.schema = source.store.postgres_schema;
        const auto database = store::Database::openReadOnly(source.store);
        const store::Lease lease = database->snapshot();
        readFacts(*lease, manifest);
        auto& query = lease->prepare("SELECT pg_export_snapshot()");
        const std::string snapshot = query.step() ? query.text(0) : "";
        query.run();
        store::dumpPostgres(source.store, snapshot, store / "postgres.dump");
        folder.note("store/postgres.dump");
        return;
    }
    manifest.backend = "sqlite";
    store::copySqlite(source.store.folder / "hub.db", store / "hub.db");
    {
        store::Settings copy = source.store;
        copy.folder = store;
        const auto database = store::Database::openReadOnly(copy);
        const store::Lease lease = database->snapshot();
        readFacts(*lease, manifest);
    }
    folder.note("store/hub.db");
}

/// After the store: what it refers to is durable before it does. A blob never changes, so one
/// that an earlier try has copied whole is kept.
void copyBlobs(const Source& source,
               NewFolder& folder,
               Manifest& manifest,
               const Progress& progress)
{
    const fs::path from = source.store.folder / "blobs";
    (void)folder.folder("blobs");
    std::int64_t count = 0;
    for (const auto& shelf : fs::directory_iterator(from)) {
        const std::string name = shelf.path().filename().string();
        if (!shelf.is_directory() || name.size() != 2) {
            continue; // unfinished ones
        }
        (void)folder.folder("blobs/" + name);
        for (const auto& blob : fs::directory_iterator(shelf.path())) {
            const std::string rest = blob.path().filename().string();
            const std::string relative = "blobs/" + name + "/" + rest;
            const fs::path target = folder.path() / relative;
            const bool there =
                fs::exists(target) && describe(target, relative).sha256 == name + rest;
            if (there) {
                folder.note(relative);
            } else {
                folder.add(blob.path(), relative);
            }
            if (folder.files().back().sha256 != name + rest) {
                throw base::Failure(HUB_REJECTED,
                                    "{}: the blob does not have the digest that it is named by; "
                                    "bring it back from an earlier backup, and examine the disk",
                                    blob.path().string());
            }
            if (++count % 1000 == 0) {
                progress(fmt::format("{} blobs", count));
            }
        }
    }
    manifest.counts["blobs"] = count;
}

void copySecrets(const Source& source, NewFolder& folder)
{
    (void)folder.folder("secrets");
    const fs::path master = fs::weakly_canonical(source.settings.secrets.master_key_file);
    for (const auto& entry : fs::directory_iterator(source.settings.secrets.folder)) {
        const std::string name = entry.path().filename().string();
        const bool encrypted =
            name.ends_with(".secret") || name.ends_with(".retired") || name == "master.check";
        if (entry.is_regular_file() && encrypted && fs::weakly_canonical(entry.path()) != master) {
            folder.add(entry.path(), "secrets/" + name);
        }
    }
}

/// Tokens prove addresses: they don't leave the hub.
void hide(Json& json)
{
    if (json.is_object()) {
        for (auto& [name, value] : json.items()) {
            const bool secret = name.find("token") != std::string::npos ||
                                name.find("password") != std::string::npos;
            if (secret) {
                value = kHidden;
            } else {
                hide(value);
            }
        }
    } else if (json.is_array()) {
        std::for_each(json.begin(), json.end(), hide);
    }
}

void copyConfiguration(const Source& source, NewFolder& folder)
{
    (void)folder.folder("configuration");
    folder.write("configuration/hub.properties", source.settings.text);
    (void)folder.folder("configuration/plugins.d");
    for (const auto& entry : fs::directory_iterator(source.settings.plugins.config_folder)) {
        if (entry.path().extension() != ".json") {
            continue;
        }
        const auto json = base::parseJson(security::readFile(entry.path()));
        if (json.ok()) {
            Json shown = json.value();
            hide(shown);
            folder.write("configuration/plugins.d/" + entry.path().filename().string(),
                         shown.dump(2) + "\n");
        }
    }
}

Manifest copyPersons(const Source& source, NewFolder& folder, const Manifest& store)
{
    const fs::path from = source.store.folder / "persons";
    Manifest manifest;
    manifest.kind = Kind::Persons;
    manifest.program = store.program;
    manifest.store_id = store.store_id;
    manifest.epoch = store.epoch;
    manifest.created_ms = store.created_ms;
    store::copySqlite(from / "persons.db", folder.path() / "persons.db");
    folder.note("persons.db");
    // After the keys: whoever is erased meanwhile is in the list at least.
    if (fs::exists(from / "erasures.log")) {
        folder.add(from / "erasures.log", "erasures.log");
    } else {
        folder.write("erasures.log", "");
    }
    manifest.files = folder.files();
    manifest.counts["delete_after_ms"] = store.created_ms + kPersonsKeptMs;
    return manifest;
}

bool sameFolder(const fs::path& a, const fs::path& b)
{
    return fs::weakly_canonical(a) == fs::weakly_canonical(b);
}

bool isInside(const fs::path& folder, const fs::path& other)
{
    const fs::path inner = fs::weakly_canonical(folder);
    const fs::path outer = fs::weakly_canonical(other);
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first ==
           outer.end();
}

void checkWish(const Source& source, const Wish& wish)
{
    if (wish.to.empty()) {
        throw base::Failure(HUB_BAD_REQUEST, "no folder is named; name one with --to FOLDER");
    }
    if (!wish.persons_to.empty() &&
        (sameFolder(wish.to, wish.persons_to) || isInside(wish.persons_to, wish.to))) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "{}: the keys of persons must not lie with the store, or an erasure "
                            "would not hold in old backups; name another folder with --persons-to",
                            wish.persons_to.string());
    }
    for (const fs::path& target : {wish.to, wish.persons_to}) {
        if (!target.empty() && isInside(target, source.store.folder)) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "{}: this lies in the data folder; name a folder on another disk",
                                target.string());
        }
    }
}

/// "folder/" names the folder too.
fs::path named(const fs::path& folder)
{
    return folder.has_filename() ? folder : folder.parent_path();
}

} // namespace

Manifest make(const Source& source, const Wish& given, const Progress& progress)
{
    const Wish wish{named(given.to), named(given.persons_to)};
    checkWish(source, wish);
    const security::SecretBytes master_key =
        security::loadMasterKey(source.settings.secrets.master_key_file);
    Manifest manifest;
    manifest.program = source.program;
    manifest.created_ms = source.now_ms;
    NewFolder folder(wish.to, "blobs");
    // Before the store: an anchor of a row that the copy does not have would look like a cut.
    const fs::path anchor = source.store.folder / kAnchorFile;
    if (fs::exists(anchor)) {
        folder.add(anchor, kAnchorFile);
    }
    progress("copying the store");
    copyStore(source, folder, manifest);
    progress("copying blobs");
    copyBlobs(source, folder, manifest, progress);
    copySecrets(source, folder);
    copyConfiguration(source, folder);
    manifest.files = folder.files();
    if (!wish.persons_to.empty()) {
        progress("copying the keys of persons");
        NewFolder persons(wish.persons_to, "");
        const Manifest archive = copyPersons(source, persons, manifest);
        persons.write(kManifestFile, sealManifest(archive, master_key));
        persons.commit();
    }
    folder.write(kManifestFile, sealManifest(manifest, master_key));
    folder.commit();
    progress(fmt::format("{} files in {}", manifest.files.size(), wish.to.string()));
    return manifest;
}

} // namespace hub::backup
