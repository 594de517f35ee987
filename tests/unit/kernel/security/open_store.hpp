// A new store of one test, on either back end.
#pragma once

#include "base/clock.hpp"
#include "store/database.hpp"
#include "support/postgres.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <memory>

namespace hub::testing {

class OpenStore {
public:
    OpenStore(store::Backend backend, const base::Clock& clock)
    {
        store::Settings settings;
        settings.backend = backend;
        settings.folder = folder();
        if (backend == store::Backend::PostgreSQL) {
            schema_ = std::make_unique<test::PostgresSchema>();
            settings.postgres = schema_->connection();
            settings.postgres_schema = schema_->name();
        }
        database_ = store::Database::open(settings, clock);
    }

    store::Connection& writer() const { return database_->writer(); }
    void close() { database_.reset(); }
    std::filesystem::path folder() const { return temporary_.path() / "store"; }
    std::filesystem::path anchorFile() const { return temporary_.path() / "anchor.log"; }

private:
    TemporaryFolder temporary_;
    std::unique_ptr<test::PostgresSchema> schema_;
    std::unique_ptr<store::Database> database_; // closed before its schema goes
};

} // namespace hub::testing
