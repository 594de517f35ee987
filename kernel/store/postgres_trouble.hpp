// What PostgreSQL's SQLSTATEs mean to the hub.
#pragma once

#include "store/connection.hpp"

#include <memory>
#include <string_view>

#include <libpq-fe.h>

namespace hub::store {

struct ResultDeleter {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ResultDeleter>;

Trouble toTrouble(std::string_view sqlstate);

/// Throws StoreFailure unless the result is a success. The message holds PostgreSQL's primary
/// text only: the detail quotes values of the row.
void checkResult(PGconn* connection, const PostgresResult& result, std::string_view sql);

} // namespace hub::store
