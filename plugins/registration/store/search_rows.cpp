#include "store/search_rows.hpp"

#include <hub/person.hpp>

#include <set>

namespace registration {

namespace {

// By registration_search_person, which holds all that they ask for: SQLite without statistics takes
// any index that does for as good as the one that leads to the person, and walks all terms.
constexpr std::string_view kTerms =
    "SELECT term FROM registration_search WHERE partition = 0 AND person_id = ?";
constexpr std::string_view kRemoveTerm =
    "DELETE FROM registration_search WHERE partition = 0 AND person_id = ? AND term = ?";
constexpr std::string_view kPlace =
    "UPDATE registration_search SET submitted_ms = ?, delegation_id = ?, sub_delegation_id = ? "
    "WHERE partition = 0 AND person_id = ?";

std::set<std::string> storedTerms(const hub::Unit& unit, const Person& person)
{
    std::set<std::string> terms;
    unit.query(kTerms, {person.person_id}, [&](const hub::Row& row) { terms.insert(row.text(0)); });
    return terms;
}

} // namespace

void putSearchTerms(const hub::Unit& unit,
                    const Person& person,
                    const std::vector<std::string>& terms)
{
    std::set<std::string> old = storedTerms(unit, person);
    for (const std::string& term : terms) {
        const std::string index = searchIndex(unit, term);
        if (old.erase(index) == 0) {
            unit.execute("INSERT INTO registration_search (partition, edition, term, person_id, "
                         "submitted_ms, delegation_id, sub_delegation_id) "
                         "VALUES (0, ?, ?, ?, ?, ?, ?)",
                         {person.edition,
                          hub::Blob{index},
                          person.person_id,
                          person.submitted_ms,
                          person.delegation_id,
                          person.sub_delegation_id});
        }
    }
    for (const std::string& index : old) {
        unit.execute(kRemoveTerm, {person.person_id, hub::Blob{index}});
    }
}

std::vector<std::string_view> termStatements()
{
    return {kTerms, kRemoveTerm, kPlace};
}

void placeSearchTerms(const hub::Unit& unit, const Person& person)
{
    unit.execute(
        kPlace,
        {person.submitted_ms, person.delegation_id, person.sub_delegation_id, person.person_id});
}

std::string searchIndex(const hub::Snapshot& snapshot, std::string_view term)
{
    return hub::person::blindIndex(snapshot, "search", term);
}

} // namespace registration
