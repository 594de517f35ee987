#include "app/backup/files.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "store/files.hpp"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::backup {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& file, const char* step, int error = errno)
{
    throw base::Failure(HUB_UNAVAILABLE,
                        "{}: can't {}: {}; look for room on the disk and for the rights of the "
                        "hub's user",
                        file.string(),
                        step,
                        std::generic_category().message(error));
}

class Digest {
public:
    Digest()
        : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
    {
        if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
            throw base::Failure(HUB_INTERNAL, "SHA-256 is not available in OpenSSL");
        }
    }
    void add(std::string_view bytes)
    {
        EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
    }
    std::string hex()
    {
        std::array<unsigned char, 32> raw{};
        EVP_DigestFinal_ex(context_.get(), raw.data(), nullptr);
        return base::toHex({reinterpret_cast<const char*>(raw.data()), raw.size()}); // NOLINT
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// Reads to the end; each part goes to `take`.
template <typename Take>
File readThrough(const fs::path& file, const std::string& name, Take&& take)
{
    const store::FileHandle handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!handle) {
        fail(file, "read it");
    }
    Digest digest;
    File found{name, 0, ""};
    std::vector<char> part(std::size_t{256} * 1024);
    for (;;) {
        const ssize_t size = ::read(handle.get(), part.data(), part.size());
        if (size < 0 && errno != EINTR) {
            fail(file, "read it");
        }
        if (size == 0) {
            found.sha256 = digest.hex();
            return found;
        }
        const std::string_view bytes(part.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        digest.add(bytes);
        take(bytes);
        found.bytes += bytes.size();
    }
}

store::FileHandle createFile(const fs::path& file)
{
    store::FileHandle handle(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!handle) {
        fail(file, "create it");
    }
    return handle;
}

void removeAllBut(const fs::path& folder, const std::string& kept)
{
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().filename() != kept) {
            fs::remove_all(entry.path());
        }
    }
}

} // namespace

File describe(const fs::path& file, const std::string& name)
{
    return readThrough(file, name, [](std::string_view) {});
}

File copyFile(const fs::path& from, const fs::path& to, const std::string& name)
{
    const store::FileHandle target = createFile(to);
    const File copied = readThrough(from, name, [&](std::string_view bytes) {
        if (!store::writeAll(target.get(), bytes)) {
            fail(to, "write it");
        }
    });
    if (::fsync(target.get()) != 0) {
        fail(to, "make it durable");
    }
    return copied;
}

bool isEmptyFolder(const fs::path& folder)
{
    return !fs::exists(folder) || (fs::is_directory(folder) && fs::is_empty(folder));
}

void syncTree(const fs::path& folder)
{
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_directory() && !store::syncFolder(entry.path())) {
            fail(entry.path(), "make the folder durable");
        }
    }
    if (!store::syncFolder(folder)) {
        fail(folder, "make the folder durable");
    }
}

void renameDurably(const fs::path& from, const fs::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0) {
        fail(from, "give it its name");
    }
    if (!store::syncFolder(fs::absolute(to).parent_path())) {
        fail(to, "make its name durable");
    }
}

NewFolder::NewFolder(fs::path target, const std::string& kept)
    : target_(std::move(target))
    , partial_(target_.string() + ".partial")
{
    if (!isEmptyFolder(target_)) {
        throw base::Failure(HUB_ALREADY_DONE,
                            "{}: something is there already; name a folder that is not there or "
                            "is empty",
                            target_.string());
    }
    store::makeFolder(partial_);
    removeAllBut(partial_, kept);
}

fs::path NewFolder::folder(const std::string& relative) const
{
    const fs::path made = partial_ / relative;
    store::makeFolder(made);
    return made;
}

void NewFolder::add(const fs::path& from, const std::string& relative)
{
    files_.push_back(copyFile(from, partial_ / relative, relative));
}

void NewFolder::write(const std::string& relative, std::string_view bytes)
{
    const fs::path file = partial_ / relative;
    const store::FileHandle handle = createFile(file);
    if (!store::writeAll(handle.get(), bytes)) {
        fail(file, "write it");
    }
    if (::fsync(handle.get()) != 0) {
        fail(file, "make it durable");
    }
    files_.push_back({relative, bytes.size(), base::sha256Hex(bytes)});
}

void NewFolder::note(const std::string& relative)
{
    files_.push_back(describe(partial_ / relative, relative));
}

void NewFolder::commit()
{
    syncTree(partial_);
    renameDurably(partial_, target_);
}

} // namespace hub::backup
