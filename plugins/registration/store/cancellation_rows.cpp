#include "store/cancellation_rows.hpp"

namespace registration {

bool isCancellationAsked(const hub::Snapshot& snapshot, std::string_view person_id)
{
    bool found = false;
    snapshot.query("SELECT 1 FROM registration_cancellation WHERE partition = 0 AND person_id = ?",
                   {person_id},
                   [&found](const hub::Row&) { found = true; });
    return found;
}

void insert(const hub::Unit& unit, const Cancellation& cancellation)
{
    unit.execute("INSERT INTO registration_cancellation "
                 "(partition, person_id, reason, asked_by, asked_ms) VALUES (0, ?, '', ?, ?)",
                 {cancellation.person_id, cancellation.asked_by, cancellation.asked_ms});
}

bool removeCancellation(const hub::Unit& unit, std::string_view person_id)
{
    return unit.execute("DELETE FROM registration_cancellation WHERE partition = 0 "
                        "AND person_id = ?",
                        {person_id}) == 1;
}

} // namespace registration
