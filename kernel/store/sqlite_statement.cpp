#include "store/sqlite_connection.hpp"

namespace hub::store {

SqliteStatement::SqliteStatement(SqliteConnection& connection, sqlite3_stmt* statement, Role role)
    : connection_(connection)
    , statement_(statement)
    , role_(std::move(role))
{}

SqliteStatement::~SqliteStatement()
{
    sqlite3_finalize(statement_);
}

void SqliteStatement::reset() noexcept
{
    sqlite3_reset(statement_);
    stepped_ = false;
    ended_ = false;
}

void SqliteStatement::beginBinding()
{
    if (stepped_) {
        reset();
    }
}

void SqliteStatement::checkBound(int code, int parameter)
{
    if (code != SQLITE_OK) {
        connection_.fail(code, fmt::format("parameter {}: {}", parameter, sqlite3_sql(statement_)));
    }
}

Statement& SqliteStatement::bind(int parameter, std::int64_t value)
{
    beginBinding();
    checkBound(sqlite3_bind_int64(statement_, parameter, value), parameter);
    return *this;
}

Statement& SqliteStatement::bindText(int parameter, std::string_view value)
{
    checkText(parameter, value);
    beginBinding();
    // A null pointer would bind NULL instead of an empty text.
    const char* data = value.empty() ? "" : value.data();
    checkBound(
        sqlite3_bind_text64(
            statement_, parameter, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8), // NOLINT
        parameter);
    return *this;
}

Statement& SqliteStatement::bindBlob(int parameter, std::string_view value)
{
    beginBinding();
    const char* data = value.empty() ? "" : value.data();
    checkBound(
        sqlite3_bind_blob64(statement_, parameter, data, value.size(), SQLITE_TRANSIENT), // NOLINT
        parameter);
    return *this;
}

Statement& SqliteStatement::bindNull(int parameter)
{
    beginBinding();
    checkBound(sqlite3_bind_null(statement_, parameter), parameter);
    return *this;
}

bool SqliteStatement::step()
{
    if (ended_) {
        return false; // SQLite would begin anew, and write twice
    }
    if (!role_.library.empty() && !connection_.transactionLives()) {
        throw StoreFailure(Trouble::Statement,
                           fmt::format("library \"{}\": a statement outside a transaction; it "
                                       "runs in a unit or a snapshot only",
                                       role_.library));
    }
    // A changed schema makes SQLite prepare again, and so ask the authorizer again.
    connection_.authorizeAs(role_);
    if (!stepped_ && !role_.library.empty()) {
        connection_.beginBudget();
    }
    stepped_ = true;
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        const std::string sql = sqlite3_sql(statement_);
        // The message belongs to the connection and outlives the reset, the code does not.
        const int extended = sqlite3_extended_errcode(connection_.handle());
        reset();
        connection_.fail(extended, sql);
    }
    ended_ = true;
    return false;
}

std::int64_t SqliteStatement::run()
{
    while (step()) {}
    const std::int64_t changes = sqlite3_stmt_readonly(statement_) != 0
                                     ? 0
                                     : sqlite3_changes64(sqlite3_db_handle(statement_));
    reset();
    return changes;
}

int SqliteStatement::columnCount() const
{
    return sqlite3_column_count(statement_);
}

ValueType SqliteStatement::type(int column) const
{
    switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_NULL:
        return ValueType::Null;
    case SQLITE_INTEGER:
        return ValueType::Integer;
    case SQLITE_BLOB:
        return ValueType::Blob;
    default:
        return ValueType::Text;
    }
}

std::int64_t SqliteStatement::integer(int column) const
{
    switch (type(column)) {
    case ValueType::Null:
        return 0;
    case ValueType::Integer:
        return sqlite3_column_int64(statement_, column);
    default:
        throw StoreFailure(
            Trouble::Statement,
            fmt::format("column {} is no integer in \"{}\"", column, sqlite3_sql(statement_)));
    }
}

std::string_view SqliteStatement::bytes(int column) const
{
    const void* data = nullptr;
    switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_NULL:
        return {};
    case SQLITE_BLOB:
        data = sqlite3_column_blob(statement_, column);
        break;
    default:
        data = sqlite3_column_text(statement_, column);
        break;
    }
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data == nullptr ? std::string_view{}
                           : std::string_view{static_cast<const char*>(data), size};
}

} // namespace hub::store
