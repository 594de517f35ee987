#include "config/account_files.hpp"

#include "base/exception.hpp"
#include "config/json_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::config {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const char* what)
{
    throw base::Failure(HUB_UNAVAILABLE,
                        "{}: {}: {}; let the hub's user write into plugins.config_folder",
                        file.string(),
                        what,
                        std::generic_category().message(errno));
}

std::string textOf(const base::Json& document)
{
    return document.dump(2) + "\n";
}

void syncPath(const fs::path& path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    if (!synced) {
        errno = error;
        fail(path, "can't be made durable");
    }
}

/// With the rights of `like`, and its group where that is possible, before a byte is in it: an
/// operator may have closed the file to others.
void makeEmpty(const fs::path& path, const fs::path& like)
{
    std::error_code ignored;
    fs::remove(path, ignored); // of an earlier crash
    struct stat known = {};
    const bool is_there = ::stat(like.c_str(), &known) == 0;
    const mode_t mode = is_there ? known.st_mode & 0777U : 0640U;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        fail(path, "can't be written");
    }
    const bool shared =
        !is_there || ::fchown(descriptor, static_cast<uid_t>(-1), known.st_gid) == 0;
    // Where the group is another one, what it was allowed would go to the wrong people.
    const bool set = ::fchmod(descriptor, shared ? mode : mode & 0707U) == 0;
    const int error = errno;
    ::close(descriptor);
    if (!set) {
        errno = error;
        fail(path, "can't be given its rights");
    }
}

void writeText(const fs::path& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) {
        fail(path, "can't be written");
    }
}

} // namespace

std::string AccountFiles::nameOf(const std::string& library) const
{
    for (const auto& entry : fs::directory_iterator(folder_)) {
        if (entry.path().extension() != ".json") {
            continue;
        }
        const auto json = readJsonFile(entry.path(), entry.path().filename().string());
        if (json.ok() && json.value().is_object() && json.value().value("library", "") == library) {
            return entry.path().filename().string();
        }
    }
    return library + ".json";
}

std::optional<base::Json> AccountFiles::read(const std::string& name) const
{
    if (!fs::exists(folder_ / name)) {
        return std::nullopt;
    }
    auto json = readJsonFile(folder_ / name, name);
    if (!json.ok()) {
        throw base::Failure(json.error().code, "{}", json.error().message);
    }
    return std::move(json).value();
}

void AccountFiles::copyWith(const std::string& name,
                            const base::Json& document,
                            const fs::path& place) const
{
    fs::remove_all(place);
    fs::create_directories(place);
    fs::permissions(place, fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator(folder_)) {
        if (entry.path().extension() == ".json") {
            fs::copy_file(entry.path(), place / entry.path().filename());
        }
    }
    writeText(place / name, textOf(document));
}

void AccountFiles::write(const std::string& name, const std::optional<base::Json>& document) const
{
    const fs::path file = folder_ / name;
    const fs::path beside = folder_ / (name + ".new");
    std::error_code failed;
    if (document) {
        makeEmpty(beside, file);
        writeText(beside, textOf(*document));
        syncPath(beside, O_RDONLY);
        fs::rename(beside, file, failed);
    } else {
        fs::remove(file, failed);
    }
    if (failed) {
        errno = failed.value();
        fail(file, "can't be replaced");
    }
    syncPath(folder_, O_RDONLY | O_DIRECTORY);
}

} // namespace hub::config
