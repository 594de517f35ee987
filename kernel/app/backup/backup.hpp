// Backup: a whole copy of a hub's store in one folder, made while the hub works or while it is
// stopped, and the keys of persons in another, which is kept for a shorter time.
#pragma once

#include "app/backup/manifest.hpp"
#include "config/settings.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace hub::backup {

/// In the data folder: what is outside the database.
inline constexpr const char* kAnchorFile = "audit.anchor";
/// How long the keys of persons may be kept: after that an erasure must hold in every backup.
inline constexpr std::int64_t kPersonsKeptMs = std::int64_t{30} * 24 * 3600 * 1000;

using Progress = std::function<void(const std::string&)>;

struct Wish {
    std::filesystem::path to;
    std::filesystem::path persons_to; // empty: persons' keys are not backed up
};

struct Source {
    const config::Settings& settings;
    store::Settings store;
    std::string program; // version
    std::int64_t now_ms = 0;
};

/// Throws base::Failure; then nothing has the wished name. One at a time.
Manifest make(const Source& source, const Wish& wish, const Progress& progress);

} // namespace hub::backup
