#include "app/library_records.hpp"

#include "base/encoding.hpp"

namespace hub::app {

std::string LibraryRecords::wanted(const std::string& library)
{
    std::string wanted;
    lane_.runNow([&](journal::LaneContext& context) {
        auto& query =
            context.group.connection().prepare("SELECT wanted FROM hub_library WHERE id = ?");
        query.bindText(1, library);
        wanted = query.step() ? query.text(0) : "";
    });
    return wanted;
}

void LibraryRecords::want(const std::string& library,
                          const std::string& wanted,
                          const std::string& actor)
{
    lane_.runNow([&](journal::LaneContext& context) {
        context.group.connection()
            .prepare("INSERT INTO hub_library (id, wanted, reason, changed_ms, changed_by) "
                     "VALUES (?, ?, '', ?, ?) ON CONFLICT (id) DO UPDATE SET "
                     "wanted = excluded.wanted, changed_ms = excluded.changed_ms, "
                     "changed_by = excluded.changed_by")
            .bindText(1, library)
            .bindText(2, wanted)
            .bind(3, context.group.nowMs())
            .bindText(4, actor)
            .run();
    });
}

std::int64_t LibraryRecords::configurationVersion(const std::string& library,
                                                  const base::Json& configuration)
{
    const std::string digest = base::sha256Hex(configuration.dump());
    std::int64_t version = 0;
    lane_.runNow([&](journal::LaneContext& context) {
        store::Connection& connection = context.group.connection();
        auto& latest = connection.prepare("SELECT version, digest FROM hub_configuration "
                                          "WHERE library = ? ORDER BY version DESC LIMIT 1");
        latest.bindText(1, library);
        bool same = false;
        version = 0;
        while (latest.step()) {
            version = latest.integer(0);
            same = latest.text(1) == digest;
        }
        if (same) {
            return;
        }
        connection
            .prepare("INSERT INTO hub_configuration (library, version, digest, first_ms) "
                     "VALUES (?, ?, ?, ?)")
            .bindText(1, library)
            .bind(2, ++version)
            .bindText(3, digest)
            .bind(4, context.group.nowMs())
            .run();
    });
    return version;
}

} // namespace hub::app
