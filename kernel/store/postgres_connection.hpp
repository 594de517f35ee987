// PostgresConnection: one session on a PostgreSQL server. Poco::Data opens it, libpq under it runs
// the statements. A library's statements run under the library's own role, set within the
// transaction.
#pragma once

#include "store/postgres_trouble.hpp"
#include "store/statement_cache.hpp"
#include "store/store_connection.hpp"

#include <Poco/Data/Session.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hub::store {

class PostgresConnection;

class PostgresStatement final : public Statement {
public:
    PostgresStatement(PostgresConnection& connection, std::string_view sql, Role role);
    ~PostgresStatement() override;
    PostgresStatement(const PostgresStatement&) = delete;
    PostgresStatement& operator=(const PostgresStatement&) = delete;

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

    void reset() noexcept;

private:
    struct Parameter {
        Oid type = 0; // 0 is NULL
        std::string value;
    };
    /// PostgreSQL fixes the parameters' types when it prepares: one entry per set of them. A NULL
    /// fits any.
    struct Variant {
        std::string name;
        std::vector<Oid> types;
    };

    Parameter& parameter(int number, Oid type);
    const Variant& variant();
    void execute();
    void readRow();

    PostgresConnection& connection_;
    std::string sql_;
    Role role_;
    std::vector<Parameter> parameters_;
    std::vector<Variant> variants_;
    PostgresResult result_;
    int row_ = -1;
    int columns_ = 0;
    std::int64_t changes_ = 0;
    bool ended_ = false;
    std::vector<std::string> decoded_; // of this row, for the columns that need it
};

struct PostgresOptions {
    std::string connection; // key=value …, as parseConnection() makes it
    std::string schema;
    Access access = Access::Write;
    int busy_timeout_ms = 5000;
};

/// A libpq connection string or URI in the form that Poco::Data passes on, with time-outs where
/// it has none. Throws base::Failure.
std::string parseConnection(const std::string& text);

/// `hub_<schema>_<library>`
std::string roleName(const std::string& schema, const std::string& library);

class PostgresConnection final : public StoreConnection {
public:
    PostgresConnection(PostgresOptions options, const Libraries& libraries);
    ~PostgresConnection() override;
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    Backend backend() const override { return Backend::PostgreSQL; }
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
    bool hasWritten() const override { return written_; }
    void noteWrite() noexcept { written_ = true; }

    void executeAsOwner(const std::string& library, std::string_view sql) override;
    void reopen() override;
    void beginSnapshot() override;

    /// Throws StoreFailure{Lost} while a reopen() has failed.
    PGconn* handle() const;
    /// The server process of the last session, also after it was lost.
    int serverProcess() const noexcept { return server_process_; }
    /// Sets the role for what runs next.
    void applyRole(const Role& role);
    std::string nextStatementName();
    /// To be deallocated at the next begin.
    void discard(std::string statement_name);

private:
    using Cache = StatementCache<PostgresStatement>;

    void open();
    void configure();
    void close() noexcept;
    PostgresResult command(const std::string& sql);
    void deallocate();

    PostgresOptions options_;
    const Libraries& libraries_;
    std::optional<Poco::Data::Session> session_;
    PGconn* handle_ = nullptr;
    int server_process_ = 0;

    Role role_;
    std::string applied_library_; // whose role the server has now
    int savepoints_ = 0;
    bool written_ = false; // since begin()
    std::uint64_t statements_ = 0;
    std::vector<std::string> discarded_;
    std::map<std::string, Cache> caches_;
    Cache* cache_ = nullptr;
};

} // namespace hub::store
