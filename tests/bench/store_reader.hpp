// StoreReader: reads a SQLite file beside the program that owns it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace bench {

/// Not thread-safe. All throw std::runtime_error with SQLite's words.
class StoreReader {
public:
    class Row {
    public:
        explicit Row(sqlite3_stmt* statement)
            : statement_(statement)
        {}
        std::int64_t integer(int column) const;
        std::string text(int column) const;

    private:
        sqlite3_stmt* statement_;
    };

    explicit StoreReader(const std::filesystem::path& file);
    ~StoreReader();
    StoreReader(const StoreReader&) = delete;
    StoreReader& operator=(const StoreReader&) = delete;

    void query(const std::string& sql, const std::function<void(const Row&)>& take) const;
    /// Of a query with one row and one column.
    std::int64_t number(const std::string& sql) const;

private:
    std::filesystem::path file_;
    sqlite3* store_ = nullptr;
};

} // namespace bench
