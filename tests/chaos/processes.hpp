// Processes: run a program to its end, keep one in the background, find and kill those of the hub.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace chaos {

struct Ended {
    int code = 0; ///< exit code; 128 + signal when killed
    std::string output;
};

/// Runs to the end; stdout is captured, stderr passes through. Throws when it can't be started.
Ended run(const std::vector<std::string>& command);

/// A background process that ends with this object, or with this process however that dies.
class Background {
public:
    Background(const std::vector<std::string>& command, const std::filesystem::path& output);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    pid_t pid() const noexcept { return pid_; }
    bool hasEnded() noexcept;
    /// SIGTERM, and SIGKILL to what does not obey.
    void stop() noexcept;

private:
    pid_t pid_ = -1;
};

std::vector<pid_t> childrenOf(pid_t parent);
/// A filter of system calls is in force there.
bool isConfined(pid_t pid);
bool isAlive(pid_t pid);

} // namespace chaos
