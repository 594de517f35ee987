// Damage that is there before a start: in the store and the settings. Only copies are
// changed.
#pragma once

#include "installation.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chaos {

struct Damage {
    std::int64_t tried = 0;
    std::int64_t refused = 0; ///< with a sentence that names the file, and nothing was started
    std::vector<std::string> failures;
};

/// The installation's hub is dead. A hub is started on each damaged copy of `store` (not with
/// PostgreSQL, whose files are its own) and of the settings; copies are made in `scratch`.
Damage damageAll(const Installation& installation,
                 const std::filesystem::path& store,
                 const std::filesystem::path& scratch,
                 std::uint64_t seed,
                 bool settings_only);

} // namespace chaos
