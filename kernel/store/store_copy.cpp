#include "store/store_copy.hpp"

#include "store/files.hpp"
#include "store/postgres_connection.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hub::store {

namespace {

constexpr int kBusyMs = 5000;
constexpr int kNotFound = 127;

struct CloseSqlite {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
struct FinalizeSqlite {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqlitePtr = std::unique_ptr<sqlite3, CloseSqlite>;
using SqliteStatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeSqlite>;

/// `store` is what was read, `file` what it was about.
[[noreturn]] void fail(sqlite3* handle,
                       const std::filesystem::path& store,
                       const std::filesystem::path& file,
                       const char* step)
{
    const int code = handle == nullptr ? SQLITE_NOMEM : sqlite3_errcode(handle);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        throw base::Failure(HUB_INTERNAL,
                            "{}: the store is damaged: {}; keep the earlier backups, restore the "
                            "newest sound one, and examine the disk",
                            store.string(),
                            sqlite3_errmsg(handle));
    }
    throw base::Failure(HUB_UNAVAILABLE,
                        "{}: can't {}: {}; look for room on the disk and for the rights of the "
                        "hub's user",
                        file.string(),
                        step,
                        handle == nullptr ? "out of memory" : sqlite3_errmsg(handle));
}

SqlitePtr openToRead(const std::filesystem::path& file)
{
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    SqlitePtr handle(raw);
    if (code != SQLITE_OK) {
        fail(raw, file, file, "open it");
    }
    sqlite3_busy_timeout(raw, kBusyMs);
    return handle;
}

SqliteStatementPtr
prepare(const SqlitePtr& handle, const std::filesystem::path& file, const char* sql)
{
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(handle.get(), sql, -1, &raw, nullptr) != SQLITE_OK) {
        fail(handle.get(), file, file, "read it");
    }
    return SqliteStatementPtr(raw);
}

/// "ok", or the first fault.
std::string faultOf(const std::filesystem::path& file)
{
    const SqlitePtr handle = openToRead(file);
    const SqliteStatementPtr check = prepare(handle, file, "PRAGMA integrity_check(1)");
    const bool stepped = sqlite3_step(check.get()) == SQLITE_ROW;
    const char* verdict =
        stepped ? reinterpret_cast<const char*>(sqlite3_column_text(check.get(), 0)) // NOLINT
                : nullptr;
    return verdict == nullptr ? sqlite3_errmsg(handle.get()) : verdict;
}

void checkCopy(const std::filesystem::path& from, const std::filesystem::path& copy)
{
    const std::string fault = faultOf(copy);
    if (fault != "ok") {
        // A copy by VACUUM has the faults of what it was made of.
        throw base::Failure(HUB_INTERNAL,
                            "{}: this is no backup, because the copy of {} is not sound: {}; keep "
                            "the earlier backups, stop the hub, and examine the store with "
                            "`expohub doctor` and the disk",
                            copy.string(),
                            from.string(),
                            fault);
    }
}

void makeDurable(const std::filesystem::path& file)
{
    const FileHandle handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!handle || ::fchmod(handle.get(), 0600) != 0 || ::fsync(handle.get()) != 0) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "{}: can't be made durable: {}",
                            file.string(),
                            std::generic_category().message(errno));
    }
}

/// The environment of this process with what the connection string says in libpq's variables.
std::vector<std::string> environmentFor(const std::string& connection)
{
    std::vector<std::string> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        if (std::strncmp(*entry, "PG", 2) != 0 && std::strncmp(*entry, "EXPOHUB_", 8) != 0) {
            environment.emplace_back(*entry);
        }
    }
    char* error = nullptr;
    PQconninfoOption* options = PQconninfoParse(connection.c_str(), &error);
    if (options == nullptr) {
        PQfreemem(error);
        throw base::Failure(HUB_BAD_REQUEST,
                            "store.postgres is no connection string of libpq; correct it");
    }
    for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
        if (option->envvar != nullptr && option->val != nullptr) {
            environment.push_back(std::string{option->envvar} + "=" + option->val);
        }
    }
    PQconninfoFree(options);
    return environment;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// Exit code; 127 when the program is not there. What it says goes to `said`.
int run(std::vector<std::string> arguments,
        std::vector<std::string> environment,
        const std::filesystem::path& said)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(
        &actions, STDERR_FILENO, said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    const int spawned = ::posix_spawnp(&child,
                                       arguments.front().c_str(),
                                       &actions,
                                       nullptr,
                                       pointersTo(arguments).data(),
                                       pointersTo(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (spawned != 0) {
        return kNotFound;
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string firstLine(const std::filesystem::path& file)
{
    char text[500] = {};
    const FileHandle handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    const ssize_t size = handle ? ::read(handle.get(), text, sizeof text - 1) : 0;
    std::string line(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    return line.substr(0, line.find('\n'));
}

} // namespace

void copySqlite(const std::filesystem::path& from, const std::filesystem::path& to)
{
    {
        const SqlitePtr handle = openToRead(from);
        const SqliteStatementPtr copy = prepare(handle, from, "VACUUM INTO ?");
        sqlite3_bind_text(copy.get(), 1, to.c_str(), -1, SQLITE_TRANSIENT);
        if (sqlite3_step(copy.get()) != SQLITE_DONE) {
            fail(handle.get(), from, to, "copy the store there");
        }
    }
    checkCopy(from, to);
    makeDurable(to);
}

void examineSqlite(const std::filesystem::path& file)
{
    const std::string fault = faultOf(file);
    if (fault != "ok") {
        throw base::Failure(HUB_INTERNAL,
                            "{}: the store is damaged: {}; restore the newest sound backup, and "
                            "examine the disk",
                            file.string(),
                            fault);
    }
}

namespace {

/// Runs one of PostgreSQL's programs and throws with its first words when it fails.
void runClient(const Settings& settings,
               const std::vector<std::string>& arguments,
               const std::filesystem::path& said)
{
    const std::string& program = arguments.front();
    const int code = run(arguments, environmentFor(settings.postgres), said);
    const std::string why = firstLine(said);
    ::unlink(said.c_str());
    if (code == kNotFound) {
        throw base::Failure(HUB_UNSUPPORTED,
                            "{} is not installed, and the store is in PostgreSQL; install the "
                            "package postgresql-client in the server's version",
                            program);
    }
    if (code != 0) {
        throw base::Failure(HUB_UNAVAILABLE, "{} failed with exit code {}: {}", program, code, why);
    }
}

using PgPtr = std::unique_ptr<PGconn, decltype(&PQfinish)>;

PgPtr connectTo(const Settings& settings)
{
    PgPtr connection(PQconnectdb(settings.postgres.c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK) {
        throw base::Failure(
            HUB_UNAVAILABLE, "PostgreSQL: no connection: {}", PQerrorMessage(connection.get()));
    }
    return connection;
}

/// True when the query has a row.
bool finds(const PgPtr& connection, const char* sql, const std::string& parameter)
{
    const char* values[] = {parameter.c_str()};
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexecParams(connection.get(), sql, 1, nullptr, values, nullptr, nullptr, 0), &PQclear);
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
        throw base::Failure(HUB_UNAVAILABLE, "PostgreSQL: {}", PQresultErrorMessage(result.get()));
    }
    return PQntuples(result.get()) > 0;
}

void append(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream stream(file, std::ios::app | std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) {
        throw base::Failure(
            HUB_UNAVAILABLE, "{}: can't be written; look for room on the disk", file.string());
    }
}

} // namespace

void checkNoSchema(const Settings& settings)
{
    const PgPtr connection = connectTo(settings);
    if (finds(connection,
              "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1",
              settings.postgres_schema)) {
        throw base::Failure(HUB_ALREADY_DONE,
                            "PostgreSQL schema \"{0}\": it is there already; keep it aside with "
                            "ALTER SCHEMA {0} RENAME TO {0}_before, or name an empty database in "
                            "store.postgres",
                            settings.postgres_schema);
    }
}

void dumpPostgres(const Settings& settings,
                  const std::string& snapshot,
                  const std::filesystem::path& to,
                  const std::string& program)
{
    runClient(settings,
              {program,
               "--format=custom",
               "--no-password",
               "--snapshot=" + snapshot,
               "--schema=" + settings.postgres_schema,
               "--file=" + to.string()},
              to.string() + ".said");
    makeDurable(to);
}

void restorePostgres(const Settings& settings,
                     const std::filesystem::path& dump,
                     const std::vector<std::string>& libraries,
                     const std::string& marks,
                     const std::filesystem::path& scratch)
{
    checkNoSchema(settings);
    const std::string& schema = settings.postgres_schema;
    const std::filesystem::path data = scratch / "data.sql";
    const std::filesystem::path script = scratch / "restore.sql";
    runClient(settings,
              {"pg_restore", "--schema=" + schema, "--file=" + data.string(), dump.string()},
              scratch / "said");
    std::string begin = "CREATE SCHEMA " + schema + ";\n";
    std::string end;
    const PgPtr connection = connectTo(settings);
    for (const std::string& library : libraries) {
        const std::string role = roleName(schema, library);
        if (!finds(connection, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1", role)) {
            begin += "CREATE ROLE " + role + " NOLOGIN;\n";
        }
        // What it owns can only be given to it while it may create.
        begin += "GRANT " + role + " TO CURRENT_USER;\nGRANT USAGE, CREATE ON SCHEMA " + schema +
                 " TO " + role + ";\n";
        end += "REVOKE CREATE ON SCHEMA " + schema + " FROM " + role + ";\n";
    }
    ::unlink(script.c_str());
    append(script, begin + "\\i '" + data.string() + "'\n" + end + marks);
    runClient(settings,
              {"psql",
               "--no-psqlrc",
               "--no-password",
               "--quiet",
               "--single-transaction",
               "--set=ON_ERROR_STOP=1",
               "--output=/dev/null",
               "--file=" + script.string()},
              scratch / "said");
    std::filesystem::remove(script);
    std::filesystem::remove(data);
}

} // namespace hub::store
