#include "store/database.hpp"
#include "store/sqlite_connection.hpp"

namespace hub::store {

std::unique_ptr<Connection> openSideFile(const std::filesystem::path& file)
{
    // Nobody but the kernel acts on it: no library has a role here.
    static const Libraries kNone;
    constexpr int kBusyTimeoutMs = 5000;
    auto connection = std::make_unique<SqliteConnection>(
        SqliteOptions{file, Access::Write, OpenMode::Create, kBusyTimeoutMs}, kNone);
    connection->execute("PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 1000");
    return connection;
}

} // namespace hub::store
