#include "store/postgres_database.hpp"

#include "base/encoding.hpp"
#include "store/migrator.hpp"

#include <algorithm>

namespace hub::store {

namespace {

void checkSchema(const std::string& schema)
{
    constexpr std::size_t kNameMax = 40;
    const bool fits = !schema.empty() && schema.size() <= kNameMax && !schema.starts_with("pg_") &&
                      schema.front() >= 'a' && schema.front() <= 'z' &&
                      std::all_of(schema.begin(), schema.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                      });
    if (!fits) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "postgres: schema \"{}\": expected 1 to 40 of a-z, 0-9 and _, "
                            "beginning with a letter and not with pg_",
                            schema);
    }
}

/// The same for the same schema in every hub; PostgreSQL keeps the locks of databases apart.
std::int64_t lockKey(const std::string& schema)
{
    const std::string digest = base::sha256("expohub store " + schema);
    std::uint64_t key = 0;
    for (int i = 0; i < 8; ++i) {
        key = (key << 8) | static_cast<unsigned char>(digest[static_cast<std::size_t>(i)]);
    }
    return static_cast<std::int64_t>(key);
}

} // namespace

PostgresDatabase::PostgresDatabase(const Settings& settings, const base::Clock* clock)
    : StoreDatabase(settings, clock)
    , lock_key_(lockKey(settings.postgres_schema))
{
    checkSchema(settings.postgres_schema);
    const PostgresOptions writing{parseConnection(settings.postgres),
                                  settings.postgres_schema,
                                  Access::Write,
                                  settings.busy_timeout_ms};
    PostgresOptions reading = writing;
    reading.access = Access::Read;
    useReaders(
        [reading, this] { return std::make_shared<PostgresConnection>(reading, libraries()); });
    if (clock == nullptr) {
        inspectStore();
        return;
    }
    takeLock();
    useWriter(std::make_unique<PostgresConnection>(writing, libraries()));
    if (!takeAdvisoryLock()) {
        throw StoreFailure(Trouble::Fenced,
                           fmt::format("PostgreSQL schema \"{}\": held by another hub, {}; stop it "
                                       "first or give this one its own schema",
                                       settings.postgres_schema,
                                       holder()));
    }
    makeSchema();
    prepareStore();
}

PostgresConnection& PostgresDatabase::postgresWriter()
{
    return static_cast<PostgresConnection&>(writingConnection());
}

std::string PostgresDatabase::holder()
{
    StoreConnection& connection = writingConnection();
    std::string name;
    if (hasKernelTables(connection)) {
        Statement& row = connection.prepare("SELECT holder FROM hub_fence WHERE partition = 0");
        if (row.step()) {
            name = row.text(0);
        }
    }
    return name.empty() ? "a process that is just starting" : name;
}

bool PostgresDatabase::takeAdvisoryLock()
{
    try {
        // Waits for the lock time-out: the session of a hub that was killed may end a moment later.
        writingConnection().prepare("SELECT pg_advisory_lock(?)").bind(1, lock_key_).run();
    } catch (const StoreFailure& failure) {
        if (failure.trouble() != Trouble::Busy) {
            throw;
        }
        return false;
    }
    lock_process_ = postgresWriter().serverProcess();
    lock_held_ = true;
    return true;
}

void PostgresDatabase::makeSchema()
{
    const std::string& schema = settings().postgres_schema;
    Statement& known =
        writingConnection().prepare("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?");
    if (!known.bindText(1, schema).step()) {
        writingConnection().execute("CREATE SCHEMA " + schema);
    }
}

void PostgresDatabase::makeRole(const std::string& library)
{
    constexpr std::size_t kIdentifierMax = 63;
    const std::string role = roleName(settings().postgres_schema, library);
    if (role.size() > kIdentifierMax) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "library \"{}\": its role {} has {} characters, PostgreSQL takes 63; "
                            "use a shorter schema name",
                            library,
                            role,
                            role.size());
    }
    StoreConnection& connection = writingConnection();
    try {
        Transaction transaction(connection);
        Statement& known =
            connection.prepare("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?");
        if (!known.bindText(1, role).step()) {
            connection.execute("CREATE ROLE " + role + " NOLOGIN");
        }
        connection.execute(fmt::format("GRANT {} TO CURRENT_USER; GRANT USAGE ON SCHEMA {} TO {}",
                                       role,
                                       settings().postgres_schema,
                                       role));
        transaction.commit();
    } catch (const StoreFailure& failure) {
        throw StoreFailure(failure.trouble(),
                           fmt::format("library \"{}\": its role {} can't be made: {}; the hub's "
                                       "user needs CREATEROLE and must own the schema",
                                       library,
                                       role,
                                       failure.message()));
    }
}

void PostgresDatabase::revokeViews()
{
    // Views are read by nobody but their owner and whom they were granted to.
    StoreConnection& connection = writingConnection();
    const std::string prefix = roleName(settings().postgres_schema, "");
    Statement& granted = connection.prepare(
        "SELECT DISTINCT p.grantee, p.table_name FROM information_schema.table_privileges p "
        "JOIN information_schema.views v ON v.table_schema = p.table_schema "
        "AND v.table_name = p.table_name WHERE p.table_schema = ? AND p.grantee <> p.grantor "
        "AND starts_with(p.grantee::text, ?)");
    granted.bindText(1, settings().postgres_schema).bindText(2, prefix);
    std::string revokes;
    while (granted.step()) {
        revokes += fmt::format("REVOKE ALL ON {}.{} FROM {};",
                               settings().postgres_schema,
                               granted.text(1),
                               granted.text(0));
    }
    if (!revokes.empty()) {
        Transaction transaction(connection);
        connection.execute(revokes);
        transaction.commit();
    }
}

void PostgresDatabase::grantView(const std::string& library, const std::string& view)
{
    writingConnection().execute(fmt::format("GRANT SELECT ON {}.{} TO {}",
                                            settings().postgres_schema,
                                            view,
                                            roleName(settings().postgres_schema, library)));
}

void PostgresDatabase::endOldSession()
{
    // Only the session that holds our lock: the number alone may be someone else's by now.
    writingConnection()
        .prepare("SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_locks "
                 "WHERE locktype = 'advisory' AND objsubid = 1 AND pid = ? AND database = "
                 "(SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) "
                 "AND ((classid::bigint << 32) | objid::bigint) = ?")
        .bind(1, lock_process_)
        .bind(2, lock_key_)
        .run();
}

Fence PostgresDatabase::checkedFence()
{
    const Fence fence = readFence(writingConnection());
    if (fence.epoch != epoch()) {
        throwFenced();
    }
    return fence;
}

Fence PostgresDatabase::reconnect()
{
    lock_held_ = false;
    postgresWriter().reopen();
    endOldSession();
    // With the lock in hand the old session is over: nothing of it can still commit.
    const bool taken = takeAdvisoryLock();
    const Fence fence = checkedFence();
    if (!taken) {
        throw StoreFailure(Trouble::Lost,
                           fmt::format("PostgreSQL schema \"{}\": the session that was lost still "
                                       "holds the hub's lock; it is asked to end",
                                       settings().postgres_schema));
    }
    return fence;
}

void PostgresDatabase::beginGroup()
{
    unknown_group_.reset();
    if (!lock_held_) {
        throw StoreFailure(Trouble::Lost, "PostgreSQL: the hub's session is not restored yet");
    }
    StoreDatabase::beginGroup();
}

bool PostgresDatabase::commitGroup(std::int64_t group_no, EmptyGroup empty)
{
    if (unknown_group_ != group_no) {
        try {
            seal(group_no, empty);
            writingConnection().commit();
            return true;
        } catch (const StoreFailure& failure) {
            if (failure.trouble() != Trouble::Lost) {
                writingConnection().rollback();
                throw;
            }
        }
    }
    unknown_group_ = group_no;
    const Fence fence = reconnect();
    unknown_group_.reset();
    return fence.group_no == group_no;
}

void PostgresDatabase::recover()
{
    writingConnection().rollback();
    try {
        if (lock_held_) {
            checkedFence();
            return;
        }
    } catch (const StoreFailure& failure) {
        if (failure.trouble() != Trouble::Lost) {
            throw;
        }
    }
    reconnect();
}

} // namespace hub::store
