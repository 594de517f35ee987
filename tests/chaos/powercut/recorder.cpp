#include "recorder.hpp"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace powercut {

namespace {

pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;

/// A log that can't be written would prove anything: better no process at all.
[[noreturn]] void giveUp(const char* what)
{
    char text[256];
    const int size =
        std::snprintf(text, sizeof text, "powercut: %s: %s\n", what, std::strerror(errno));
    ::syscall(SYS_write, STDERR_FILENO, text, static_cast<std::size_t>(size));
    std::abort();
}

const std::string& folder()
{
    static const std::string kFolder = [] {
        const char* value = std::getenv(kFolderVariable);
        return std::string(value == nullptr ? "" : value);
    }();
    return kFolder;
}

int log()
{
    static const int kLog = [] {
        const char* file = std::getenv(kLogVariable);
        if (file == nullptr) {
            giveUp("HUB_POWERCUT_LOG is not set");
        }
        const int opened =
            static_cast<int>(::syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_APPEND | O_CLOEXEC));
        // Out of the way of programs that count on low numbers.
        const int high = opened < 0 ? -1 : ::fcntl(opened, F_DUPFD_CLOEXEC, 200);
        if (high < 0) {
            giveUp("the log can't be opened");
        }
        ::syscall(SYS_close, opened);
        return high;
    }();
    return kLog;
}

void append(const Record& record,
            const std::string& name = {},
            const std::string& other_name = {},
            const void* bytes = nullptr)
{
    Record head = record;
    head.name_length = static_cast<std::uint32_t>(name.size());
    head.other_name_length = static_cast<std::uint32_t>(other_name.size());
    const std::size_t size = bytes == nullptr ? 0 : static_cast<std::size_t>(record.size);
    const iovec parts[] = {{&head, sizeof head},
                           {const_cast<char*>(name.data()), name.size()},
                           {const_cast<char*>(other_name.data()), other_name.size()},
                           {const_cast<void*>(bytes), size}};
    const std::size_t whole = sizeof head + name.size() + other_name.size() + size;
    if (::syscall(SYS_writev, log(), parts, 4) != static_cast<long>(whole)) {
        giveUp("the log can't be written");
    }
}

bool isBelow(const std::string& path)
{
    const std::string& top = folder();
    return !top.empty() && path.compare(0, top.size(), top) == 0 &&
           (path.size() == top.size() || path[top.size()] == '/');
}

std::string pathOf(int descriptor)
{
    char link[64];
    char path[PATH_MAX];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const long size = ::syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path);
    return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : "";
}

std::string absolute(int at, const char* path)
{
    if (path[0] == '/') {
        return path;
    }
    char here[PATH_MAX] = {};
    const std::string base =
        at == AT_FDCWD ? (::getcwd(here, sizeof here) != nullptr ? here : "") : pathOf(at);
    return base + "/" + path;
}

/// 0: there is none.
std::uint64_t inodeOf(const char* path, bool& is_folder)
{
    struct stat status {};
    if (::syscall(SYS_newfstatat, AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return 0;
    }
    is_folder = S_ISDIR(status.st_mode);
    return status.st_ino;
}

} // namespace

Step::Step()
{
    const int kept = errno;
    ::pthread_mutex_lock(&g_mutex);
    while (::flock(log(), LOCK_EX) != 0) {
        if (errno != EINTR) {
            giveUp("the log can't be locked");
        }
    }
    errno = kept;
}

Step::~Step()
{
    const int kept = errno;
    ::flock(log(), LOCK_UN);
    ::pthread_mutex_unlock(&g_mutex);
    errno = kept;
}

Place placeOf(int descriptor)
{
    const int kept = errno;
    Place place;
    struct stat status {};
    if (!folder().empty() && ::syscall(SYS_fstat, descriptor, &status) == 0 &&
        (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) && isBelow(pathOf(descriptor))) {
        place.watched = true;
        place.is_folder = S_ISDIR(status.st_mode);
        place.file = status.st_ino;
    }
    errno = kept;
    return place;
}

Place placeOf(int at, const char* path)
{
    const int kept = errno;
    Place place;
    const std::string whole = folder().empty() || path == nullptr ? "" : absolute(at, path);
    if (isBelow(whole) && whole.size() > folder().size()) {
        const auto slash = whole.rfind('/');
        bool is_folder = false;
        place.parent = inodeOf(whole.substr(0, slash).c_str(), is_folder);
        place.name = whole.substr(slash + 1);
        place.file = inodeOf(whole.c_str(), place.is_folder);
        place.watched = place.parent != 0;
    }
    errno = kept;
    return place;
}

void recordBorn(std::uint64_t file, mode_t mode, bool is_folder)
{
    append({.kind = Kind::Born, .file = file, .offset = is_folder ? 1U : 0U, .size = mode});
}

void recordLink(const Place& place)
{
    append({.kind = Kind::Link, .file = place.file, .parent = place.parent}, place.name);
}

void recordUnlink(const Place& place)
{
    append({.kind = Kind::Unlink, .parent = place.parent}, place.name);
}

void recordRename(const Place& from, const Place& to)
{
    append(
        {.kind = Kind::Rename, .file = from.file, .parent = from.parent, .other_parent = to.parent},
        from.name,
        to.name);
}

void recordWrite(std::uint64_t file, off_t offset, const void* bytes, std::size_t size)
{
    append({.kind = Kind::Write,
            .file = file,
            .offset = static_cast<std::uint64_t>(offset),
            .size = size},
           {},
           {},
           bytes);
}

void recordRange(int descriptor, std::uint64_t file, off_t offset, off_t size)
{
    // By another descriptor: this one may be open for writing alone.
    char self[64];
    std::snprintf(self, sizeof self, "/proc/self/fd/%d", descriptor);
    const auto reader =
        static_cast<int>(::syscall(SYS_openat, AT_FDCWD, self, O_RDONLY | O_CLOEXEC));
    std::vector<char> bytes(static_cast<std::size_t>(size));
    const long got = ::syscall(SYS_pread64, reader, bytes.data(), bytes.size(), offset);
    ::syscall(SYS_close, reader);
    if (got < 0) {
        giveUp("a file that was written can't be read");
    }
    recordWrite(file, offset, bytes.data(), static_cast<std::size_t>(got));
}

void recordTruncate(std::uint64_t file, off_t size)
{
    append({.kind = Kind::Truncate, .file = file, .size = static_cast<std::uint64_t>(size)});
}

void recordSync(std::uint64_t file)
{
    append({.kind = Kind::Sync, .file = file});
}

void recordMapped(std::uint64_t file)
{
    append({.kind = Kind::Mapped, .file = file});
}

} // namespace powercut
