#include "security/durable_file.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/uuid.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::security {

namespace {

[[noreturn]] void fail(const char* step, const std::filesystem::path& file, int error = errno)
{
    throw base::Failure(HUB_UNAVAILABLE,
                        "{}: can't {}: {}",
                        file.string(),
                        step,
                        std::generic_category().message(error));
}

int openOrFail(const std::filesystem::path& file, int flags, const char* step)
{
    const int descriptor = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        fail(step, file);
    }
    return descriptor;
}

void writeAll(int descriptor, std::string_view bytes, const std::filesystem::path& file)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            fail("write it", file);
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

int openFolder(const std::filesystem::path& folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        fail("make the folder", folder);
    }
    return openOrFail(folder, O_RDONLY | O_DIRECTORY, "open the folder");
}

} // namespace

Descriptor::~Descriptor()
{
    if (number_ >= 0) {
        ::close(number_);
    }
}

LockedFolder::LockedFolder(std::filesystem::path folder)
    : folder_(std::move(folder))
    , descriptor_(openFolder(folder_))
{
    while (::flock(descriptor_.get(), LOCK_EX) != 0) {
        if (errno != EINTR) {
            fail("lock the folder", folder_);
        }
    }
}

bool LockedFolder::create(const std::string& name, std::string_view bytes)
{
    const std::filesystem::path beside = folder_ / (".new-" + base::toHex(base::randomBytes(8)));
    {
        const Descriptor file(openOrFail(beside, O_WRONLY | O_CREAT | O_EXCL, "create it"));
        writeAll(file.get(), bytes, beside);
        if (::fsync(file.get()) != 0) {
            fail("make it durable", beside);
        }
    }
    // A link refuses an existing name; a rename would replace it.
    const int linked = ::link(beside.c_str(), (folder_ / name).c_str());
    const int error = errno;
    ::unlink(beside.c_str());
    if (linked != 0 && error != EEXIST) {
        fail("create it", folder_ / name, error);
    }
    sync();
    return linked == 0;
}

void LockedFolder::rename(const std::string& from, const std::string& to)
{
    if (::rename((folder_ / from).c_str(), (folder_ / to).c_str()) != 0) {
        fail("rename it", folder_ / from);
    }
    sync();
}

void LockedFolder::sync()
{
    if (::fsync(descriptor_.get()) != 0) {
        fail("make the folder durable", folder_);
    }
}

std::string readFile(const std::filesystem::path& file)
{
    const Descriptor descriptor(openOrFail(file, O_RDONLY, "open it"));
    std::string bytes;
    std::array<char, 16384> part{};
    for (;;) {
        const ssize_t size = ::read(descriptor.get(), part.data(), part.size());
        if (size == 0) {
            return bytes;
        }
        if (size < 0 && errno != EINTR) {
            fail("read it", file);
        }
        bytes.append(part.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }
}

void appendLine(const std::filesystem::path& file, std::string_view line)
{
    const bool fresh = !std::filesystem::exists(file);
    const Descriptor descriptor(openOrFail(file, O_RDWR | O_CREAT | O_APPEND, "open it"));
    const off_t size = ::lseek(descriptor.get(), 0, SEEK_END);
    char last = '\n';
    if (size > 0 && ::pread(descriptor.get(), &last, 1, size - 1) != 1) {
        fail("read it", file);
    }
    std::string text = last == '\n' ? "" : "\n";
    text += line;
    text += '\n';
    writeAll(descriptor.get(), text, file);
    if (::fsync(descriptor.get()) != 0) {
        fail("make it durable", file);
    }
    if (fresh) {
        const auto folder =
            file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
        const Descriptor parent(openOrFail(folder, O_RDONLY | O_DIRECTORY, "open the folder"));
        if (::fsync(parent.get()) != 0) {
            fail("make the folder durable", folder);
        }
    }
}

} // namespace hub::security
