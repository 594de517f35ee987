#include "store/search_rows.hpp"

#include <hub/person.hpp>

namespace registration {

void putSearchTerms(const hub::Unit& unit,
                    std::string_view edition,
                    std::string_view person_id,
                    const std::vector<std::string>& terms)
{
    unit.execute("DELETE FROM registration_search WHERE partition = 0 AND person_id = ?",
                 {person_id});
    for (const std::string& term : terms) {
        const std::string index = searchIndex(unit, term);
        unit.execute("INSERT INTO registration_search (partition, edition, term, person_id) "
                     "VALUES (0, ?, ?, ?)",
                     {edition, hub::Blob{index}, person_id});
    }
}

std::string searchIndex(const hub::Snapshot& snapshot, std::string_view term)
{
    return hub::person::blindIndex(snapshot, "search", term);
}

} // namespace registration
