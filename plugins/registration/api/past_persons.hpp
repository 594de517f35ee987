// Past persons: looked up by edition, number and what became of them, compared with their badges,
// and brought into this edition, one or many.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// GET /organizations/{organization_id}/past-persons
hub::Answer listPastPersons(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET …/past-persons/{past_person_id}: its data, and the badge's face field by field.
hub::Answer showPastPerson(const hub::Snapshot& snapshot, const hub::Event& event);
/// POST …/past-persons/applications: {"person_ids", "reuse", "confirmed", "badge_kept"}
hub::Answer applyPastPersons(const Work& work);

} // namespace registration
