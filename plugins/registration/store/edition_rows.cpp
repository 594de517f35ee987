#include "store/edition_rows.hpp"

namespace registration {

namespace {

constexpr std::string_view kDelegationColumns =
    "SELECT delegation_id, parent_id, name_en, name_zh, area FROM registration_delegation "
    "WHERE partition = 0 AND edition = ?";

Delegation readDelegation(const hub::Row& row)
{
    return {row.text(0), row.text(1), {row.text(2), row.text(3)}, row.text(4)};
}

} // namespace

std::optional<StoredPack> findPack(const hub::Snapshot& snapshot, std::string_view edition)
{
    std::optional<StoredPack> found;
    snapshot.query("SELECT revision, pack FROM registration_edition "
                   "WHERE partition = 0 AND edition = ?",
                   {edition},
                   [&](const hub::Row& row) {
                       found = StoredPack{row.integer(0), Json::parse(row.text(1))};
                   });
    return found;
}

void putPack(const hub::Unit& unit,
             std::string_view edition,
             const StoredPack& pack,
             std::string_view changed_by)
{
    unit.execute("INSERT INTO registration_edition "
                 "(partition, edition, revision, pack, changed_by, changed_ms) "
                 "VALUES (0, ?, ?, ?, ?, ?) ON CONFLICT (partition, edition) DO UPDATE SET "
                 "revision = excluded.revision, pack = excluded.pack, "
                 "changed_by = excluded.changed_by, changed_ms = excluded.changed_ms",
                 {edition, pack.revision, pack.pack.dump(), changed_by, unit.nowMs()});
}

std::optional<Delegation> findDelegation(const hub::Snapshot& snapshot,
                                         std::string_view edition,
                                         std::string_view delegation_id)
{
    std::optional<Delegation> found;
    snapshot.query(std::string(kDelegationColumns) + " AND delegation_id = ?",
                   {edition, delegation_id},
                   [&](const hub::Row& row) { found = readDelegation(row); });
    return found;
}

std::vector<Delegation> allDelegations(const hub::Snapshot& snapshot, std::string_view edition)
{
    std::vector<Delegation> delegations;
    snapshot.query(std::string(kDelegationColumns) + " ORDER BY parent_id, delegation_id",
                   {edition},
                   [&](const hub::Row& row) { delegations.push_back(readDelegation(row)); });
    return delegations;
}

void putDelegation(const hub::Unit& unit, std::string_view edition, const Delegation& delegation)
{
    unit.execute("INSERT INTO registration_delegation "
                 "(partition, edition, delegation_id, parent_id, name_zh, name_en, area) "
                 "VALUES (0, ?, ?, ?, ?, ?, ?) ON CONFLICT (partition, edition, delegation_id) "
                 "DO UPDATE SET parent_id = excluded.parent_id, name_zh = excluded.name_zh, "
                 "name_en = excluded.name_en, area = excluded.area",
                 {edition,
                  delegation.delegation_id,
                  delegation.parent_id,
                  delegation.name.zh,
                  delegation.name.en,
                  delegation.area});
}

} // namespace registration
