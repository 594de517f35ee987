// The part of SqliteConnection that says what a library may prepare. SQLite asks for every table,
// column and function of a statement while it compiles it, and again when the schema changed.

#include "store/sql_text.hpp"
#include "store/sqlite_connection.hpp"

#include <cstring>

namespace hub::store {

void SqliteConnection::authorizeAs(const Role& role)
{
    mode_ = role.library.empty() ? Mode::Kernel : Mode::Library;
    if (mode_ == Mode::Library && authorized_.library != role.library) {
        own_prefix_ = role.library + "_";
    }
    if (mode_ == Mode::Library) {
        views_ = libraries_.viewsFor(role.library);
    }
    authorized_ = role;
}

int SqliteConnection::authorize(
    void* self, int action, const char* a, const char* b, const char* database, const char* by)
{
    auto& connection = *static_cast<SqliteConnection*>(self);
    if (connection.mode_ == Mode::Kernel) {
        return SQLITE_OK;
    }
    // To rename something SQLite looks into the definitions of temporary tables, too.
    const bool renaming = connection.mode_ == Mode::Owner && a != nullptr &&
                          std::strcmp(a, "sqlite_temp_master") == 0;
    const bool elsewhere = database != nullptr && std::strcmp(database, "main") != 0 && !renaming;
    const bool allowed = connection.allowsView(action, a, by) || connection.allows(action, a, b);
    return !elsewhere && allowed ? SQLITE_OK : SQLITE_DENY;
}

/// The view itself, and whatever SQLite reads on its behalf.
bool SqliteConnection::allowsView(int action, const char* name, const char* by) const
{
    if (mode_ != Mode::Library || action != SQLITE_READ || views_.empty()) {
        return false;
    }
    return (name != nullptr && views_.contains(toLower(name))) ||
           (by != nullptr && views_.contains(toLower(by)));
}

bool SqliteConnection::allows(int action, const char* a, const char* b)
{
    return allowsToLibrary(action, a, b) || (mode_ == Mode::Owner && allowsToOwner(action, a, b));
}

bool SqliteConnection::isOwn(const char* name) const
{
    return name != nullptr && toLower(name).starts_with(own_prefix_);
}

bool SqliteConnection::allowsToLibrary(int action, const char* a, const char* b)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return true;
    case SQLITE_FUNCTION:
        return b == nullptr || std::strcmp(b, "load_extension") != 0;
    case SQLITE_READ:
        if (isOwn(a)) {
            return true;
        }
        // `count(*)` names its source without a column. That may be a common table expression,
        // which only the schema can tell from a table.
        if (a != nullptr && b != nullptr && *b == '\0' && mode_ == Mode::Library) {
            counted_.emplace_back(a);
            return true;
        }
        return false;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return isOwn(a) && !authorized_.read_only;
    default:
        return false;
    }
}

bool SqliteConnection::allowsToOwner(int action, const char* a, const char* b)
{
    switch (action) {
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW:
        return isOwn(a);
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER:
        // SQLite names the index of a primary key or unique constraint itself.
        return isOwn(b) && (isOwn(a) || std::strncmp(a, "sqlite_autoindex_", 17) == 0);
    case SQLITE_ALTER_TABLE:
        return isOwn(b);
    case SQLITE_REINDEX:
        return true;
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        // Definitions are rows of the schema table; the defensive mode keeps statements off it.
        return std::strcmp(a, "sqlite_master") == 0 || std::strcmp(a, "sqlite_temp_master") == 0 ||
               std::strcmp(a, "pragma_quick_check") == 0;
    case SQLITE_PRAGMA:
        // ALTER TABLE ADD COLUMN checks the rows it has.
        return a != nullptr && std::strcmp(a, "quick_check") == 0;
    default:
        return false;
    }
}

void SqliteConnection::checkCountedTables(std::string_view sql)
{
    if (mode_ != Mode::Library) {
        return;
    }
    const std::string library = authorized_.library;
    const std::vector<std::string> names = std::exchange(counted_, {});
    for (const std::string& name : names) {
        authorizeAs(Role{});
        sqlite3_stmt* raw = nullptr;
        const int code =
            sqlite3_prepare_v2(handle(),
                               "SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE",
                               -1,
                               &raw,
                               nullptr);
        if (code != SQLITE_OK) {
            fail(code, sql);
        }
        SqliteStatement statement(*this, raw, Role{});
        if (statement.bindText(1, name).step()) {
            throw StoreFailure(Trouble::Denied,
                               fmt::format("library \"{}\": table \"{}\" is not its own in \"{}\"",
                                           library,
                                           name,
                                           excerpt(sql)));
        }
    }
}

} // namespace hub::store
