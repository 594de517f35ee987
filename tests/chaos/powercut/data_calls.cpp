// The calls that change what is in a file, or make it durable. A sync is recorded and not made:
// the log is the disk here, and a run has thousands of them.

#include "recorder.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

using namespace powercut;

off_t position(int descriptor)
{
    return static_cast<off_t>(::syscall(SYS_lseek, descriptor, 0, SEEK_CUR));
}

/// After `written` bytes went to where the descriptor stood, or to the end with O_APPEND: either
/// way it now stands behind them.
void recordBehind(int descriptor, const Place& place, ssize_t written)
{
    if (written > 0) {
        recordRange(descriptor, place.file, position(descriptor) - written, written);
    }
}

ssize_t writeAt(int descriptor, const void* bytes, size_t size, off_t offset)
{
    const auto real = [&] {
        return static_cast<ssize_t>(::syscall(SYS_pwrite64, descriptor, bytes, size, offset));
    };
    const Place place = placeOf(descriptor);
    if (!place.watched) {
        return real();
    }
    const Step step;
    const ssize_t written = real();
    if (written > 0) {
        recordWrite(place.file, offset, bytes, static_cast<std::size_t>(written));
    }
    return written;
}

ssize_t writePartsAt(int descriptor, const iovec* parts, int count, off_t offset, int flags)
{
    const auto real = [&] {
        return static_cast<ssize_t>(
            ::syscall(SYS_pwritev2, descriptor, parts, count, offset, 0L, flags));
    };
    const Place place = placeOf(descriptor);
    if (!place.watched) {
        return real();
    }
    const Step step;
    const ssize_t written = real();
    if (offset == -1) {
        recordBehind(descriptor, place, written);
    } else if (written > 0) {
        recordRange(descriptor, place.file, offset, written);
    }
    return written;
}

int sync(long number, int descriptor)
{
    const Place place = placeOf(descriptor);
    if (!place.watched) {
        return static_cast<int>(::syscall(number, descriptor));
    }
    const Step step;
    recordSync(place.file);
    return 0;
}

int truncateOpen(int descriptor, off_t size)
{
    const Place place = placeOf(descriptor);
    if (!place.watched) {
        return static_cast<int>(::syscall(SYS_ftruncate, descriptor, size));
    }
    const Step step;
    const auto done = static_cast<int>(::syscall(SYS_ftruncate, descriptor, size));
    if (done == 0) {
        recordTruncate(place.file, size);
    }
    return done;
}

int allocate(int descriptor, int mode, off_t offset, off_t size)
{
    const auto real = [&] {
        return static_cast<int>(::syscall(SYS_fallocate, descriptor, mode, offset, size));
    };
    const Place place = placeOf(descriptor);
    if (!place.watched) {
        return real();
    }
    const Step step;
    const int done = real();
    struct stat status {};
    if (done == 0 && ::syscall(SYS_fstat, descriptor, &status) == 0) {
        recordTruncate(place.file, status.st_size);
        if (mode != 0) { // holes and zeros
            recordRange(descriptor, place.file, 0, status.st_size);
        }
    }
    return done;
}

template <typename Call>
ssize_t copy(int out, const off64_t* out_offset, Call&& real)
{
    const Place place = placeOf(out);
    if (!place.watched) {
        return real();
    }
    const Step step;
    const ssize_t written = real();
    if (out_offset == nullptr) {
        recordBehind(out, place, written);
    } else if (written > 0) {
        recordRange(out, place.file, *out_offset - written, written);
    }
    return written;
}

void* map(void* address, size_t size, int protection, int flags, int descriptor, off_t offset)
{
    const bool is_shared = (flags & MAP_TYPE) != MAP_PRIVATE && (flags & MAP_ANONYMOUS) == 0;
    const bool writes = is_shared && (protection & PROT_WRITE) != 0;
    const Place place = writes ? placeOf(descriptor) : Place{};
    if (place.watched) {
        const Step step;
        recordMapped(place.file);
    }
    return reinterpret_cast<void*>(
        ::syscall(SYS_mmap, address, size, protection, flags, descriptor, offset)); // NOLINT
}

} // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size)
{
    const Place place = placeOf(descriptor);
    if (!place.watched) {
        return static_cast<ssize_t>(::syscall(SYS_write, descriptor, bytes, size));
    }
    const Step step;
    const auto written = static_cast<ssize_t>(::syscall(SYS_write, descriptor, bytes, size));
    if (written > 0) {
        recordWrite(
            place.file, position(descriptor) - written, bytes, static_cast<std::size_t>(written));
    }
    return written;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset)
{
    return writeAt(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset)
{
    return writeAt(descriptor, bytes, size, offset);
}

ssize_t writev(int descriptor, const iovec* parts, int count)
{
    return writePartsAt(descriptor, parts, count, -1, 0);
}

ssize_t pwritev(int descriptor, const iovec* parts, int count, off_t offset)
{
    return writePartsAt(descriptor, parts, count, offset, 0);
}

ssize_t pwritev64(int descriptor, const iovec* parts, int count, off64_t offset)
{
    return writePartsAt(descriptor, parts, count, offset, 0);
}

ssize_t pwritev2(int descriptor, const iovec* parts, int count, off_t offset, int flags)
{
    return writePartsAt(descriptor, parts, count, offset, flags);
}

ssize_t pwritev64v2(int descriptor, const iovec* parts, int count, off64_t offset, int flags)
{
    return writePartsAt(descriptor, parts, count, offset, flags);
}

int fsync(int descriptor)
{
    return sync(SYS_fsync, descriptor);
}

int fdatasync(int descriptor)
{
    return sync(SYS_fdatasync, descriptor);
}

int ftruncate(int descriptor, off_t size) noexcept
{
    return truncateOpen(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) noexcept
{
    return truncateOpen(descriptor, size);
}

int truncate(const char* path, off_t size) noexcept
{
    const Place place = placeOf(AT_FDCWD, path);
    if (!place.watched) {
        return static_cast<int>(::syscall(SYS_truncate, path, size));
    }
    const Step step;
    const auto done = static_cast<int>(::syscall(SYS_truncate, path, size));
    if (done == 0) {
        recordTruncate(place.file, size);
    }
    return done;
}

int truncate64(const char* path, off64_t size) noexcept
{
    return truncate(path, size);
}

int fallocate(int descriptor, int mode, off_t offset, off_t size)
{
    return allocate(descriptor, mode, offset, size);
}

int fallocate64(int descriptor, int mode, off64_t offset, off64_t size)
{
    return allocate(descriptor, mode, offset, size);
}

int posix_fallocate(int descriptor, off_t offset, off_t size)
{
    return allocate(descriptor, 0, offset, size) == 0 ? 0 : errno;
}

int posix_fallocate64(int descriptor, off64_t offset, off64_t size)
{
    return posix_fallocate(descriptor, offset, size);
}

ssize_t copy_file_range(
    int in, off64_t* in_offset, int out, off64_t* out_offset, size_t size, unsigned flags)
{
    return copy(out, out_offset, [&] {
        return static_cast<ssize_t>(
            ::syscall(SYS_copy_file_range, in, in_offset, out, out_offset, size, flags));
    });
}

ssize_t sendfile(int out, int in, off_t* in_offset, size_t size) noexcept
{
    return copy(out, nullptr, [&] {
        return static_cast<ssize_t>(::syscall(SYS_sendfile, out, in, in_offset, size));
    });
}

ssize_t sendfile64(int out, int in, off64_t* in_offset, size_t size) noexcept
{
    return sendfile(out, in, in_offset, size);
}

void* mmap(
    void* address, size_t size, int protection, int flags, int descriptor, off_t offset) noexcept
{
    return map(address, size, protection, flags, descriptor, offset);
}

void* mmap64(
    void* address, size_t size, int protection, int flags, int descriptor, off64_t offset) noexcept
{
    return map(address, size, protection, flags, descriptor, offset);
}

} // extern "C"
