// SQL as text: a scanner that knows quotes and comments, and what is built on it: the translation
// of types and parameters between the back ends and the rules for a library's statements. It is
// no parser; what it can't be sure of it refuses.
#pragma once

#include "store/connection.hpp"

#include <set>
#include <string>
#include <string_view>

namespace hub::store {

struct SqlToken {
    enum class Kind { End, Word, QuotedName, String, Parameter, Other };
    Kind kind = Kind::End;
    std::string_view text; // as written, quotes included
};

/// Walks over the tokens of a text that outlives it; skips space and comments.
class SqlScanner {
public:
    explicit SqlScanner(std::string_view sql)
        : sql_(sql)
    {}
    SqlToken next();

private:
    void skipSpace();
    std::size_t endOfQuoted(char quote) const;

    std::string_view sql_;
    std::size_t at_ = 0;
};

/// DDL written with BIGINT, TEXT and BLOB, in the words of the back end.
std::string translateTypes(std::string_view sql, Backend backend);

/// `?` in order becomes `$1`, `$2`, …
struct NumberedSql {
    std::string text;
    int parameters = 0;
};
NumberedSql numberParameters(std::string_view sql);

/// Throws StoreFailure{Denied} unless the text is one SELECT, INSERT, UPDATE, DELETE or WITH that
/// calls nothing a library has no business with. Which tables it may touch is the database's to
/// check: by authorizer or by role.
void checkLibraryStatement(std::string_view sql, const std::string& library, bool read_only);

/// Throws StoreFailure{Denied} when the statement gives the name of one of these views to a table
/// expression of its own: SQLite would take what that reads for read by the view.
void checkViewsNotShadowed(std::string_view sql,
                           const std::string& library,
                           const std::set<std::string>& views);

/// Throws StoreFailure{Denied} unless each statement of a library's migration defines or fills
/// tables.
void checkMigrationStatements(std::string_view sql, const std::string& library);

/// The beginning of a statement for messages; parameters are bound, so it holds no data.
std::string excerpt(std::string_view sql);

std::string toLower(std::string_view text);

} // namespace hub::store
