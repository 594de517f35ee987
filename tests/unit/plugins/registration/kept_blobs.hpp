// A host whose tasks can write blobs, which the fake hub refuses: for what a task does with a file.
#pragma once

#include <hub/ext/blob.h>
#include <hub/host.hpp>
#include <hub/testing/plugin_fake.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace registration::test {

class KeptBlobs {
public:
    hub::Host host() { return {reinterpret_cast<hub_context*>(this), api()}; }

    /// By name; a test may put and change them.
    std::map<std::string, std::string> contents;
    /// The task that blobs were written for.
    hub_call_id task = 0;
    bool is_full = false;

private:
    static KeptBlobs& self(hub_context* context) noexcept
    {
        return *reinterpret_cast<KeptBlobs*>(context);
    }

    static const hub_host_api* api() noexcept
    {
        static const hub_host_api kApi = {sizeof(hub_host_api),
                                          HUB_ABI_MAJOR,
                                          HUB_ABI_MINOR,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          &KeptBlobs::onGetExtension};
        return &kApi;
    }

    static const void* onGetExtension(hub_context*, const char* id) noexcept
    {
        static const hub_blob_v1 kBlobs = {sizeof(hub_blob_v1),
                                           0,
                                           &KeptBlobs::onBegin,
                                           &KeptBlobs::onAppend,
                                           &KeptBlobs::onFinish,
                                           &KeptBlobs::onRead,
                                           &KeptBlobs::onSize};
        return std::string_view{id} == HUB_EXT_BLOB_1 ? &kBlobs : nullptr;
    }

    static hub_status
    onBegin(hub_context* context, hub_call_id task, hub_blob_writer* writer) noexcept
    {
        self(context).task = task;
        self(context).written_.clear();
        *writer = 1;
        return HUB_OK;
    }

    static hub_status onAppend(hub_context* context, hub_blob_writer, hub_bytes bytes) noexcept
    {
        KeptBlobs& blobs = self(context);
        if (blobs.is_full || bytes.size > HUB_PAYLOAD_BYTES_MAX) {
            return HUB_UNAVAILABLE;
        }
        blobs.written_ += hub::view(bytes);
        return HUB_OK;
    }

    static hub_status
    onFinish(hub_context* context, hub_blob_writer, hub_bytes_fn digest, void* user) noexcept
    {
        KeptBlobs& blobs = self(context);
        const std::string name = "blob-" + std::to_string(blobs.contents.size() + 1);
        blobs.contents[name] = blobs.written_;
        digest(user, hub::toBytes(name));
        return HUB_OK;
    }

    static hub_status onRead(hub_context* context,
                             hub_unit*,
                             hub_text digest,
                             std::uint64_t offset,
                             std::uint64_t size,
                             hub_bytes_fn bytes,
                             void* user) noexcept
    {
        const auto& contents = self(context).contents;
        const auto found = contents.find(std::string{hub::view(digest)});
        if (found == contents.end()) {
            return HUB_NOT_FOUND;
        }
        const std::string& content = found->second;
        bytes(user,
              hub::toBytes(content.substr(std::min<std::size_t>(offset, content.size()), size)));
        return HUB_OK;
    }

    static hub_status onSize(hub_context* context, hub_text digest, std::uint64_t* size) noexcept
    {
        const auto& contents = self(context).contents;
        const auto found = contents.find(std::string{hub::view(digest)});
        if (found == contents.end()) {
            return HUB_NOT_FOUND;
        }
        *size = found->second.size();
        return HUB_OK;
    }

    std::string written_;
};

} // namespace registration::test
