// Files of a backup: copied with their digest, fsynced, and under a temporary name until the whole
// folder is there.
#pragma once

#include "app/backup/manifest.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hub::backup {

/// Size and digest. Throws base::Failure.
File describe(const std::filesystem::path& file, const std::string& name);

/// Copies to a new file of mode 0600, durable on return but for its name. Throws base::Failure.
File copyFile(const std::filesystem::path& from,
              const std::filesystem::path& to,
              const std::string& name);

/// A folder that gets its name when it is whole: `<target>.partial` until commit().
class NewFolder {
public:
    /// Refuses a target that is there and not empty. What an earlier try left of `kept` (a
    /// relative folder) stays, everything else of it is removed.
    NewFolder(std::filesystem::path target, const std::string& kept);

    /// Where to write.
    const std::filesystem::path& path() const noexcept { return partial_; }
    std::filesystem::path folder(const std::string& relative) const;
    void add(const std::filesystem::path& from, const std::string& relative);
    void write(const std::string& relative, std::string_view bytes);
    /// A file that somebody else has written there.
    void note(const std::string& relative);
    const std::vector<File>& files() const noexcept { return files_; }

    /// Everything durable, then the name.
    void commit();

private:
    std::filesystem::path target_;
    std::filesystem::path partial_;
    std::vector<File> files_;
};

/// fsync of a folder and all below it.
void syncTree(const std::filesystem::path& folder);
/// Throws base::Failure; both durable.
void renameDurably(const std::filesystem::path& from, const std::filesystem::path& to);
/// True for one that is not there, too.
bool isEmptyFolder(const std::filesystem::path& folder);

} // namespace hub::backup
