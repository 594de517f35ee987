// Shelf: copies of the libraries that ran in processes, by their digests, and which of them were
// rolled back. An operator installs a version over the one before; to go back to that one, also
// after a restart, the hub needs it.
#pragma once

#include "plugin/catalogue.hpp"
#include "plugin/manifest.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace hub::plugin {

/// Thread-safe as long as one digest is kept by one thread at a time. Functions throw base::Failure
/// naming the file when the disk fails.
class Shelf {
public:
    explicit Shelf(std::filesystem::path folder)
        : folder_(std::move(folder))
    {}

    /// Copies library and manifest of the installed package, durably, unless they are there.
    /// Answers the folder of the copy. HUB_REJECTED: the library is not the one of its manifest, as
    /// while somebody installs it; nothing is kept then.
    std::filesystem::path keep(const std::filesystem::path& package, const Manifest& manifest);
    /// Removes all copies but these and those that a rejected digest is to be replaced by.
    void prune(const std::set<std::string>& used) const;

    struct Rejection {
        std::string instead; // the digest that runs in its place
        std::string reason;
        std::int64_t time_ms = 0;
    };
    /// This digest was tried and is not started again before it is admitted.
    void reject(const std::string& sha256, const Rejection& rejection);
    /// An operator wants it all the same.
    void admit(const std::string& sha256);
    /// HUB_UNAVAILABLE: the note is damaged.
    Result<std::optional<Rejection>> rejection(const std::string& sha256) const;
    /// The folder of a copy; empty when there is none.
    std::filesystem::path find(const std::string& sha256) const;

private:
    std::filesystem::path folder_;
};

/// Where a hub with these settings keeps its copies.
Shelf shelfOf(const config::Settings& settings);

/// The package itself, or the copy of the version that took its work back. HUB_REJECTED: it was
/// rolled back and that copy is gone.
Result<Package> inUse(const Shelf& shelf, Package installed);

} // namespace hub::plugin
