// Steps of SQLite's virtual machine, as its own counter of the statement tells them.

#include "domain_meter.hpp"

#include <stdexcept>

#include <sqlite3.h>

namespace bench {

namespace {

struct Close {
    void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

class SqliteMeter : public StatementMeter {
public:
    explicit SqliteMeter(const std::filesystem::path& file)
    {
        sqlite3* raw = nullptr;
        const int opened = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
        database_.reset(raw);
        if (opened != SQLITE_OK) {
            throw std::runtime_error(file.string() + " can't be read: " + sqlite3_errmsg(raw));
        }
    }

protected:
    std::int64_t
    run(std::string_view sql, const std::vector<hub_value>& parameters, const Row& row) override
    {
        sqlite3_stmt* raw = nullptr;
        const int prepared = sqlite3_prepare_v2(
            database_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
        const Statement statement(raw);
        require(prepared == SQLITE_OK);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            bind(raw, static_cast<int>(i) + 1, parameters[i]);
        }
        int stepped = SQLITE_DONE;
        bool more = true;
        while (more && (stepped = sqlite3_step(raw)) == SQLITE_ROW) {
            std::vector<hub_value> columns;
            for (int i = 0; i < sqlite3_column_count(raw); ++i) {
                columns.push_back(columnOf(raw, i));
            }
            more = row(columns);
        }
        require(!more || stepped == SQLITE_DONE);
        return sqlite3_stmt_status(raw, SQLITE_STMTSTATUS_VM_STEP, 0);
    }

private:
    void require(bool done) const
    {
        if (!done) {
            throw std::runtime_error(sqlite3_errmsg(database_.get()));
        }
    }

    static void bind(sqlite3_stmt* statement, int index, const hub_value& value)
    {
        const auto size = static_cast<int>(value.bytes.size);
        switch (value.type) {
        case HUB_VALUE_INTEGER:
            sqlite3_bind_int64(statement, index, value.integer);
            break;
        case HUB_VALUE_TEXT:
            sqlite3_bind_text(
                statement, index, hub::view(value.bytes).data(), size, SQLITE_TRANSIENT); // NOLINT
            break;
        case HUB_VALUE_BLOB:
            sqlite3_bind_blob(statement, index, value.bytes.data, size, SQLITE_TRANSIENT); // NOLINT
            break;
        default:
            sqlite3_bind_null(statement, index);
            break;
        }
    }

    static hub_value columnOf(sqlite3_stmt* statement, int i)
    {
        hub_value value{};
        switch (sqlite3_column_type(statement, i)) {
        case SQLITE_NULL:
            return value;
        case SQLITE_INTEGER:
            value.type = HUB_VALUE_INTEGER;
            value.integer = sqlite3_column_int64(statement, i);
            return value;
        default:
            break;
        }
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
        value.type = HUB_VALUE_TEXT;
        value.bytes = hub::toBytes(
            std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, i))));
        return value;
    }

    std::unique_ptr<sqlite3, Close> database_;
};

} // namespace

std::unique_ptr<StatementMeter> makeSqliteMeter(const std::filesystem::path& file)
{
    return std::make_unique<SqliteMeter>(file);
}

} // namespace bench
