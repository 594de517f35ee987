// The log that the preloaded library writes and the disk reads: every change of a file below the
// watched folder, in order. A disk can then be cut at its end as often, and as unkindly, as a test
// likes. One writer's and one reader's machine are the same, so numbers are as in memory.
#pragma once

#include <cstdint>

namespace powercut {

/// HUB_POWERCUT_FOLDER: the watched folder, canonical. HUB_POWERCUT_LOG: the log; it must exist.
inline constexpr const char* kFolderVariable = "HUB_POWERCUT_FOLDER";
inline constexpr const char* kLogVariable = "HUB_POWERCUT_LOG";

enum class Kind : std::uint32_t {
    Born,     ///< `file` is a new one, empty, perhaps without a name; `size` is its mode
    Link,     ///< folder `parent` has `name` for `file`
    Unlink,   ///< folder `parent` has `name` no more
    Rename,   ///< `name` of `parent` became `other_name` of `other_parent`
    Write,    ///< `size` bytes follow, they are at `offset`
    Truncate, ///< to `size`
    Sync,     ///< all of `file` so far, a folder's names when it is a folder
    Mapped,   ///< mapped for writing: what is written there nobody sees
};

/// Files and folders are named by their inode. After it come the name, the other name, the bytes.
struct Record {
    Kind kind = Kind::Sync;
    std::uint32_t name_length = 0;
    std::uint32_t other_name_length = 0;
    std::uint32_t padding = 0;
    std::uint64_t file = 0;
    std::uint64_t parent = 0;
    std::uint64_t other_parent = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

} // namespace powercut
