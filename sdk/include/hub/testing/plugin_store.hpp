// PluginStore: hub.store/1 over a SQLite database in memory, for tests of plugins. It keeps what
// the hub keeps: one statement a call, only the plugin's own tables, read-only reads, units that
// really roll back. One thread at a time.
#pragma once

#include <hub/event.hpp>
#include <hub/ext/store.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

namespace hub::testing {

class PluginStore {
public:
    /// Runs the plugin's migrations, `0001_name.sql` and so on, in the order of their names.
    PluginStore(const std::string& plugin_id, const std::filesystem::path& migrations)
        : prefix_(plugin_id + "_")
    {
        sqlite3* raw = nullptr;
        if (sqlite3_open(":memory:", &raw) != SQLITE_OK) {
            sqlite3_close(raw);
            throw std::runtime_error("no database in memory can be opened");
        }
        database_.reset(raw);
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(migrations)) {
            files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        for (const auto& file : files) {
            std::ifstream stream(file);
            std::ostringstream text;
            text << stream.rdbuf();
            asHub(text.str());
        }
        sqlite3_set_authorizer(raw, &PluginStore::authorize, this);
    }

    void begin() { asHub("SAVEPOINT unit"); }
    void commit() { asHub("RELEASE unit"); }
    void rollback() { asHub("ROLLBACK TO unit; RELEASE unit"); }
    void setReadOnly(bool read_only) noexcept { read_only_ = read_only; }

    /// All that the tables hold, as it would lie on a disk: for looking whether something is in it.
    std::string bytes()
    {
        sqlite3_int64 size = 0;
        is_hub_ = true;
        unsigned char* raw = sqlite3_serialize(database_.get(), "main", &size, 0);
        is_hub_ = false;
        if (raw == nullptr) {
            throw std::runtime_error("the tables can't be read as a whole");
        }
        std::string all(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
        sqlite3_free(raw);
        return all;
    }

    /// The statement after `statements` more fails as if the store had gone away.
    void failAfter(int statements) noexcept { left_until_failure_ = statements; }
    void neverFail() noexcept { left_until_failure_ = -1; }

    hub_status execute(std::string_view sql,
                       const hub_value* parameters,
                       std::uint32_t parameter_count,
                       hub_row_fn row,
                       void* user,
                       std::int64_t* changes,
                       hub_text* error)
    {
        if (left_until_failure_ == 0) {
            return fail(HUB_UNAVAILABLE, "the store is away", error);
        }
        left_until_failure_ -= left_until_failure_ > 0 ? 1 : 0;
        denied_ = false;
        const char* tail = nullptr;
        sqlite3_stmt* raw = nullptr;
        const int prepared = sqlite3_prepare_v2(
            database_.get(), sql.data(), static_cast<int>(sql.size()), &raw, &tail);
        const Statement statement(raw);
        if (prepared != SQLITE_OK) {
            const std::string why = sqlite3_errmsg(database_.get());
            return fail(denied_ ? HUB_UNAUTHENTICATED : HUB_BAD_REQUEST, why, error);
        }
        const std::string_view rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
        if (raw == nullptr || rest.find_first_not_of(" \t\n;") != std::string_view::npos) {
            return fail(HUB_UNAUTHENTICATED, "a call runs exactly one statement", error);
        }
        if (sqlite3_bind_parameter_count(raw) != static_cast<int>(parameter_count)) {
            return fail(
                HUB_BAD_REQUEST, "the number of parameters differs from the number of ?", error);
        }
        for (std::uint32_t i = 0; i < parameter_count; ++i) {
            bind(raw, static_cast<int>(i) + 1, parameters[i]);
        }
        return run(raw, row, user, changes, error);
    }

    /// For assertions: one number of any table, as the hub.
    std::int64_t integer(const std::string& sql)
    {
        is_hub_ = true;
        sqlite3_stmt* raw = nullptr;
        const int prepared = sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &raw, nullptr);
        is_hub_ = false;
        const Statement statement(raw);
        if (prepared != SQLITE_OK || sqlite3_step(raw) != SQLITE_ROW) {
            throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_.get()));
        }
        return sqlite3_column_int64(raw, 0);
    }

    /// For assertions and for damage done on purpose: statements as the hub.
    void asHub(const std::string& sql)
    {
        is_hub_ = true;
        char* message = nullptr;
        const int done = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, &message);
        is_hub_ = false;
        if (done != SQLITE_OK) {
            const std::string why = message == nullptr ? "" : message;
            sqlite3_free(message);
            throw std::runtime_error(why + " in: " + sql);
        }
    }

private:
    struct Close {
        void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

    hub_status fail(hub_status status, const std::string& why, hub_text* error)
    {
        error_ = why;
        *error = toText(error_);
        return status;
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
                statement, index, view(value.bytes).data(), size, SQLITE_TRANSIENT); // NOLINT
            break;
        case HUB_VALUE_BLOB:
            sqlite3_bind_blob(statement, index, value.bytes.data, size, SQLITE_TRANSIENT); // NOLINT
            break;
        default:
            sqlite3_bind_null(statement, index);
            break;
        }
    }

    hub_status
    run(sqlite3_stmt* statement, hub_row_fn row, void* user, std::int64_t* changes, hub_text* error)
    {
        const std::int64_t before = sqlite3_total_changes64(database_.get());
        int stepped = SQLITE_ROW;
        bool more = true;
        while (more && (stepped = sqlite3_step(statement)) == SQLITE_ROW) {
            std::vector<hub_value> columns;
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                if (sqlite3_column_type(statement, i) == SQLITE_FLOAT) {
                    return fail(HUB_BAD_REQUEST, "a column is a floating-point number", error);
                }
                columns.push_back(read(statement, i));
            }
            more = row == nullptr ||
                   row(user, columns.data(), static_cast<std::uint32_t>(columns.size())) != 0;
        }
        if (more && stepped != SQLITE_DONE) {
            const bool refused = (stepped & 0xFF) == SQLITE_CONSTRAINT;
            return fail(refused ? HUB_ALREADY_DONE : HUB_BAD_REQUEST,
                        sqlite3_errmsg(database_.get()),
                        error);
        }
        if (changes != nullptr) {
            *changes = sqlite3_total_changes64(database_.get()) - before;
        }
        return HUB_OK;
    }

    static hub_value read(sqlite3_stmt* statement, int column)
    {
        hub_value value{};
        switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER:
            value.type = HUB_VALUE_INTEGER;
            value.integer = sqlite3_column_int64(statement, column);
            break;
        case SQLITE_NULL:
            break;
        default:
            value.type = sqlite3_column_type(statement, column) == SQLITE_TEXT ? HUB_VALUE_TEXT
                                                                               : HUB_VALUE_BLOB;
            value.bytes.data =
                static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
            value.bytes.size = static_cast<std::uint64_t>(sqlite3_column_bytes(statement, column));
            break;
        }
        return value;
    }

    static int authorize(void* user,
                         int action,
                         const char* table,
                         const char* /*detail*/,
                         const char* /*database*/,
                         const char* /*trigger*/)
    {
        auto& self = *static_cast<PluginStore*>(user);
        const bool reads = action == SQLITE_READ;
        const bool writes =
            action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
        const bool neutral =
            action == SQLITE_SELECT || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE;
        const bool own = table != nullptr &&
                         std::string_view{table}.substr(0, self.prefix_.size()) == self.prefix_;
        if (self.is_hub_ || neutral || (own && reads) || (own && writes && !self.read_only_)) {
            return SQLITE_OK;
        }
        self.denied_ = true;
        return SQLITE_DENY;
    }

    std::string prefix_;
    std::unique_ptr<sqlite3, Close> database_;
    std::string error_;
    int left_until_failure_ = -1;
    bool is_hub_ = false;
    bool read_only_ = false;
    bool denied_ = false;
};

} // namespace hub::testing
