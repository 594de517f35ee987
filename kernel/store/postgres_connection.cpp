#include "store/postgres_connection.hpp"

#include "store/sql_text.hpp"

#include <Poco/Data/PostgreSQL/Connector.h>
#include <Poco/Data/PostgreSQL/Utility.h>
#include <Poco/Version.h>

namespace hub::store {

namespace {

struct OptionsDeleter {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// Poco 1.11 leaks a connection that could not be made, and a hub tries again and again while its
/// server is away.
void checkReachable(const std::string& connection)
{
    const std::unique_ptr<PGconn, decltype(&PQfinish)> trial(PQconnectdb(connection.c_str()),
                                                             &PQfinish);
    if (PQstatus(trial.get()) != CONNECTION_OK) {
        throw StoreFailure(
            Trouble::Lost,
            fmt::format("PostgreSQL: no connection: {}", excerpt(PQerrorMessage(trial.get()))));
    }
}

} // namespace

std::string parseConnection(const std::string& text)
{
    char* raw_error = nullptr;
    const std::unique_ptr<PQconninfoOption, OptionsDeleter> options(
        PQconninfoParse(text.c_str(), &raw_error));
    const std::unique_ptr<char, decltype(&PQfreemem)> error(raw_error, &PQfreemem);
    if (!options) {
        // libpq's own words would repeat a part of the string, which may hold a password.
        throw base::Failure(HUB_BAD_REQUEST,
                            "postgres: the connection string can't be read; expected "
                            "\"host=… dbname=… user=…\" or postgresql://…");
    }
    // A dead server is noticed in seconds, not after the system's two hours.
    std::map<std::string, std::string> values{{"application_name", "expohub"},
                                              {"connect_timeout", "5"},
                                              {"keepalives_count", "3"},
                                              {"keepalives_idle", "10"},
                                              {"keepalives_interval", "3"},
                                              {"tcp_user_timeout", "15000"}};
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr && *option->val != '\0') {
            values[option->keyword] = option->val;
        }
    }
    std::string result;
    for (const auto& [key, value] : values) {
        // Poco::Data splits the string at spaces and passes the parts on.
        if (value.find_first_of(" '\\") != std::string::npos) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "postgres: the value of \"{}\" has a space, quote or backslash, "
                                "which the driver can't pass on; for a password use passfile",
                                key);
        }
        result += fmt::format("{}{}={}", result.empty() ? "" : " ", key, value);
    }
    return result;
}

std::string roleName(const std::string& schema, const std::string& library)
{
    return fmt::format("hub_{}_{}", schema, library);
}

PostgresConnection::PostgresConnection(PostgresOptions options, const Libraries& libraries)
    : options_(std::move(options))
    , libraries_(libraries)
    , cache_(&caches_[""])
{
    open();
}

PostgresConnection::~PostgresConnection()
{
    close();
}

void PostgresConnection::open()
{
    Poco::Data::PostgreSQL::Connector::registerConnector();
    checkReachable(options_.connection);
    try {
        session_.emplace(Poco::Data::PostgreSQL::Connector::KEY, options_.connection);
    } catch (const Poco::Exception& exception) {
        throw StoreFailure(
            Trouble::Lost,
            fmt::format("PostgreSQL: no connection: {}", excerpt(exception.message())));
    }
    handle_ = *Poco::Data::PostgreSQL::Utility::handle(*session_);
    server_process_ = PQbackendPID(handle_);
    try {
        configure();
    } catch (...) {
        close();
        throw;
    }
}

void PostgresConnection::configure()
{
    constexpr int kOldestVersion = 150000;
    if (PQserverVersion(handle_) < kOldestVersion) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "PostgreSQL: the server is version {}, expected 15 or newer",
                            PQserverVersion(handle_) / 10000);
    }
    execute(fmt::format("SET client_min_messages = error; SET client_encoding = 'UTF8';"
                        "SET search_path = {}, pg_temp; SET bytea_output = 'hex';"
                        "SET standard_conforming_strings = on; SET TIME ZONE 'UTC';"
                        "SET default_transaction_isolation = 'read committed';"
                        "SET synchronous_commit = on; SET lock_timeout = {};"
                        "SET default_transaction_read_only = {}",
                        options_.schema,
                        options_.busy_timeout_ms,
                        options_.access == Access::Read ? "on" : "off"));
    const PostgresResult shown = command("SELECT current_setting('server_encoding'), "
                                         "current_setting('fsync')");
    if (std::string_view{PQgetvalue(shown.get(), 0, 0)} != "UTF8") {
        throw base::Failure(HUB_BAD_REQUEST,
                            "PostgreSQL: the database is in {}, expected UTF8; create it anew",
                            PQgetvalue(shown.get(), 0, 0));
    }
    if (std::string_view{PQgetvalue(shown.get(), 0, 1)} != "on") {
        throw base::Failure(HUB_BAD_REQUEST,
                            "PostgreSQL: fsync is off, so a power cut would lose payments; set "
                            "fsync = on in postgresql.conf");
    }
}

void PostgresConnection::close() noexcept
{
    caches_.clear();
    role_ = Role{};
    cache_ = &caches_[""];
    discarded_.clear();
    applied_library_.clear();
    savepoints_ = 0;
    [[maybe_unused]] const bool broken = handle_ != nullptr && PQstatus(handle_) != CONNECTION_OK;
    session_.reset();
#if POCO_VERSION < 0x010C0000
    // Poco 1.11 finishes a connection only while it works, so a lost one would leak.
    if (broken) {
        PQfinish(handle_);
    }
#endif
    handle_ = nullptr;
}

void PostgresConnection::reopen()
{
    close();
    open();
}

PGconn* PostgresConnection::handle() const
{
    if (handle_ == nullptr) {
        throw StoreFailure(Trouble::Lost, "PostgreSQL: the connection is closed after a failure");
    }
    return handle_;
}

std::string PostgresConnection::nextStatementName()
{
    return fmt::format("hub{}", ++statements_);
}

void PostgresConnection::discard(std::string statement_name)
{
    discarded_.push_back(std::move(statement_name));
}

void PostgresConnection::deallocate()
{
    for (const std::string& name : std::exchange(discarded_, {})) {
        command("DEALLOCATE " + name);
    }
}

Statement& PostgresConnection::prepare(std::string_view sql)
{
    if (PostgresStatement* known = cache_->find(sql)) {
        known->reset();
        return *known;
    }
    checkRole(role_, libraries_, options_.access, sql);
    return cache_->add(sql, std::make_unique<PostgresStatement>(*this, sql, role_));
}

PostgresResult PostgresConnection::command(const std::string& sql)
{
    PostgresResult result(PQexec(handle(), sql.c_str()));
    checkResult(handle_, result, sql);
    return result;
}

void PostgresConnection::execute(std::string_view sql)
{
    applyRole(Role{});
    command(std::string{sql});
    written_ = true;
}

void PostgresConnection::applyRole(const Role& role)
{
    if (role.library == applied_library_) {
        return;
    }
    command(role.library.empty()
                ? std::string("SET LOCAL ROLE NONE; SET LOCAL statement_timeout = 0")
                : fmt::format("SET LOCAL ROLE {}; SET LOCAL statement_timeout = {}",
                              roleName(options_.schema, role.library),
                              kLibraryStatementMax.count()));
    applied_library_ = role.library;
}

void PostgresConnection::executeAsOwner(const std::string& library, std::string_view sql)
{
    const std::string role = roleName(options_.schema, library);
    execute(fmt::format("GRANT CREATE ON SCHEMA {} TO {}", options_.schema, role));
    applyRole(Role{library, false});
    // A step on a filled store may take minutes, and nobody waits yet: the hub migrates before it
    // serves. The library's next statement is timed again, since the role is set anew for it.
    command("SET LOCAL statement_timeout = 0");
    command(std::string{sql});
    execute(fmt::format("REVOKE CREATE ON SCHEMA {} FROM {}", options_.schema, role));
    Statement& foreign =
        prepare("SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles r "
                "ON r.oid = c.relowner WHERE r.rolname = ? AND NOT starts_with(c.relname::text, ?) "
                "AND c.relkind IN ('r', 'i', 'v', 'm', 'S', 'p')"
                " AND c.relnamespace = current_schema()::regnamespace");
    foreign.bindText(1, role).bindText(2, library + "_");
    if (foreign.step()) {
        throw StoreFailure(Trouble::Denied,
                           fmt::format("\"{}\" is not a name of library \"{}\"; its tables and "
                                       "indexes begin with \"{}_\"",
                                       foreign.bytes(0),
                                       library,
                                       library));
    }
}

void PostgresConnection::actAs(const Role& role)
{
    if (role.library == role_.library && role.read_only == role_.read_only) {
        return;
    }
    role_ = role;
    cache_ = &caches_[role.read_only ? role.library + "?" : role.library];
}

void PostgresConnection::begin()
{
    deallocate();
    savepoints_ = 0;
    written_ = false;
    applied_library_.clear();
    command("BEGIN");
}

void PostgresConnection::beginSnapshot()
{
    deallocate();
    applied_library_.clear();
    // The snapshot is taken at the first query.
    command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1");
}

void PostgresConnection::commit()
{
    // Of a failed transaction PostgreSQL makes a rollback and calls it a success.
    const PostgresResult result = command("COMMIT");
    savepoints_ = 0;
    applied_library_.clear();
    if (std::string_view{PQcmdStatus(result.get())} != "COMMIT") {
        throw StoreFailure(Trouble::Io,
                           "PostgreSQL: the transaction was rolled back at its commit, because a "
                           "statement in it had failed");
    }
}

void PostgresConnection::rollback() noexcept
{
    savepoints_ = 0;
    applied_library_.clear();
    if (handle_ == nullptr || PQstatus(handle_) != CONNECTION_OK ||
        PQtransactionStatus(handle_) == PQTRANS_IDLE) {
        return;
    }
    const PostgresResult result(PQexec(handle_, "ROLLBACK"));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
        close();
    }
}

void PostgresConnection::savepoint()
{
    command("SAVEPOINT unit");
    ++savepoints_;
}

void PostgresConnection::release()
{
    command("RELEASE unit");
    --savepoints_;
}

void PostgresConnection::rollbackToSavepoint()
{
    // Takes back the role, too, if it was set since; so it is set anew.
    command("ROLLBACK TO unit; RELEASE unit; SET LOCAL ROLE NONE");
    applied_library_.clear();
    --savepoints_;
}

bool PostgresConnection::transactionLives() const
{
    if (handle_ == nullptr || PQstatus(handle_) != CONNECTION_OK) {
        return false;
    }
    const PGTransactionStatusType status = PQtransactionStatus(handle_);
    return status == PQTRANS_INTRANS || status == PQTRANS_ACTIVE ||
           (status == PQTRANS_INERROR && savepoints_ > 0);
}

} // namespace hub::store
