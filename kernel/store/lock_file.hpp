// LockFile: one hub per data folder. The lock is the kernel's and ends with the process, however
// that ends; the pid in the file is for people.
#pragma once

#include "store/files.hpp"

#include <filesystem>

namespace hub::store {

class LockFile {
public:
    /// Throws base::Failure naming the pid of the hub that holds the folder.
    explicit LockFile(const std::filesystem::path& file);

private:
    FileHandle handle_;
};

} // namespace hub::store
