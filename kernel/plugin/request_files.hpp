// RequestFiles: the files of one request or command, in memory only and gone with it: what was
// sent, which the task reads as a blob, and what the task writes as blobs, which is sent back.
#pragma once

#include "store/blobs.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace hub::plugin {

using FileBytes = std::shared_ptr<const std::string>;

/// Thread-safe.
class RequestFiles {
public:
    /// `upload` may be null. `download_bytes_max` is 0 where blobs of the task are kept as usual.
    RequestFiles(FileBytes upload, std::size_t download_bytes_max)
        : upload_(std::move(upload))
        , download_bytes_max_(download_bytes_max)
    {}

    const FileBytes& upload() const noexcept { return upload_; }
    bool takesDownloads() const noexcept { return download_bytes_max_ != 0; }
    std::size_t downloadBytesMax() const noexcept { return download_bytes_max_; }
    void keep(const std::string& digest, FileBytes bytes);
    /// What the task wrote; null when nothing has this digest.
    FileBytes find(const std::string& digest) const;

private:
    const FileBytes upload_;
    const std::size_t download_bytes_max_;
    mutable std::mutex mutex_;
    std::map<std::string, FileBytes> written_;
};

/// Writes a blob into `files`; more than it takes is refused (HUB_REJECTED).
std::shared_ptr<store::BlobWriter> writeTo(std::shared_ptr<RequestFiles> files);

} // namespace hub::plugin
