#include "support/postgres.hpp"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <libpq-fe.h>
#include <unistd.h>

namespace hub::test {

namespace {

std::string serverConnection()
{
    const char* connection = std::getenv("HUB_TEST_POSTGRES"); // NOLINT: no thread sets it
    if (connection == nullptr || *connection == '\0') {
        throw std::runtime_error(
            "HUB_TEST_POSTGRES is not set: run this test by ctest, which starts a server, or run "
            "tests/support/postgres.sh start /tmp/hub-postgres and set "
            "HUB_TEST_POSTGRES=\"host=/tmp/hub-postgres user=hub dbname=hub\"");
    }
    return connection;
}

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection connect(const std::string& schema)
{
    Connection connection(PQconnectdb((serverConnection() + " application_name=" + schema +
                                       "_test options=-csearch_path=" + schema)
                                          .c_str()),
                          &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK) {
        throw std::runtime_error(std::string("the tests' PostgreSQL does not answer; start it with "
                                             "tests/support/postgres.sh: ") +
                                 PQerrorMessage(connection.get()));
    }
    return connection;
}

std::string makeName()
{
    static std::atomic<int> count{0};
    return "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
}

} // namespace

PostgresSchema::PostgresSchema()
    : connection_(serverConnection())
    , name_(makeName())
{
    connection_ += " application_name=" + name_;
    run("DROP SCHEMA IF EXISTS " + name_ + " CASCADE");
}

PostgresSchema::~PostgresSchema()
{
    try {
        terminateSessions();
        run("DROP SCHEMA IF EXISTS " + name_ + " CASCADE");
        run("DO $$ DECLARE r text; BEGIN FOR r IN SELECT rolname FROM pg_roles WHERE "
            "starts_with(rolname, 'hub_" +
            name_ + "_') LOOP EXECUTE 'DROP ROLE ' || r; END LOOP; END $$");
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "%s\n", exception.what());
    }
}

std::string PostgresSchema::socketFolder() const
{
    return PQhost(connect(name_).get());
}

std::string PostgresSchema::run(const std::string& sql) const
{
    const Connection connection = connect(name_);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), ("SET client_min_messages = error; " + sql).c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
    }
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

void PostgresSchema::terminateSessions() const
{
    // The time-out makes it wait until they have ended.
    run("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
        "WHERE application_name = '" +
        name_ + "'");
}

} // namespace hub::test
