// One person of an organization: its form, drawn, saved and deleted.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// GET /organizations/{organization_id}/person-form?kind=…: the empty form of a kind.
hub::Answer showPersonForm(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET /organizations/{organization_id}/persons/{person_id}
hub::Answer showPerson(const hub::Snapshot& snapshot, const hub::Event& event);
/// POST /organizations/{organization_id}/persons: {"kind", "form"}; a draft, whatever is missing.
hub::Answer addPerson(const Work& work);
/// PUT …/persons/{person_id}: {"form", "new_badge"}, with If-Match.
hub::Answer savePerson(const Work& work);
/// DELETE …/persons/{person_id}
hub::Answer deletePerson(const Work& work);
/// POST …/persons/deletions: {"person_ids"}; a result for each.
hub::Answer deletePersons(const Work& work);

} // namespace registration
