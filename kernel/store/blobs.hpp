// Blobs: content-addressed files `ab/cdef…` in a folder of their own, written to a temporary name,
// fsynced (file and folder), then renamed. Never changed afterwards. Thread-safe.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace hub::store {

class BlobWriter {
public:
    virtual ~BlobWriter() = default; // abandons what is not finished
    virtual Result<void> append(std::string_view bytes) = 0;
    /// 64 hex digits, after the bytes are durable under that name.
    virtual Result<std::string> finish() = 0;
};

class Blobs {
public:
    /// Creates the folder (0700), for instance <data folder>/blobs.
    explicit Blobs(std::filesystem::path folder);

    /// Throws base::Failure when no file can be made.
    std::unique_ptr<BlobWriter> begin();
    /// HUB_NOT_FOUND; past the end the range is shorter. A digest that is no digest is refused.
    Result<std::string>
    read(std::string_view digest, std::uint64_t offset, std::uint64_t size) const;
    Result<std::uint64_t> size(std::string_view digest) const;
    /// Removes temporary files of a run that ended without finishing them; at start only.
    void removeAbandoned();

private:
    std::filesystem::path folder_;
};

} // namespace hub::store
