#include "store/sqlite_connection.hpp"

#include "base/failpoint.hpp"
#include "store/sql_text.hpp"
#include "store/sqlite_trouble.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>

#include <mutex>
#include <utility>

namespace hub::store {

namespace {

/// As a URI, so that a file is created only when that is wanted.
std::string toUri(const SqliteOptions& options)
{
    std::string uri = "file:";
    for (const char c : options.file.string()) {
        if (c == '?' || c == '#' || c == '%') {
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            uri += c;
        }
    }
    switch (options.mode) {
    case OpenMode::Create:
        return uri + "?mode=rwc";
    case OpenMode::Existing:
        return uri + "?mode=rw";
    case OpenMode::ReadOnly:
        break;
    }
    return uri + "?mode=ro";
}

} // namespace

SqliteConnection::SqliteConnection(SqliteOptions options, const Libraries& libraries)
    : options_(std::move(options))
    , libraries_(libraries)
    , cache_(&caches_[""])
{
    open();
}

SqliteConnection::~SqliteConnection()
{
    close();
}

void SqliteConnection::open()
{
    // Each connection belongs to one thread at a time: SQLite need not lock it at every call.
    static std::once_flag once;
    std::call_once(once, [] {
        Poco::Data::SQLite::Connector::registerConnector();
        Poco::Data::SQLite::Utility::setThreadMode(Poco::Data::SQLite::Utility::THREAD_MODE_MULTI);
    });
    try {
        session_.emplace(Poco::Data::SQLite::Connector::KEY, toUri(options_));
    } catch (const Poco::Exception& exception) {
        throw StoreFailure(Trouble::ReadOnly,
                           fmt::format("{}: {}; the file and its folder must be readable and "
                                       "writable for the hub",
                                       options_.file.string(),
                                       exception.displayText()));
    }
    handle_ = Poco::Data::SQLite::Utility::dbHandle(*session_);
    try {
        configure();
    } catch (...) {
        close();
        throw;
    }
}

void SqliteConnection::configure()
{
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, options_.busy_timeout_ms);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // "name" is a name here as it is in PostgreSQL, never a string.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    if (options_.mode == OpenMode::Create) {
        // Only before the first table is written.
        runScript("PRAGMA page_size = 4096");
    }
    if (options_.access == Access::Write) {
        Statement& journal = prepare("PRAGMA journal_mode = WAL");
        if (!journal.step() || journal.bytes(0) != "wal") {
            throw StoreFailure(Trouble::ReadOnly,
                               fmt::format("{}: the journal mode can't be WAL here; use a local "
                                           "file system",
                                           options_.file.string()));
        }
        journal.run();
    }
    runScript("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
              "PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY");
    if (HUB_WEAK(SynchronousOff)) {
        runScript("PRAGMA synchronous = OFF");
    }
    if (options_.access == Access::Read) {
        runScript("PRAGMA query_only = ON");
    }
    if (options_.access == Access::Write) {
        // Taken as it is used: SQLite's own 2 MB don't hold the inner pages of a fair's indexes. A
        // reader's pages are dropped at every commit, so more of them would be of no use.
        runScript("PRAGMA cache_size = -32768");
    }
    sqlite3_set_authorizer(handle_, &SqliteConnection::authorize, this);
    constexpr int kStepsBetweenLooks = 20000;
    sqlite3_progress_handler(handle_, kStepsBetweenLooks, &SqliteConnection::checkBudget, this);
    prepareControls();
}

void SqliteConnection::beginBudget() noexcept
{
    budget_end_ = std::chrono::steady_clock::now() + kLibraryStatementMax;
}

int SqliteConnection::checkBudget(void* self)
{
    const auto& connection = *static_cast<const SqliteConnection*>(self);
    return connection.mode_ == Mode::Library &&
                   std::chrono::steady_clock::now() > connection.budget_end_
               ? 1
               : 0;
}

void SqliteConnection::prepareControls()
{
    const std::array<const char*, kControls> texts = {
        options_.access == Access::Write ? "BEGIN IMMEDIATE" : "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT unit",
        "RELEASE unit"};
    for (std::size_t i = 0; i < kControls; ++i) {
        const int code = sqlite3_prepare_v3(
            handle_, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &controls_[i], nullptr);
        if (code != SQLITE_OK) {
            fail(code, texts[i]);
        }
    }
}

void SqliteConnection::control(Control what)
{
    sqlite3* connection = handle();
    authorizeAs(Role{});
    sqlite3_stmt* statement = controls_[static_cast<std::size_t>(what)];
    const bool done = sqlite3_step(statement) == SQLITE_DONE;
    const int code = sqlite3_extended_errcode(connection);
    sqlite3_reset(statement);
    if (!done) {
        fail(code, sqlite3_sql(statement));
    }
}

void SqliteConnection::close() noexcept
{
    // Poco's session can't close a handle that still has statements.
    for (sqlite3_stmt*& statement : controls_) {
        sqlite3_finalize(std::exchange(statement, nullptr));
    }
    caches_.clear();
    role_ = Role{};
    cache_ = &caches_[""];
    session_.reset();
    handle_ = nullptr;
}

void SqliteConnection::reopen()
{
    rollback();
    close();
    open();
}

sqlite3* SqliteConnection::handle() const
{
    if (handle_ == nullptr) {
        throw StoreFailure(
            Trouble::Lost,
            fmt::format("{}: the store is closed after a failure", options_.file.string()));
    }
    return handle_;
}

void SqliteConnection::fail(int code, std::string_view what)
{
    ended_by_ = toTrouble(code, sqlite3_system_errno(handle()));
    throwSqlite(handle_, code, what);
}

Statement& SqliteConnection::prepare(std::string_view sql)
{
    if (SqliteStatement* known = cache_->find(sql)) {
        known->reset();
        return *known;
    }
    checkRole(role_, libraries_, options_.access, sql);
    authorizeAs(role_);
    counted_.clear();
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(
        handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, &tail);
    if (code != SQLITE_OK) {
        fail(code, sql);
    }
    auto statement = std::make_unique<SqliteStatement>(*this, raw, role_);
    const auto read = static_cast<std::size_t>(tail - sql.data());
    if (raw == nullptr || SqlScanner(sql.substr(read)).next().kind != SqlToken::Kind::End) {
        throw StoreFailure(
            Trouble::Statement,
            fmt::format("expected one statement, got none or several: \"{}\"", excerpt(sql)));
    }
    checkCountedTables(sql);
    return cache_->add(sql, std::move(statement));
}

void SqliteConnection::runScript(std::string_view sql)
{
    const std::string text{sql};
    const int code = sqlite3_exec(handle(), text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(sqlite3_extended_errcode(handle_), text);
    }
}

void SqliteConnection::execute(std::string_view sql)
{
    authorizeAs(Role{});
    runScript(sql);
}

std::int64_t SqliteConnection::countForeign(const std::string& library)
{
    Statement& row = prepare("SELECT count(*) FROM sqlite_schema "
                             "WHERE substr(lower(tbl_name), 1, length(?)) <> ?");
    row.bindText(1, library + "_").bindText(2, library + "_").step();
    const std::int64_t found = row.integer(0);
    row.run();
    return found;
}

void SqliteConnection::executeAsOwner(const std::string& library, std::string_view sql)
{
    const std::int64_t foreign = countForeign(library);
    authorizeAs(Role{library, false});
    mode_ = Mode::Owner;
    try {
        runScript(sql);
    } catch (...) {
        authorizeAs(Role{});
        throw;
    }
    // The authorizer is not told the new name of a table.
    if (countForeign(library) != foreign) {
        throw StoreFailure(
            Trouble::Denied,
            fmt::format("a table got a name that is not of library \"{}\"; its tables "
                        "begin with \"{}_\"",
                        library,
                        library));
    }
}

void SqliteConnection::actAs(const Role& role)
{
    if (role.library == role_.library && role.read_only == role_.read_only) {
        return;
    }
    role_ = role;
    cache_ = &caches_[role.read_only ? role.library + "?" : role.library];
}

void SqliteConnection::begin()
{
    control(Control::Begin);
    changes_at_begin_ = sqlite3_total_changes64(handle_);
}

bool SqliteConnection::hasWritten() const
{
    return sqlite3_total_changes64(handle()) != changes_at_begin_;
}

void SqliteConnection::beginSnapshot()
{
    control(Control::Begin);
    // SQLite takes the snapshot at the first read.
    Statement& first = prepare("SELECT 1 FROM sqlite_schema LIMIT 1");
    while (first.step()) {}
}

void SqliteConnection::requireTransaction() const
{
    if (!transactionLives()) {
        throw StoreFailure(ended_by_, "the transaction is over: a failed statement has ended it");
    }
}

void SqliteConnection::commit()
{
    requireTransaction();
    // An unfinished SELECT would keep its old snapshot and make the next begin fail as busy.
    resetStatements();
    control(Control::Commit);
}

void SqliteConnection::rollback() noexcept
{
    if (handle_ == nullptr) {
        return;
    }
    resetStatements();
    if (sqlite3_get_autocommit(handle_) == 0) {
        authorizeAs(Role{});
        sqlite3_stmt* statement = controls_[static_cast<std::size_t>(Control::Rollback)];
        sqlite3_step(statement);
        sqlite3_reset(statement);
        if (sqlite3_get_autocommit(handle_) == 0) {
            close();
        }
    }
}

void SqliteConnection::savepoint()
{
    requireTransaction();
    control(Control::Savepoint);
}

void SqliteConnection::release()
{
    requireTransaction();
    control(Control::Release);
}

void SqliteConnection::rollbackToSavepoint()
{
    requireTransaction();
    resetStatements();
    execute("ROLLBACK TO unit; RELEASE unit");
}

bool SqliteConnection::transactionLives() const
{
    return handle_ != nullptr && sqlite3_get_autocommit(handle_) == 0;
}

void SqliteConnection::resetStatements() noexcept
{
    for (sqlite3_stmt* statement = sqlite3_next_stmt(handle_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(handle_, statement)) {
        if (sqlite3_stmt_busy(statement) != 0) {
            sqlite3_reset(statement);
        }
    }
}

} // namespace hub::store
