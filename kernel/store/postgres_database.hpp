// PostgresDatabase: a hub's store in a schema of a PostgreSQL database. An advisory lock on the
// writer's session keeps a second hub out; the fence row keeps out one that lost its session.
#pragma once

#include "store/postgres_connection.hpp"
#include "store/store_database.hpp"

#include <optional>
#include <string>

namespace hub::store {

class PostgresDatabase final : public StoreDatabase {
public:
    /// Opens for writing when there is a clock, else to read only.
    PostgresDatabase(const Settings& settings, const base::Clock* clock);

    Backend backend() const override { return Backend::PostgreSQL; }
    void beginGroup() override;
    bool commitGroup(std::int64_t group_no, EmptyGroup empty) override;
    void recover() override;
    void checkpointIfLarge() override {}
    std::int64_t walBytes() const override { return 0; }

private:
    PostgresConnection& postgresWriter();
    void makeRole(const std::string& library) override;
    void revokeViews() override;
    void grantView(const std::string& library, const std::string& view) override;
    void makeSchema();
    bool takeAdvisoryLock();
    void endOldSession();
    std::string holder();
    Fence checkedFence();
    Fence reconnect();

    std::int64_t lock_key_;
    int lock_process_ = 0; // the server process that got the lock last
    bool lock_held_ = false;
    std::optional<std::int64_t> unknown_group_; // its commit was lost on the way
};

} // namespace hub::store
