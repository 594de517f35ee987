#include "store/move_rows.hpp"

namespace registration {

namespace {

constexpr std::string_view kColumns =
    "SELECT organization_id, edition, to_delegation_id, to_sub_delegation_id, reason, asked_by, "
    "asked_ms FROM registration_move WHERE partition = 0 AND ";

Move readMove(const hub::Row& row)
{
    return {row.text(0),
            row.text(1),
            row.text(2),
            row.text(3),
            row.text(4),
            row.text(5),
            row.integer(6)};
}

} // namespace

std::optional<Move> findMove(const hub::Snapshot& snapshot, std::string_view organization_id)
{
    std::optional<Move> found;
    snapshot.query(std::string(kColumns) + "organization_id = ?",
                   {organization_id},
                   [&](const hub::Row& row) { found = readMove(row); });
    return found;
}

std::vector<Move>
movesTo(const hub::Snapshot& snapshot, std::string_view edition, std::string_view delegation_id)
{
    std::vector<Move> moves;
    snapshot.query(std::string(kColumns) + "edition = ? AND (? = '' OR to_delegation_id = ?) "
                                           "ORDER BY asked_ms, organization_id LIMIT 500",
                   {edition, delegation_id, delegation_id},
                   [&](const hub::Row& row) { moves.push_back(readMove(row)); });
    return moves;
}

void putMove(const hub::Unit& unit, const Move& move)
{
    unit.execute("INSERT INTO registration_move (partition, organization_id, edition, "
                 "to_delegation_id, to_sub_delegation_id, reason, asked_by, asked_ms) "
                 "VALUES (0, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (partition, organization_id) "
                 "DO UPDATE SET to_delegation_id = excluded.to_delegation_id, "
                 "to_sub_delegation_id = excluded.to_sub_delegation_id, "
                 "reason = excluded.reason, asked_by = excluded.asked_by, "
                 "asked_ms = excluded.asked_ms",
                 {move.organization_id,
                  move.edition,
                  move.to_delegation_id,
                  move.to_sub_delegation_id,
                  move.reason,
                  move.asked_by,
                  move.asked_ms});
}

void removeMove(const hub::Unit& unit, std::string_view organization_id)
{
    unit.execute("DELETE FROM registration_move WHERE partition = 0 AND organization_id = ?",
                 {organization_id});
}

} // namespace registration
