// Durable steps on files, for the data folder and the blobs.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

namespace hub::store {

/// An open file, closed at the end of the scope.
class FileHandle {
public:
    FileHandle() = default;
    explicit FileHandle(int descriptor) noexcept
        : descriptor_(descriptor)
    {}
    ~FileHandle() { reset(); }
    FileHandle(FileHandle&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1))
    {}
    FileHandle& operator=(FileHandle&&) = delete;

    int get() const noexcept { return descriptor_; }
    explicit operator bool() const noexcept { return descriptor_ >= 0; }
    void reset() noexcept;

private:
    int descriptor_ = -1;
};

/// False with errno set when a byte could not be written.
bool writeAll(int descriptor, std::string_view bytes) noexcept;

/// Makes names in a folder durable. False with errno set.
bool syncFolder(const std::filesystem::path& folder) noexcept;

/// Creates a folder (0700) with its parents and makes its name durable. Throws base::Failure.
void makeFolder(const std::filesystem::path& folder);

} // namespace hub::store
