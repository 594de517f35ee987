// What a store holds, as one figure: to see that nothing changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace chaos {

struct StoreDigest {
    std::string digest; ///< of every row of payments, attempts, refunds, steps and bookings
    std::int64_t rows = 0;
    std::int64_t events = 0; ///< in the journal

    bool operator==(const StoreDigest&) const = default;
};

/// Of the SQLite store in this folder, in one snapshot, while the hub runs. Throws
/// std::runtime_error when it can't be read.
StoreDigest readDigest(const std::filesystem::path& store_folder);

/// "ok", or what `PRAGMA integrity_check` says.
std::string checkIntegrity(const std::filesystem::path& store_folder);

} // namespace chaos
