#include "store/blobs.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "store/files.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::store {

namespace {

constexpr const char* kUnfinished = "unfinished";

Error failed(const std::filesystem::path& file, const char* what)
{
    return Error{HUB_UNAVAILABLE,
                 fmt::format("{}: {}: {}; check the space and the rights of the blobs' folder",
                             file.string(),
                             what,
                             std::generic_category().message(errno))};
}

bool isDigest(std::string_view text)
{
    constexpr std::size_t kDigits = 64;
    return text.size() == kDigits && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

/// `ab/cdef…`
std::filesystem::path relativePath(std::string_view digest)
{
    return std::filesystem::path(digest.substr(0, 2)) / digest.substr(2);
}

class FileBlobWriter final : public BlobWriter {
public:
    explicit FileBlobWriter(const std::filesystem::path& folder)
        : folder_(folder)
        , temporary_(folder / kUnfinished / base::toHex(base::randomBytes(16)))
        , digest_(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
        , file_(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400))
    {
        if (!file_) {
            throw base::Failure(
                HUB_UNAVAILABLE, "{}", failed(temporary_, "a blob can't be begun").message);
        }
        if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) != 1) {
            ::unlink(temporary_.c_str());
            throw base::Failure(HUB_INTERNAL, "SHA-256 is not available in OpenSSL");
        }
    }

    ~FileBlobWriter() override { abandon(); }

    Result<void> append(std::string_view bytes) override
    {
        if (!file_) {
            return Error{HUB_BAD_REQUEST, "the blob is finished or abandoned; begin a new one"};
        }
        if (!writeAll(file_.get(), bytes)) {
            return abandon(failed(temporary_, "writing a blob failed"));
        }
        EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size());
        return {};
    }

    Result<std::string> finish() override
    {
        if (!file_) {
            return Error{HUB_BAD_REQUEST, "the blob is finished or abandoned; begin a new one"};
        }
        if (::fsync(file_.get()) != 0) {
            return abandon(failed(temporary_, "fsync of a blob failed"));
        }
        std::string raw(32, '\0');
        EVP_DigestFinal_ex(
            digest_.get(), reinterpret_cast<unsigned char*>(raw.data()), nullptr); // NOLINT
        std::string digest = base::toHex(raw);
        const std::filesystem::path target = folder_ / relativePath(digest);
        const std::filesystem::path parent = target.parent_path();
        const bool made = ::mkdir(parent.c_str(), 0700) == 0;
        if ((!made && errno != EEXIST) || (made && !syncFolder(folder_))) {
            return abandon(failed(parent, "a blob's folder can't be made"));
        }
        // Renaming over the same content changes nothing but makes this copy the durable one.
        if (::rename(temporary_.c_str(), target.c_str()) != 0) {
            return abandon(failed(target, "a blob can't get its name"));
        }
        file_.reset();
        if (!syncFolder(parent)) {
            return failed(parent, "fsync of a blob's folder failed");
        }
        return digest;
    }

private:
    void abandon() noexcept
    {
        if (file_) {
            file_.reset();
            ::unlink(temporary_.c_str());
        }
    }

    Error abandon(Error error)
    {
        abandon();
        return error;
    }

    std::filesystem::path folder_;
    std::filesystem::path temporary_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest_;
    FileHandle file_;
};

struct OpenBlob {
    FileHandle file;
    std::uint64_t bytes = 0;
};

Result<OpenBlob> openBlob(const std::filesystem::path& folder, std::string_view digest)
{
    if (!isDigest(digest)) {
        return Error{
            HUB_BAD_REQUEST,
            fmt::format("blob \"{}\": expected 64 lower-case hex digits", digest.substr(0, 80))};
    }
    const std::filesystem::path path = folder / relativePath(digest);
    OpenBlob blob{FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), 0};
    struct stat status {};
    if (!blob.file && errno == ENOENT) {
        return Error{HUB_NOT_FOUND, fmt::format("blob {}: there is none", digest)};
    }
    if (!blob.file || ::fstat(blob.file.get(), &status) != 0) {
        return failed(path, "a blob can't be opened");
    }
    blob.bytes = static_cast<std::uint64_t>(status.st_size);
    return blob;
}

} // namespace

Blobs::Blobs(std::filesystem::path folder)
    : folder_(std::move(folder))
{
    makeFolder(folder_);
    makeFolder(folder_ / kUnfinished);
}

std::unique_ptr<BlobWriter> Blobs::begin()
{
    return std::make_unique<FileBlobWriter>(folder_);
}

Result<std::string>
Blobs::read(std::string_view digest, std::uint64_t offset, std::uint64_t size) const
{
    Result<OpenBlob> blob = openBlob(folder_, digest);
    if (!blob) {
        return blob.error();
    }
    const std::uint64_t begin = std::min(offset, blob.value().bytes);
    std::string bytes(std::min(size, blob.value().bytes - begin), '\0');
    std::size_t got = 0;
    while (got < bytes.size()) {
        const ssize_t count = ::pread(blob.value().file.get(),
                                      bytes.data() + got,
                                      bytes.size() - got,
                                      static_cast<off_t>(begin + got));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return failed(folder_ / relativePath(digest), "a blob can't be read");
        }
        got += static_cast<std::size_t>(count);
    }
    return bytes;
}

Result<std::uint64_t> Blobs::size(std::string_view digest) const
{
    Result<OpenBlob> blob = openBlob(folder_, digest);
    if (!blob) {
        return blob.error();
    }
    return blob.value().bytes;
}

void Blobs::removeAbandoned()
{
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / kUnfinished)) {
        std::error_code error;
        std::filesystem::remove(entry.path(), error);
    }
}

} // namespace hub::store
