// PostgresSchema: a schema of its own for one test, in the private PostgreSQL that ctest starts
// for tests declared with hub_test(… POSTGRES).
#pragma once

#include <string>

namespace hub::test {

class PostgresSchema {
public:
    /// Only chooses a free name: the hub makes the schema. Throws std::runtime_error that says how
    /// to start the server when there is none.
    PostgresSchema();
    /// Drops the schema with the libraries' roles.
    ~PostgresSchema();
    PostgresSchema(const PostgresSchema&) = delete;
    PostgresSchema& operator=(const PostgresSchema&) = delete;

    const std::string& name() const noexcept { return name_; }
    /// What the hub connects with.
    const std::string& connection() const noexcept { return connection_; }

    /// Where the server's socket is.
    std::string socketFolder() const;
    /// Runs SQL on a session of its own, as the hub's user, with this schema first. Returns the
    /// first column of the first row, or nothing. Throws std::runtime_error.
    std::string run(const std::string& sql) const;
    /// Ends all other sessions that are connected as `application_name=<name of the schema>`.
    void terminateSessions() const;

private:
    std::string connection_;
    std::string name_;
};

} // namespace hub::test
