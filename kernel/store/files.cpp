#include "store/files.hpp"

#include "base/exception.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::store {

void FileHandle::reset() noexcept
{
    if (descriptor_ >= 0) {
        ::close(std::exchange(descriptor_, -1));
    }
}

bool writeAll(int descriptor, std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    return true;
}

bool syncFolder(const std::filesystem::path& folder) noexcept
{
    const FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return handle && ::fsync(handle.get()) == 0;
}

void makeFolder(const std::filesystem::path& folder)
{
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) {
        return;
    }
    const std::filesystem::path parent = std::filesystem::absolute(folder).parent_path();
    std::filesystem::create_directories(parent, error);
    const bool made = ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
    if (!made || !syncFolder(parent)) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "{}: {}; the folder must be one that the hub can create and write",
                            folder.string(),
                            std::generic_category().message(errno));
    }
}

} // namespace hub::store
