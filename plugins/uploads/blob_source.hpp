// A file that lies in the hub's blobs, as a ByteSource: jobs read their input so.
#pragma once

#include "uploads/byte_source.hpp"

#include <hub/blob.hpp>

#include <string>

namespace uploads {

/// Lives no longer than the unit, or the task, that it is made in.
class BlobSource final : public ByteSource {
public:
    /// `unit` is NULL in a task. HUB_NOT_FOUND: no such blob · HUB_UNSUPPORTED: the manifest does
    /// not list hub.blob/1.
    static hub::Result<BlobSource> open(const hub::Host& host, hub_unit* unit, std::string digest)
    {
        const hub_blob_v1* table = hub::blob::detail::table(host);
        std::uint64_t size = 0;
        const hub_status status = table == nullptr
                                      ? HUB_UNSUPPORTED
                                      : table->size(host.context(), hub::toText(digest), &size);
        if (status != HUB_OK) {
            return hub::Error{status, "an uploaded file could not be found"};
        }
        return BlobSource(host, unit, std::move(digest), size);
    }

    std::uint64_t size() const override { return size_; }

    hub::Result<std::string> read(std::uint64_t offset, std::uint64_t size) const override
    {
        return hub::blob::read(host_, unit_, digest_, offset, size);
    }

private:
    BlobSource(const hub::Host& host, hub_unit* unit, std::string digest, std::uint64_t size)
        : host_(host)
        , unit_(unit)
        , digest_(std::move(digest))
        , size_(size)
    {}

    hub::Host host_;
    hub_unit* unit_;
    std::string digest_;
    std::uint64_t size_;
};

} // namespace uploads
