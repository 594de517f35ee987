#include "store_reader.hpp"

#include <stdexcept>

#include <sqlite3.h>

namespace bench {

namespace {

constexpr int kBusyMs = 5000;

} // namespace

std::int64_t StoreReader::Row::integer(int column) const
{
    return sqlite3_column_int64(statement_, column);
}

std::string StoreReader::Row::text(int column) const
{
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes == nullptr ? std::string{} : std::string(bytes);
}

StoreReader::StoreReader(const std::filesystem::path& file)
    : file_(file)
{
    if (sqlite3_open_v2(file.c_str(), &store_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) {
        const std::string why = sqlite3_errmsg(store_);
        sqlite3_close(store_);
        throw std::runtime_error(file.string() + " can't be read: " + why);
    }
    sqlite3_busy_timeout(store_, kBusyMs);
}

StoreReader::~StoreReader()
{
    sqlite3_close(store_);
}

void StoreReader::query(const std::string& sql, const std::function<void(const Row&)>& take) const
{
    sqlite3_stmt* statement = nullptr;
    int step = sqlite3_prepare_v2(store_, sql.c_str(), -1, &statement, nullptr);
    if (step == SQLITE_OK) {
        while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
            take(Row(statement));
        }
    }
    const std::string why = sqlite3_errmsg(store_);
    sqlite3_finalize(statement);
    if (step != SQLITE_DONE) {
        throw std::runtime_error(file_.string() + " can't be read: " + why + ": " + sql);
    }
}

std::int64_t StoreReader::number(const std::string& sql) const
{
    std::int64_t value = 0;
    query(sql, [&](const Row& row) { value = row.integer(0); });
    return value;
}

} // namespace bench
