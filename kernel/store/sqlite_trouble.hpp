// What SQLite's result codes mean to the hub.
#pragma once

#include "store/connection.hpp"

#include <string_view>

#include <sqlite3.h>

namespace hub::store {

/// `code` is an extended result code; `system_errno` that of the failed system call, or 0.
Trouble toTrouble(int code, int system_errno);

/// Throws StoreFailure with SQLite's words and what was being done.
[[noreturn]] void throwSqlite(sqlite3* handle, int code, std::string_view what);

} // namespace hub::store
