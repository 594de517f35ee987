#include "plugin/shelf.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "config/json_file.hpp"
#include "store/files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace hub::plugin {

namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";

[[noreturn]] void fail(const fs::path& file, const char* what)
{
    throw base::Failure(HUB_UNAVAILABLE,
                        "{}: {}: {}; check the space and the rights of the store's folder",
                        file.string(),
                        what,
                        std::generic_category().message(errno));
}

void writeDurably(const fs::path& file, std::string_view bytes, mode_t mode)
{
    const store::FileHandle handle(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!handle || !store::writeAll(handle.get(), bytes) || ::fsync(handle.get()) != 0) {
        fail(file, "can't be written");
    }
}

void syncFolder(const fs::path& folder)
{
    if (!store::syncFolder(folder)) {
        fail(folder, "can't be made durable");
    }
}

/// Empty when it can't be read.
std::string digestOf(const fs::path& file)
{
    const std::ifstream stream(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    return stream && bytes ? base::sha256Hex(bytes.str()) : "";
}

/// Beside it first: a process may run what is in its place.
void copyDurably(const fs::path& from, const fs::path& to, const std::string& sha256)
{
    const fs::path beside = to.string() + ".new";
    std::error_code failed;
    fs::copy_file(from, beside, fs::copy_options::overwrite_existing, failed);
    const store::FileHandle handle(::open(beside.c_str(), O_RDONLY | O_CLOEXEC));
    if (failed || !handle || ::fsync(handle.get()) != 0) {
        errno = failed ? failed.value() : errno;
        fail(beside, "the library can't be copied");
    }
    if (const std::string digest = digestOf(beside); digest != sha256) {
        fs::remove(beside, failed);
        throw base::Failure(HUB_REJECTED,
                            "{}: has the SHA-256 {}, its manifest says {}; install the library and "
                            "the manifest of one build",
                            from.string(),
                            digest,
                            sha256);
    }
    fs::rename(beside, to);
}

constexpr std::string_view kNote = ".rejected.json";

fs::path noteOf(const fs::path& folder, const std::string& sha256)
{
    return folder / (sha256 + std::string(kNote));
}

std::optional<Package>
readCopy(const Shelf& shelf, const std::string& sha256, const Package& installed)
{
    const fs::path folder = shelf.find(sha256);
    if (folder.empty()) {
        return std::nullopt;
    }
    const std::string name = installed.manifest.id + "/" + kManifest;
    const Result<base::Json> json = config::readJsonFile(folder / kManifest, name);
    std::vector<std::string> problems;
    auto manifest = json.ok() ? parseManifest(json.value(), name, problems) : std::nullopt;
    if (!manifest) {
        return std::nullopt;
    }
    Package kept = installed;
    kept.folder = folder;
    kept.isolation = manifest->isolation;
    kept.manifest = std::move(*manifest);
    return kept;
}

} // namespace

fs::path Shelf::find(const std::string& sha256) const
{
    const fs::path copy = folder_ / sha256;
    return fs::is_regular_file(copy / kManifest) ? copy : fs::path{};
}

fs::path Shelf::keep(const fs::path& package, const Manifest& manifest)
{
    // Complete or not there: the manifest comes last. A copy that was damaged is made anew.
    const fs::path copy = folder_ / manifest.sha256;
    if (!find(manifest.sha256).empty() && digestOf(copy / manifest.library) == manifest.sha256) {
        return copy;
    }
    store::makeFolder(copy);
    // A host under a user of its own reads it.
    fs::permissions(copy,
                    fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                        fs::perms::others_read | fs::perms::others_exec);
    copyDurably(package / manifest.library, copy / manifest.library, manifest.sha256);
    syncFolder(copy);
    writeDurably(copy / kManifest, manifest.json.dump(), 0644);
    syncFolder(copy);
    syncFolder(folder_);
    return copy;
}

void Shelf::reject(const std::string& sha256, const Rejection& rejection)
{
    store::makeFolder(folder_);
    const fs::path note = noteOf(folder_, sha256);
    const fs::path beside = note.string() + ".new";
    writeDurably(beside,
                 base::Json{{"instead", rejection.instead},
                            {"reason", rejection.reason},
                            {"time_ms", rejection.time_ms}}
                     .dump(),
                 0600);
    fs::rename(beside, note);
    syncFolder(folder_);
}

void Shelf::admit(const std::string& sha256)
{
    std::error_code ignored;
    if (fs::remove(noteOf(folder_, sha256), ignored)) {
        syncFolder(folder_);
    }
}

Result<std::optional<Shelf::Rejection>> Shelf::rejection(const std::string& sha256) const
{
    const fs::path note = noteOf(folder_, sha256);
    if (!fs::exists(note)) {
        return std::optional<Rejection>{};
    }
    const Result<base::Json> json = config::readJsonFile(note, note.filename().string());
    if (!json.ok() || !json.value().is_object()) {
        return Error{HUB_UNAVAILABLE,
                     note.string() + " is damaged; remove it to start that library again"};
    }
    return std::optional(Rejection{json.value().value("instead", ""),
                                   json.value().value("reason", ""),
                                   json.value().value("time_ms", std::int64_t{0})});
}

void Shelf::prune(const std::set<std::string>& used) const
{
    std::set<std::string> kept = used;
    std::vector<fs::path> copies;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory(ignored)) {
            copies.push_back(entry.path());
        } else if (name.ends_with(kNote)) {
            const auto note = rejection(name.substr(0, name.size() - kNote.size()));
            if (!note.ok()) {
                return; // which copy it names is not known
            }
            kept.insert(note.value()->instead);
        }
    }
    for (const fs::path& copy : copies) {
        if (kept.count(copy.filename().string()) == 0) {
            // Without its manifest, what remains of it counts as nothing.
            fs::remove(copy / kManifest, ignored);
            fs::remove_all(copy, ignored);
        }
    }
}

Shelf shelfOf(const config::Settings& settings)
{
    return Shelf(settings.store.folder / "libraries");
}

Result<Package> inUse(const Shelf& shelf, Package installed)
{
    const auto rejection = shelf.rejection(installed.manifest.sha256);
    if (!rejection.ok()) {
        return rejection.error();
    }
    if (!rejection.value()) {
        return installed;
    }
    const Shelf::Rejection& why = *rejection.value();
    std::optional<Package> former = readCopy(shelf, why.instead, installed);
    if (!former) {
        return Error{HUB_REJECTED,
                     fmt::format("{}: version {} was rolled back ({}), and the copy of the one "
                                 "before is gone; install another, or admit it with `expohub "
                                 "plugin admit {}`",
                                 installed.manifest.id,
                                 installed.manifest.version,
                                 why.reason,
                                 installed.manifest.id)};
    }
    former->set_aside = {std::move(installed.manifest), why.reason};
    return std::move(*former);
}

} // namespace hub::plugin
