#include "store/database.hpp"

#include "store/postgres_database.hpp"
#include "store/sqlite_database.hpp"

namespace hub::store {

namespace {

void check(const Settings& settings)
{
    if (settings.folder.empty()) {
        throw base::Failure(HUB_BAD_REQUEST, "store: no data folder is set; name one");
    }
    if (settings.readers_max == 0) {
        throw base::Failure(HUB_BAD_REQUEST, "store: 0 readers are set; expected 1 or more");
    }
}

std::unique_ptr<Database> make(const Settings& settings, const base::Clock* clock)
{
    check(settings);
    if (settings.backend == Backend::PostgreSQL) {
        return std::make_unique<PostgresDatabase>(settings, clock);
    }
    return std::make_unique<SqliteDatabase>(settings, clock);
}

} // namespace

std::unique_ptr<Database> Database::open(const Settings& settings, const base::Clock& clock)
{
    return make(settings, &clock);
}

std::unique_ptr<Database> Database::openReadOnly(const Settings& settings)
{
    return make(settings, nullptr);
}

} // namespace hub::store
