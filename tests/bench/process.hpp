// Process: what the kernel of the machine knows about memory and processor time of a process.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace bench {

/// Of the running process, in MB (1,000,000 bytes): all in memory, the highest since resetPeak(),
/// and what is its own alone and in no file.
struct ProcessMemory {
    double rss_mb = 0;
    double peak_mb = 0;
    double anonymous_mb = 0;
};

/// Throws std::runtime_error when there is no such process.
ProcessMemory memoryOf(pid_t pid);
void resetPeak(pid_t pid);
/// Of all its threads, ended ones too.
double processorSeconds(pid_t pid);
std::vector<pid_t> childrenOf(pid_t pid);
/// The library that a plugin host has loaded, "" for other programs.
std::string libraryOf(pid_t pid);

} // namespace bench
