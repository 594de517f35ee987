// The hub's SQLite store, read-only, beside the hub that writes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;

namespace chaos {

class SqliteReader {
public:
    /// Throws std::runtime_error when there is none in the folder.
    explicit SqliteReader(const std::filesystem::path& store_folder);

    using Row = std::vector<std::string>; ///< the values as text; "-" for null
    /// Throws std::runtime_error with the statement when it can't be carried out.
    void select(const std::string& sql, const std::function<void(const Row&)>& take);

private:
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
};

} // namespace chaos
