#include "store/postgres_trouble.hpp"

#include "store/sql_text.hpp"

namespace hub::store {

namespace {

std::string firstLine(const char* text)
{
    const std::string_view view = text == nullptr ? "" : text;
    return std::string{view.substr(0, view.find('\n'))};
}

} // namespace

Trouble toTrouble(std::string_view sqlstate)
{
    struct Row {
        std::string_view prefix; // the first that fits counts
        Trouble trouble;
    };
    static constexpr Row kRows[] = {
        {"23505", Trouble::Constraint}, // unique
        {"23503", Trouble::Constraint}, // foreign key
        {"23P01", Trouble::Constraint}, // exclusion
        {"23001", Trouble::Constraint}, // restrict
        {"42501", Trouble::Denied},
        {"25006", Trouble::ReadOnly},
        {"53100", Trouble::Full},
        {"53", Trouble::Busy},    // memory, connections
        {"40003", Trouble::Lost}, // completion unknown
        {"40", Trouble::Busy},    // deadlock, serialization
        {"55P03", Trouble::Busy}, // lock time-out
        {"57014", Trouble::Busy}, // canceled by a time-out
        {"57P", Trouble::Lost},   // shutdown, crash, terminated
        {"08", Trouble::Lost},
        {"58", Trouble::Io},
        {"XX", Trouble::Io},
    };
    for (const Row& row : kRows) {
        if (sqlstate.starts_with(row.prefix)) {
            return row.trouble;
        }
    }
    return Trouble::Statement;
}

void checkResult(PGconn* connection, const PostgresResult& result, std::string_view sql)
{
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        return;
    }
    if (status == PGRES_EMPTY_QUERY) {
        throw StoreFailure(Trouble::Statement, "an empty statement; expected SQL");
    }
    if (!result || PQstatus(connection) != CONNECTION_OK) {
        throw StoreFailure(Trouble::Lost,
                           fmt::format("PostgreSQL: the connection is gone: {}",
                                       firstLine(PQerrorMessage(connection))));
    }
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    const char* message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
    if (state == nullptr) {
        throw StoreFailure(Trouble::Statement,
                           fmt::format("PostgreSQL: {}", firstLine(PQerrorMessage(connection))));
    }
    throw StoreFailure(toTrouble(state),
                       fmt::format("PostgreSQL: {} (SQLSTATE {}) in \"{}\"",
                                   message == nullptr ? "no text" : message,
                                   state,
                                   excerpt(sql)));
}

} // namespace hub::store
