#include "journal.hpp"

#include "sqlite_reader.hpp"

namespace chaos {

void readJournal(const std::filesystem::path& store_folder,
                 const std::string& edition,
                 const std::function<void(const JournalEvent&)>& take)
{
    SqliteReader(store_folder)
        .select("SELECT seq, type, edition, payload FROM hub_event ORDER BY seq",
                [&](const SqliteReader::Row& row) {
                    if (row.at(2) == edition) {
                        take({std::stoll(row.at(0)), row.at(1), nlohmann::json::parse(row.at(3))});
                    }
                });
}

} // namespace chaos
