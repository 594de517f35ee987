// The side of the preloaded library that writes the log. The real calls are made as system calls:
// nothing here can end up in itself, whatever else is preloaded.
#pragma once

#include "record.hpp"

#include <string>

#include <sys/stat.h>
#include <sys/types.h>

namespace powercut {

/// One change and its record are one step: nobody else changes or records meanwhile, and whoever
/// holds a lock on the log (flock) finds both or neither when the process is killed. Keeps errno.
class Step {
public:
    Step();
    ~Step();
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
};

/// What a descriptor or path means to the log; `watched` is false for all that lies elsewhere.
struct Place {
    bool watched = false;
    bool is_folder = false;
    std::uint64_t file = 0;   ///< 0: no such file
    std::uint64_t parent = 0; ///< only of paths
    std::string name;         ///< only of paths
};

Place placeOf(int descriptor);
/// As openat and its kin take it; a symbolic link is taken for itself.
Place placeOf(int folder, const char* path);

/// All within a Step.
void recordBorn(std::uint64_t file, mode_t mode, bool is_folder);
void recordLink(const Place& place);
void recordUnlink(const Place& place);
void recordRename(const Place& from, const Place& to);
void recordWrite(std::uint64_t file, off_t offset, const void* bytes, std::size_t size);
/// For bytes that did not come through this process: reads them from the file.
void recordRange(int descriptor, std::uint64_t file, off_t offset, off_t size);
void recordTruncate(std::uint64_t file, off_t size);
void recordSync(std::uint64_t file);
void recordMapped(std::uint64_t file);

} // namespace powercut
