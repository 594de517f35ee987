#include "store/sqlite_trouble.hpp"

#include "store/sql_text.hpp"

#include <cerrno>
#include <string>

namespace hub::store {

namespace {

Trouble constraintTrouble(int code)
{
    // A missing or ill value is the statement's fault; only a key that refuses is "already done".
    switch (code) {
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_DATATYPE:
        return Trouble::Statement;
    default:
        return Trouble::Constraint;
    }
}

Trouble ioTrouble(int code, int system_errno)
{
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
        return Trouble::Sync;
    }
    // The shared index of the log grows by ftruncate, whose ENOSPC comes as an I/O error.
    if (system_errno == ENOSPC || system_errno == EDQUOT) {
        return Trouble::Full;
    }
    return system_errno == EROFS ? Trouble::ReadOnly : Trouble::Io;
}

} // namespace

Trouble toTrouble(int code, int system_errno)
{
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return constraintTrouble(code);
    case SQLITE_AUTH:
        return Trouble::Denied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL:
        return Trouble::Busy;
    case SQLITE_FULL:
        return Trouble::Full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return Trouble::ReadOnly;
    case SQLITE_CANTOPEN:
        return system_errno == ENOSPC ? Trouble::Full : Trouble::ReadOnly;
    case SQLITE_IOERR:
        return ioTrouble(code, system_errno);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
        return Trouble::Io;
    default:
        return Trouble::Statement;
    }
}

void throwSqlite(sqlite3* handle, int code, std::string_view what)
{
    const int system_errno = handle == nullptr ? 0 : sqlite3_system_errno(handle);
    const char* message = handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle);
    std::string text = fmt::format("SQLite: {} (code {}) in \"{}\"", message, code, excerpt(what));
    if ((code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB) {
        const char* file = handle == nullptr ? nullptr : sqlite3_db_filename(handle, "main");
        text = fmt::format("{}: the store is damaged; stop the hub, keep this copy and put a sound "
                           "one in its place ({})",
                           file == nullptr ? "hub.db" : file,
                           text);
    }
    throw StoreFailure(toTrouble(code, system_errno), text);
}

} // namespace hub::store
