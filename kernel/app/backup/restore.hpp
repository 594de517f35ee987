// Restore: a data folder from a backup, by a program beside a stopped hub. The store's epoch is
// raised above every one that this installation knows of, so no number is given to a provider
// twice; the store begins in quarantine; whoever was erased since stays erased.
#pragma once

#include "app/backup/backup.hpp"

#include <map>
#include <string>

namespace hub::backup {

struct RestoreWish {
    std::filesystem::path from;
    std::filesystem::path persons_from; // empty: the keys that lie in the data folder, if any
    bool replace = false;               // keeps the old data folder aside
    std::string actor;                  // for the audit log
};

struct Restored {
    Manifest manifest;
    std::int64_t epoch = 0;
    std::int64_t erasures = 0;        // persons who stay erased
    bool has_persons = false;         // keys of persons came from somewhere
    std::filesystem::path kept;       // the old data folder; empty: there was none
    std::vector<std::string> secrets; // files that were missing
};

/// `known`: the newest step of each installed library's tables. Throws base::Failure; then the
/// data folder is as it was.
Restored restore(const Source& target,
                 const RestoreWish& wish,
                 const std::map<std::string, std::int64_t>& known,
                 const Progress& progress);

} // namespace hub::backup
