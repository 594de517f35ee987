// Migrator: brings the tables of one library, or the kernel's own, to the steps it is given, each
// in a transaction of its own, and refuses a store that does not fit them.
#pragma once

#include "base/clock.hpp"
#include "store/database.hpp"
#include "store/store_connection.hpp"

#include <map>
#include <string>
#include <vector>

namespace hub::store {

/// Whom the kernel's own steps are recorded under.
inline constexpr const char* kKernelLibrary = "hub";

/// kernel/store/migrations, embedded at build time.
const std::vector<Migration>& kernelMigrations();

class Migrator {
public:
    Migrator(StoreConnection& connection, const base::Clock& clock)
        : connection_(connection)
        , clock_(clock)
    {}

    /// Throws base::Failure: a gap, a changed step, or a store that is newer.
    void migrate(const std::string& library, const std::vector<Migration>& steps);

private:
    struct Applied {
        std::string name;
        std::string checksum;
    };

    std::map<std::int64_t, Applied> readApplied(const std::string& library);
    void apply(const std::string& library, const Migration& step);

    StoreConnection& connection_;
    const base::Clock& clock_;
};

/// Whether the kernel's tables exist at all.
bool hasKernelTables(StoreConnection& connection);

} // namespace hub::store
