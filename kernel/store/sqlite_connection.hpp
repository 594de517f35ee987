// SqliteConnection: one session on hub.db. Poco::Data opens it, the native handle under it runs
// the statements; an authorizer keeps libraries to their own tables when a statement is prepared.
#pragma once

#include "store/statement_cache.hpp"
#include "store/store_connection.hpp"

#include <Poco/Data/Session.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace hub::store {

class SqliteConnection;

class SqliteStatement final : public Statement {
public:
    SqliteStatement(SqliteConnection& connection, sqlite3_stmt* statement, Role role);
    ~SqliteStatement() override;
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    Statement& bind(int parameter, std::int64_t value) override;
    Statement& bindText(int parameter, std::string_view value) override;
    Statement& bindBlob(int parameter, std::string_view value) override;
    Statement& bindNull(int parameter) override;
    bool step() override;
    std::int64_t run() override;
    int columnCount() const override;
    ValueType type(int column) const override;
    std::int64_t integer(int column) const override;
    std::string_view bytes(int column) const override;

    /// Ready for new parameters and a new run.
    void reset() noexcept;

private:
    void beginBinding();
    void checkBound(int code, int parameter);

    SqliteConnection& connection_;
    sqlite3_stmt* statement_;
    Role role_;
    bool stepped_ = false;
    bool ended_ = false;
};

enum class OpenMode { Create, Existing, ReadOnly };

struct SqliteOptions {
    std::filesystem::path file;
    Access access = Access::Write;
    OpenMode mode = OpenMode::Existing;
    int busy_timeout_ms = 5000;
};

class SqliteConnection final : public StoreConnection {
public:
    SqliteConnection(SqliteOptions options, const Libraries& libraries);
    ~SqliteConnection() override;
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    Backend backend() const override { return Backend::SQLite; }
    Statement& prepare(std::string_view sql) override;
    void execute(std::string_view sql) override;
    void actAs(const Role& role) override;
    void begin() override;
    void commit() override;
    void rollback() noexcept override;
    void savepoint() override;
    void release() override;
    void rollbackToSavepoint() override;
    bool transactionLives() const override;
    bool hasWritten() const override;

    void executeAsOwner(const std::string& library, std::string_view sql) override;
    void reopen() override;
    void beginSnapshot() override;

    /// Throws StoreFailure{Lost} while a reopen() has failed.
    sqlite3* handle() const;
    [[noreturn]] void fail(int code, std::string_view what);
    /// The role that the authorizer judges by until the next call.
    void authorizeAs(const Role& role);
    /// From now on this long until a statement of a library is interrupted.
    void beginBudget() noexcept;

private:
    enum class Mode { Kernel, Library, Owner };
    using Cache = StatementCache<SqliteStatement>;

    static int checkBudget(void* self);
    static int authorize(
        void* self, int action, const char* a, const char* b, const char* database, const char* by);
    bool allows(int action, const char* a, const char* b);
    bool allowsView(int action, const char* name, const char* by) const;
    bool allowsToLibrary(int action, const char* a, const char* b);
    bool allowsToOwner(int action, const char* a, const char* b);
    bool isOwn(const char* name) const;
    std::int64_t countForeign(const std::string& library);
    void checkCountedTables(std::string_view sql);

    /// What every group runs, prepared once.
    enum class Control { Begin, Commit, Rollback, Savepoint, Release };
    static constexpr std::size_t kControls = 5;

    void open();
    void configure();
    void prepareControls();
    void control(Control what);
    void close() noexcept;
    void runScript(std::string_view sql);
    void resetStatements() noexcept;
    void requireTransaction() const;

    SqliteOptions options_;
    const Libraries& libraries_;
    std::optional<Poco::Data::Session> session_;
    sqlite3* handle_ = nullptr;
    std::array<sqlite3_stmt*, kControls> controls_{};

    Role role_;
    Mode mode_ = Mode::Kernel;
    Role authorized_;
    std::string own_prefix_;
    std::set<std::string> views_;      // of others, that the role may read
    std::vector<std::string> counted_; // names read without a column, judged after prepare
    std::map<std::string, Cache> caches_;
    Cache* cache_ = nullptr;
    std::int64_t changes_at_begin_ = 0;
    std::chrono::steady_clock::time_point budget_end_;
    Trouble ended_by_ = Trouble::Io; // why the last failed statement may have ended the transaction
};

} // namespace hub::store
