// Blobs, as C++ (ext/blob.h): large content, named by the digest of its bytes.
#pragma once

#include <hub/ext/blob.h>
#include <hub/host.hpp>
#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace hub::blob {

namespace detail {

inline void receive(void* user, hub_bytes bytes) noexcept
{
    static_cast<std::string*>(user)->assign(view(bytes));
}

inline const hub_blob_v1* table(const Host& host) noexcept
{
    return host.extension<hub_blob_v1>(HUB_EXT_BLOB_1);
}

} // namespace detail

/// Writes one blob within a live task; abandoned unless finish() was called.
class Writer {
public:
    /// HUB_UNSUPPORTED: the manifest does not list hub.blob/1.
    static Result<Writer> begin(const Host& host, hub_call_id task)
    {
        const hub_blob_v1* table = detail::table(host);
        hub_blob_writer writer = 0;
        const hub_status status =
            table == nullptr ? HUB_UNSUPPORTED : table->begin(host.context(), task, &writer);
        if (status != HUB_OK) {
            return Error{status, "a blob could not be begun"};
        }
        return Writer(host, writer);
    }

    /// At most 1 MiB.
    Result<void> append(std::string_view bytes) const
    {
        const hub_status status =
            detail::table(host_)->append(host_.context(), writer_, toBytes(bytes));
        if (status != HUB_OK) {
            return Error{status, "a blob could not be written"};
        }
        return {};
    }

    /// Its digest, when it is durable.
    Result<std::string> finish() const
    {
        std::string digest;
        const hub_status status =
            detail::table(host_)->finish(host_.context(), writer_, &detail::receive, &digest);
        if (status != HUB_OK) {
            return Error{status, "a blob could not be made durable"};
        }
        return digest;
    }

private:
    Writer(const Host& host, hub_blob_writer writer)
        : host_(host)
        , writer_(writer)
    {}

    Host host_;
    hub_blob_writer writer_;
};

/// A range; shorter past the end. `unit` is NULL in a task; within a unit at most 64 KiB.
inline Result<std::string> read(const Host& host,
                                hub_unit* unit,
                                std::string_view digest,
                                std::uint64_t offset,
                                std::uint64_t size)
{
    const hub_blob_v1* table = detail::table(host);
    std::string bytes;
    const hub_status status =
        table == nullptr
            ? HUB_UNSUPPORTED
            : table->read(
                  host.context(), unit, toText(digest), offset, size, &detail::receive, &bytes);
    if (status != HUB_OK) {
        return Error{status, "a blob could not be read"};
    }
    return bytes;
}

} // namespace hub::blob
