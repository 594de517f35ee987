#include "store/lock_file.hpp"

#include "base/exception.hpp"

#include <cerrno>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace hub::store {

namespace {

constexpr std::chrono::milliseconds LOCK_RETRY{20};

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

// flock and not fcntl: it belongs to this open file, so that closing another descriptor of the
// same file can't drop it.
bool acquire(int descriptor, std::chrono::milliseconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(LOCK_RETRY);
    }
    return true;
}

} // namespace

LockFile::LockFile(const std::filesystem::path& file, std::chrono::milliseconds patience)
    : handle_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
{
    if (!handle_) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "{}: {}; the hub must be able to write its data folder",
                            file.string(),
                            std::generic_category().message(errno));
    }
    if (!acquire(handle_.get(), patience)) {
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
