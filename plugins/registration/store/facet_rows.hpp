// How many submitted persons of a group have the same values in what lists filter by, kept by every
// change of a person's row: totals of filtered lists are sums, nobody counts persons.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string_view>

namespace registration {

/// The values by which the stored person counts, and its place; nothing of who is in no list.
std::optional<Person> listedPerson(const hub::Snapshot& snapshot, std::string_view person_id);

/// From what the person was to what it is now, at every level of its place. One who was never, or
/// is no more, in a list counts nowhere.
void recountFacets(const hub::Unit& unit,
                   const std::optional<Person>& before,
                   const std::optional<Person>& after);

} // namespace registration
