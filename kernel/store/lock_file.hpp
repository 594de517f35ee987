// LockFile: one hub per data folder. The lock is the kernel's and ends with the process, however
// that ends; the pid in the file is for people.
#pragma once

#include "store/files.hpp"

#include <chrono>
#include <filesystem>

namespace hub::store {

class LockFile {
public:
    /// Waits for `patience`, then throws base::Failure naming the pid of the hub that holds the
    /// folder. The lock of a killed hub ends with its last descriptor, and a child that it was
    /// just forking holds one until its exec: a supervisor restarts faster than that.
    explicit LockFile(const std::filesystem::path& file,
                      std::chrono::milliseconds patience = std::chrono::seconds(3));

private:
    FileHandle handle_;
};

} // namespace hub::store
