// The delegation's screen of persons: the list with its filters and quick search, and how many
// persons stand in which state.
#pragma once

#include <hub/plugin.hpp>

namespace registration {

/// GET /persons
hub::Answer listPersonsOfGroup(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET /person-counts
hub::Answer showPersonCounts(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace registration
