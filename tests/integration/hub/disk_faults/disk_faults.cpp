// Preloaded into a hub: its disk is full, read-only or slow, or fails to sync, when the test says
// so.
//
// HUB_DISK_FOLDER   files below it are concerned
// HUB_DISK_FAULT    a file that says "full" or "readonly" (writes fail with ENOSPC or EROFS as long
//                   as it is there), "slow" (each sync takes 50 ms longer) or "sync" (the next sync
//                   fails with EIO and removes the file: once, as disks do)

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

template <typename Function>
Function next(const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

constexpr timespec kSlow{0, 50'000'000};

bool says(const char* word)
{
    const char* file = std::getenv("HUB_DISK_FAULT");
    const int descriptor = file == nullptr ? -1 : ::open(file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    char text[16] = {};
    const ssize_t got = ::read(descriptor, text, sizeof text - 1);
    ::close(descriptor);
    return got > 0 && std::strcmp(text, word) == 0;
}

bool isConcerned(int descriptor)
{
    const char* folder = std::getenv("HUB_DISK_FOLDER");
    char link[64];
    char path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t size = ::readlink(link, path, sizeof path - 1);
    if (folder == nullptr || size <= 0) {
        return false;
    }
    path[size] = 0;
    return std::strncmp(path, folder, std::strlen(folder)) == 0;
}

bool refusesWrites(int descriptor)
{
    const int kept = errno;
    const int fault = says("full") ? ENOSPC : says("readonly") ? EROFS : 0;
    const bool refused = fault != 0 && isConcerned(descriptor);
    errno = refused ? fault : kept;
    return refused;
}

void delaySync(int descriptor)
{
    const int kept = errno;
    if (says("slow") && isConcerned(descriptor)) {
        ::nanosleep(&kSlow, nullptr);
    }
    errno = kept;
}

bool failsToSync(int descriptor)
{
    const int kept = errno;
    const bool fails =
        says("sync") && isConcerned(descriptor) && ::unlink(std::getenv("HUB_DISK_FAULT")) == 0;
    errno = fails ? EIO : kept;
    return fails;
}

} // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size)
{
    static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
    return refusesWrites(descriptor) ? -1 : real(descriptor, bytes, size);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset)
{
    static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
    return refusesWrites(descriptor) ? -1 : real(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset)
{
    static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    return refusesWrites(descriptor) ? -1 : real(descriptor, bytes, size, offset);
}

int fsync(int descriptor)
{
    static const auto real = next<int (*)(int)>("fsync");
    delaySync(descriptor);
    return failsToSync(descriptor) ? -1 : real(descriptor);
}

int fdatasync(int descriptor)
{
    static const auto real = next<int (*)(int)>("fdatasync");
    delaySync(descriptor);
    return failsToSync(descriptor) ? -1 : real(descriptor);
}

} // extern "C"
