// Small files that must survive a power cut: written beside, fsynced, put in place in one step,
// the folder fsynced. All throw base::Failure naming the file and the system's reason.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hub::security {

/// An open file descriptor.
class Descriptor {
public:
    explicit Descriptor(int number) noexcept
        : number_(number)
    {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const noexcept { return number_; }

private:
    int number_;
};

/// Holds the folder against other processes that change it, until the end of the scope.
class LockedFolder {
public:
    /// Makes the folder (0700) when it is missing; waits for the lock.
    explicit LockedFolder(std::filesystem::path folder);

    /// A new file of mode 0600; false when the name is taken. Durable on return.
    bool create(const std::string& name, std::string_view bytes);
    /// Durable on return.
    void rename(const std::string& from, const std::string& to);

private:
    void sync();

    std::filesystem::path folder_;
    Descriptor descriptor_;
};

std::string readFile(const std::filesystem::path& file);
/// Appends one line (mode 0600); first ends a line that a crash cut off.
void appendLine(const std::filesystem::path& file, std::string_view line);

} // namespace hub::security
