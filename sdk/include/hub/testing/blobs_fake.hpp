// BlobsFake: hub.blob/1 for plugins under test: blobs that a test put there can be read. Writing is
// refused: it belongs to tasks, which run against the hub itself.
#pragma once

#include <hub/event.hpp>
#include <hub/ext/blob.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>

namespace hub::testing {

class BlobsFake {
public:
    /// Its name: 64 hex digits, but no digest; nothing here checks one.
    std::string add(std::string content)
    {
        char name[65] = {};
        std::snprintf(name, sizeof name, "%064zx", contents_.size() + 1);
        contents_.emplace(name, std::move(content));
        return name;
    }

    hub_status read(const std::string& name,
                    std::uint64_t offset,
                    std::uint64_t size,
                    hub_bytes_fn bytes,
                    void* user) const
    {
        const auto found = contents_.find(name);
        if (found == contents_.end()) {
            return HUB_NOT_FOUND;
        }
        const std::size_t begin = std::min<std::size_t>(offset, found->second.size());
        bytes(user, toBytes(found->second.substr(begin, size)));
        return HUB_OK;
    }

    hub_status size(const std::string& name, std::uint64_t* size) const
    {
        const auto found = contents_.find(name);
        if (found == contents_.end()) {
            return HUB_NOT_FOUND;
        }
        *size = found->second.size();
        return HUB_OK;
    }

private:
    std::map<std::string, std::string> contents_;
};

} // namespace hub::testing
