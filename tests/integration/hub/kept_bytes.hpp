// What a hub keeps and writes, as bytes to search: its folder, its tables value by value, what its
// commands show.
#pragma once

#include "support/hub_process.hpp"
#include "support/postgres.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace hub::test {

/// By a name that says where it lies.
using KeptBytes = std::map<std::string, std::string>;

/// Every file below it, but what simulators say of themselves: they are somebody else's. Throws
/// when there is none.
KeptBytes filesIn(const std::filesystem::path& folder);

/// Every value of every table, so that none is missed because a page of the file cuts it.
KeptBytes tablesOf(const HubProcess& hub);

/// `pg_dump` as a text, and the files of the whole server, its log of writes among them, where this
/// user may read them.
KeptBytes dumpOf(const PostgresSchema& schema);

/// Whatever lists or shows something, as a table and as JSON.
KeptBytes commandsOf(const HubProcess& hub);

} // namespace hub::test
