// StoreCopy: a consistent copy of a store that a hub may be writing meanwhile.
#pragma once

#include "store/database.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace hub::store {

/// Copies a SQLite file by VACUUM INTO: one read transaction, so the copy is the store of one
/// moment, and with a write-ahead log no writer waits for it. The backup API would begin again
/// whenever the lane commits between two of its steps, and it would carry along freed pages: what
/// was erased or purged does not travel this way. Meanwhile the log can't be cut off, only grow.
/// The copy is examined whole and fsynced: a damaged one is never called a backup. Throws
/// base::Failure.
void copySqlite(const std::filesystem::path& from, const std::filesystem::path& to);

/// Reads every page and compares every index with its table: seconds for a million rows, so not
/// at each start. Throws base::Failure that names the first fault.
void examineSqlite(const std::filesystem::path& file);

/// Dumps the hub's schema by pg_dump in its own format, as `snapshot` (of pg_export_snapshot) sees
/// it. The connection's password goes by the environment, never by the arguments. Throws
/// base::Failure: pg_dump is missing, or with what it said.
void dumpPostgres(const Settings& settings,
                  const std::string& snapshot,
                  const std::filesystem::path& to,
                  const std::string& program = "pg_dump");

/// Throws base::Failure when the hub's schema is there already: it is restored into nothing else.
void checkNoSchema(const Settings& settings);

/// Makes the schema, the roles of its libraries and what the dump holds; `marks` (SQL) runs in the
/// same transaction, so that no hub finds the one without the other. `scratch` is a folder for the
/// script. Throws base::Failure; then the schema is not there.
void restorePostgres(const Settings& settings,
                     const std::filesystem::path& dump,
                     const std::vector<std::string>& libraries,
                     const std::string& marks,
                     const std::filesystem::path& scratch);

} // namespace hub::store
