#include "store/count_rows.hpp"

#include <array>
#include <utility>

namespace registration {

namespace {

void add(const hub::Unit& unit,
         const Place& place,
         std::string_view what,
         std::string_view state,
         std::int64_t n)
{
    const std::array<std::pair<std::string_view, std::string_view>, 4> nodes = {
        {{"edition", place.edition},
         {"delegation", place.delegation_id},
         {"sub_delegation", place.sub_delegation_id},
         {"organization", place.organization_id}}};
    for (const auto& [kind, id] : nodes) {
        if (!id.empty()) {
            unit.execute("INSERT INTO registration_count "
                         "(partition, edition, node_kind, node_id, what, state, n) "
                         "VALUES (0, ?, ?, ?, ?, ?, ?) "
                         "ON CONFLICT (partition, edition, node_kind, node_id, what, state) "
                         "DO UPDATE SET n = registration_count.n + excluded.n",
                         {place.edition, kind, id, what, state, n});
        }
    }
}

} // namespace

void countIn(const hub::Unit& unit,
             const Place& place,
             std::string_view what,
             std::string_view state)
{
    add(unit, place, what, state, 1);
}

void countOut(const hub::Unit& unit,
              const Place& place,
              std::string_view what,
              std::string_view state)
{
    add(unit, place, what, state, -1);
}

std::map<std::string, std::int64_t> countsOf(const hub::Snapshot& snapshot,
                                             std::string_view edition,
                                             std::string_view node_kind,
                                             std::string_view node_id,
                                             std::string_view what)
{
    std::map<std::string, std::int64_t> counts;
    snapshot.query("SELECT state, n FROM registration_count WHERE partition = 0 AND edition = ? "
                   "AND node_kind = ? AND node_id = ? AND what = ? AND n <> 0",
                   {edition, node_kind, node_id, what},
                   [&](const hub::Row& row) { counts[row.text(0)] = row.integer(1); });
    return counts;
}

} // namespace registration
