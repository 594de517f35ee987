// A thin face over SQLite: a connection and statements that bind by position.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace hub::simulator {

struct StatementDeleter {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, StatementDeleter>;

class Database;

/// Not thread-safe. Every failure throws std::runtime_error with SQLite's words. Belongs to its
/// database again at its end.
class Statement {
public:
    Statement(Database& database, StatementPtr statement);
    Statement(Statement&&) noexcept = default;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    template <typename... Values>
    Statement& bind(const Values&... values)
    {
        int at = 0;
        (bindOne(++at, values), ...);
        return *this;
    }

    /// True while there is a row to read.
    bool step();
    /// For statements that give no row.
    void run();

    std::int64_t integer(int column) const;
    std::string text(int column) const;

private:
    void bindOne(int at, std::int64_t value);
    void bindOne(int at, std::string_view value);

    Database& database_;
    StatementPtr statement_;
};

class Database {
public:
    explicit Database(const std::filesystem::path& file);

    /// Several statements without values or rows.
    void run(const char* script);
    /// False when the script failed; for rolling back while another failure is under way.
    bool tryRun(const char* script) noexcept;
    Statement prepare(std::string_view sql);
    std::int64_t lastId() const { return sqlite3_last_insert_rowid(connection_.get()); }

private:
    friend class Statement;
    void check(int code) const;
    void takeBack(StatementPtr statement) noexcept;

    struct Closer {
        void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
    };
    std::unique_ptr<sqlite3, Closer> connection_;
    /// Compiled before and used by nobody now, by their text.
    std::map<std::string, StatementPtr, std::less<>> idle_;
};

} // namespace hub::simulator
