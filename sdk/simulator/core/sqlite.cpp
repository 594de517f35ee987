#include "core/sqlite.hpp"

#include <fmt/format.h>

#include <new>
#include <stdexcept>
#include <utility>

namespace hub::simulator {

Statement::Statement(Database& database, StatementPtr statement)
    : database_(database)
    , statement_(std::move(statement))
{}

Statement::~Statement()
{
    if (statement_) {
        database_.takeBack(std::move(statement_));
    }
}

bool Statement::step()
{
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        database_.check(code);
    }
    return code == SQLITE_ROW;
}

void Statement::run()
{
    while (step()) {}
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const
{
    const auto* bytes =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return bytes == nullptr ? std::string{} : std::string(bytes, static_cast<std::size_t>(size));
}

void Statement::bindOne(int at, std::int64_t value)
{
    database_.check(sqlite3_bind_int64(statement_.get(), at, value));
}

void Statement::bindOne(int at, std::string_view value)
{
    // A view may have no address; SQLite would then bind NULL.
    const char* bytes = value.data() == nullptr ? "" : value.data();
    database_.check(sqlite3_bind_text(
        statement_.get(), at, bytes, static_cast<int>(value.size()), SQLITE_TRANSIENT));
}

Database::Database(const std::filesystem::path& file)
{
    sqlite3* connection = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(),
                        &connection,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr);
    connection_.reset(connection);
    if (code != SQLITE_OK) {
        throw std::runtime_error(fmt::format("{}: can't be opened ({}); check the folder's rights",
                                             file.string(),
                                             sqlite3_errstr(code)));
    }
}

void Database::run(const char* script)
{
    char* text = nullptr;
    if (sqlite3_exec(connection_.get(), script, nullptr, nullptr, &text) != SQLITE_OK) {
        const std::string why = text == nullptr ? "no reason given" : text;
        sqlite3_free(text);
        throw std::runtime_error("the books: " + why);
    }
}

bool Database::tryRun(const char* script) noexcept
{
    return sqlite3_exec(connection_.get(), script, nullptr, nullptr, nullptr) == SQLITE_OK;
}

Statement Database::prepare(std::string_view sql)
{
    if (const auto known = idle_.find(sql); known != idle_.end() && known->second) {
        return {*this, std::move(known->second)};
    }
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(connection_.get(),
                             sql.data(),
                             static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT,
                             &statement,
                             nullptr));
    return {*this, StatementPtr(statement)};
}

/// One of each text is kept; a second one was needed only while the first was in use.
void Database::takeBack(StatementPtr statement) noexcept
{
    sqlite3_reset(statement.get());
    sqlite3_clear_bindings(statement.get());
    try {
        idle_.insert_or_assign(sqlite3_sql(statement.get()), std::move(statement));
    } catch (const std::bad_alloc&) { // then it is compiled again
    }
}

void Database::check(int code) const
{
    if (code != SQLITE_OK) {
        throw std::runtime_error(fmt::format("the books: {}", sqlite3_errmsg(connection_.get())));
    }
}

} // namespace hub::simulator
