#include "store/cancellation_rows.hpp"

namespace registration {

std::optional<Cancellation> findCancellation(const hub::Snapshot& snapshot,
                                             std::string_view person_id)
{
    std::optional<Cancellation> found;
    snapshot.query("SELECT person_id, reason, asked_by, asked_ms FROM registration_cancellation "
                   "WHERE partition = 0 AND person_id = ?",
                   {person_id},
                   [&](const hub::Row& row) {
                       found = Cancellation{row.text(0), row.text(1), row.text(2), row.integer(3)};
                   });
    return found;
}

void insert(const hub::Unit& unit, const Cancellation& cancellation)
{
    unit.execute("INSERT INTO registration_cancellation "
                 "(partition, person_id, reason, asked_by, asked_ms) VALUES (0, ?, ?, ?, ?)",
                 {cancellation.person_id,
                  cancellation.reason,
                  cancellation.asked_by,
                  cancellation.asked_ms});
}

bool removeCancellation(const hub::Unit& unit, std::string_view person_id)
{
    return unit.execute("DELETE FROM registration_cancellation WHERE partition = 0 "
                        "AND person_id = ?",
                        {person_id}) == 1;
}

} // namespace registration
