#include "sqlite_reader.hpp"

#include <stdexcept>

#include <sqlite3.h>

namespace chaos {

namespace {

constexpr int kBusyMs = 10'000;

std::string valueOf(sqlite3_stmt* statement, int column)
{
    const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return value == nullptr
               ? "-"
               : std::string(value,
                             static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

} // namespace

SqliteReader::SqliteReader(const std::filesystem::path& store_folder)
    : database_(nullptr, sqlite3_close)
{
    const std::string file = store_folder / "hub.db";
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    database_.reset(opened);
    if (code != SQLITE_OK) {
        throw std::runtime_error(file + ": " + sqlite3_errstr(code));
    }
    sqlite3_busy_timeout(opened, kBusyMs);
}

void SqliteReader::select(const std::string& sql, const std::function<void(const Row&)>& take)
{
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_.get()));
    }
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared,
                                                                               sqlite3_finalize);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
        Row row;
        for (int column = 0; column < sqlite3_column_count(prepared); ++column) {
            row.push_back(valueOf(prepared, column));
        }
        take(row);
    }
    if (code != SQLITE_DONE) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_.get()));
    }
}

} // namespace chaos
