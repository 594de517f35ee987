// The calls that make, rename and remove files and folders, and the streams of the C library, whose
// own opens and writes pass by every preloaded one.

#include "recorder.hpp"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using namespace powercut;

/// What openat(folder, path, …) has just done to the names.
void recordOpened(int descriptor, const Place& before, int folder, const char* path, int flags)
{
    struct stat status {};
    if (descriptor < 0 || ::syscall(SYS_fstat, descriptor, &status) != 0 ||
        !S_ISREG(status.st_mode)) {
        return;
    }
    if ((flags & O_TMPFILE) == O_TMPFILE) {
        recordBorn(status.st_ino, status.st_mode, false);
    } else if (before.file == 0) {
        recordBorn(status.st_ino, status.st_mode, false);
        recordLink(placeOf(folder, path));
    } else if ((flags & O_TRUNC) != 0) {
        recordTruncate(status.st_ino, 0);
    }
}

int openAny(int folder, const char* path, int flags, mode_t mode)
{
    const auto real = [&] {
        return static_cast<int>(::syscall(SYS_openat, folder, path, flags | O_LARGEFILE, mode));
    };
    const bool changes = (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    if (!changes || !placeOf(folder, path).watched) {
        return real();
    }
    const Step step;
    const Place before = placeOf(folder, path);
    const int descriptor = real();
    recordOpened(descriptor, before, folder, path, flags);
    return descriptor;
}

mode_t modeOf(int flags, std::va_list arguments)
{
    const bool given = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    return given ? va_arg(arguments, mode_t) : 0;
}

/// Some `call` that changes the name of a path, and what it does to the log.
template <typename Call, typename Note>
int change(int folder, const char* path, Call&& call, Note&& note)
{
    if (!placeOf(folder, path).watched) {
        return static_cast<int>(call());
    }
    const Step step;
    const Place before = placeOf(folder, path);
    const int done = static_cast<int>(call());
    if (done == 0) {
        note(before);
    }
    return done;
}

int removeAny(int folder, const char* path, int flags)
{
    return change(
        folder,
        path,
        [&] { return ::syscall(SYS_unlinkat, folder, path, flags); },
        [](const Place& before) { recordUnlink(before); });
}

int makeFolder(int folder, const char* path, mode_t mode)
{
    return change(
        folder,
        path,
        [&] { return ::syscall(SYS_mkdirat, folder, path, mode); },
        [&](const Place&) {
            const Place made = placeOf(folder, path);
            recordBorn(made.file, mode, true);
            recordLink(made);
        });
}

/// A file that comes in from elsewhere, or goes there, would carry bytes nobody recorded.
[[noreturn]] void refuseCrossing(const char* from, const char* to)
{
    std::fprintf(stderr, "powercut: %s -> %s leaves or enters the watched folder\n", from, to);
    std::abort();
}

int renameAny(int from_folder, const char* from, int to_folder, const char* to, unsigned flags)
{
    const auto real = [&] {
        return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
    };
    const bool leaves = placeOf(from_folder, from).watched;
    const bool enters = placeOf(to_folder, to).watched;
    if (!leaves && !enters) {
        return real();
    }
    if (leaves != enters || flags > RENAME_NOREPLACE) {
        refuseCrossing(from, to);
    }
    const Step step;
    const Place before = placeOf(from_folder, from);
    const int done = real();
    if (done == 0) {
        recordRename(before, placeOf(to_folder, to));
    }
    return done;
}

int linkAny(int from_folder, const char* from, int to_folder, const char* to, int flags)
{
    return change(
        to_folder,
        to,
        [&] { return ::syscall(SYS_linkat, from_folder, from, to_folder, to, flags); },
        [&](const Place&) { recordLink(placeOf(to_folder, to)); });
}

/// As mkstemp: the last Xs before the suffix become something new.
int makeTemporary(char* form, int suffix, int flags)
{
    static const auto real =
        reinterpret_cast<int (*)(char*, int, int)>(::dlsym(RTLD_NEXT, "mkostemps")); // NOLINT
    if (!placeOf(AT_FDCWD, form).watched) {
        return real(form, suffix, flags);
    }
    const Step step;
    const int descriptor = real(form, suffix, flags);
    recordOpened(descriptor, Place{}, AT_FDCWD, form, O_CREAT);
    return descriptor;
}

using OpenStream = std::FILE* (*)(const char*, const char*);

std::FILE* openStream(const char* path, const char* mode, OpenStream real)
{
    const bool writes = std::strpbrk(mode, "wa+") != nullptr;
    if (!writes || !placeOf(AT_FDCWD, path).watched) {
        return real(path, mode);
    }
    const Step step;
    const Place before = placeOf(AT_FDCWD, path);
    std::FILE* stream = real(path, mode);
    if (stream != nullptr) {
        recordOpened(::fileno(stream), before, AT_FDCWD, path, mode[0] == 'w' ? O_TRUNC : O_APPEND);
    }
    return stream;
}

/// The buffer's bytes went out unseen: take the whole file.
void recordStream(int descriptor)
{
    struct stat status {};
    const Place place = placeOf(descriptor);
    if (place.watched && ::syscall(SYS_fstat, descriptor, &status) == 0) {
        recordTruncate(place.file, status.st_size);
        recordRange(descriptor, place.file, 0, status.st_size);
    }
}

bool isWatched(std::FILE* stream)
{
    const int descriptor = stream == nullptr ? -1 : ::fileno(stream);
    const int flags = descriptor < 0 ? 0 : ::fcntl(descriptor, F_GETFL);
    return descriptor >= 0 && (flags & O_ACCMODE) != O_RDONLY && placeOf(descriptor).watched;
}

} // namespace

extern "C" {

#define POWERCUT_OPEN(name)                                                                        \
    int name(const char* path, int flags, ...)                                                     \
    {                                                                                              \
        std::va_list arguments;                                                                    \
        va_start(arguments, flags);                                                                \
        const mode_t mode = modeOf(flags, arguments);                                              \
        va_end(arguments);                                                                         \
        return openAny(AT_FDCWD, path, flags, mode);                                               \
    }
#define POWERCUT_OPENAT(name)                                                                      \
    int name(int folder, const char* path, int flags, ...)                                         \
    {                                                                                              \
        std::va_list arguments;                                                                    \
        va_start(arguments, flags);                                                                \
        const mode_t mode = modeOf(flags, arguments);                                              \
        va_end(arguments);                                                                         \
        return openAny(folder, path, flags, mode);                                                 \
    }
POWERCUT_OPEN(open)
POWERCUT_OPEN(open64)
POWERCUT_OPENAT(openat)
POWERCUT_OPENAT(openat64)

// What programs call that were compiled with _FORTIFY_SOURCE.
int __open_2(const char* path, int flags)
{
    return openAny(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char* path, int flags)
{
    return openAny(AT_FDCWD, path, flags, 0);
}

int __openat_2(int folder, const char* path, int flags)
{
    return openAny(folder, path, flags, 0);
}

int __openat64_2(int folder, const char* path, int flags)
{
    return openAny(folder, path, flags, 0);
}

int creat(const char* path, mode_t mode)
{
    return openAny(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int creat64(const char* path, mode_t mode)
{
    return creat(path, mode);
}

int mkstemp(char* form)
{
    return makeTemporary(form, 0, 0);
}

int mkstemp64(char* form)
{
    return makeTemporary(form, 0, 0);
}

int mkostemp(char* form, int flags)
{
    return makeTemporary(form, 0, flags);
}

int mkostemp64(char* form, int flags)
{
    return makeTemporary(form, 0, flags);
}

int mkstemps(char* form, int suffix)
{
    return makeTemporary(form, suffix, 0);
}

int mkstemps64(char* form, int suffix)
{
    return makeTemporary(form, suffix, 0);
}

int mkostemps(char* form, int suffix, int flags)
{
    return makeTemporary(form, suffix, flags);
}

int mkostemps64(char* form, int suffix, int flags)
{
    return makeTemporary(form, suffix, flags);
}

int unlink(const char* path) noexcept
{
    return removeAny(AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char* path, int flags) noexcept
{
    return removeAny(folder, path, flags);
}

int rmdir(const char* path) noexcept
{
    return removeAny(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char* path) noexcept
{
    const int done = removeAny(AT_FDCWD, path, 0);
    return done != 0 && errno == EISDIR ? removeAny(AT_FDCWD, path, AT_REMOVEDIR) : done;
}

int rename(const char* from, const char* to) noexcept
{
    return renameAny(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept
{
    return renameAny(from_folder, from, to_folder, to, 0);
}

int renameat2(
    int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept
{
    return renameAny(from_folder, from, to_folder, to, flags);
}

int link(const char* from, const char* to) noexcept
{
    return linkAny(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept
{
    return linkAny(from_folder, from, to_folder, to, flags);
}

int mkdir(const char* path, mode_t mode) noexcept
{
    return makeFolder(AT_FDCWD, path, mode);
}

int mkdirat(int folder, const char* path, mode_t mode) noexcept
{
    return makeFolder(folder, path, mode);
}

std::FILE* fopen(const char* path, const char* mode)
{
    static const auto real = reinterpret_cast<OpenStream>(::dlsym(RTLD_NEXT, "fopen")); // NOLINT
    return openStream(path, mode, real);
}

std::FILE* fopen64(const char* path, const char* mode)
{
    static const auto real = reinterpret_cast<OpenStream>(::dlsym(RTLD_NEXT, "fopen64")); // NOLINT
    return openStream(path, mode, real);
}

int fflush(std::FILE* stream)
{
    static const auto real =
        reinterpret_cast<int (*)(std::FILE*)>(::dlsym(RTLD_NEXT, "fflush")); // NOLINT
    if (!isWatched(stream)) {
        return real(stream);
    }
    const Step step;
    const int done = real(stream);
    recordStream(::fileno(stream));
    return done;
}

int fclose(std::FILE* stream)
{
    static const auto real =
        reinterpret_cast<int (*)(std::FILE*)>(::dlsym(RTLD_NEXT, "fclose")); // NOLINT
    if (!isWatched(stream)) {
        return real(stream);
    }
    const Step step;
    const int kept = ::dup(::fileno(stream));
    const int done = real(stream);
    recordStream(kept);
    ::syscall(SYS_close, kept);
    return done;
}

} // extern "C"
