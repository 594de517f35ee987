#include "store/lock_file.hpp"

#include "base/exception.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace hub::store {

namespace {

std::string readHolder(int descriptor)
{
    char text[32] = {};
    const ssize_t size = ::pread(descriptor, text, sizeof text - 1, 0);
    std::string holder(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!holder.empty() && holder.back() == '\n') {
        holder.pop_back();
    }
    return holder.empty() ? "that is just starting" : holder;
}

} // namespace

LockFile::LockFile(const std::filesystem::path& file)
    : handle_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
{
    if (!handle_) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "{}: {}; the hub must be able to write its data folder",
                            file.string(),
                            std::generic_category().message(errno));
    }
    // flock and not fcntl: it belongs to this open file, so that closing another descriptor of
    // the same file can't drop it.
    if (::flock(handle_.get(), LOCK_EX | LOCK_NB) != 0) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "{}: held by another hub, process {}; stop it first or give this one "
                            "its own data folder",
                            file.string(),
                            readHolder(handle_.get()));
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(handle_.get(), 0) != 0 || !writeAll(handle_.get(), pid)) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "{}: the pid can't be written: {}; free some space in the data folder",
                            file.string(),
                            std::generic_category().message(errno));
    }
}

} // namespace hub::store
