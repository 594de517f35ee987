// What a delegation does to persons, one or many at once: categories, the lock, cancellation; and
// what an organization does when one of its persons is not to come.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

// POST /persons/<action> answers for each person whether it was done, or why not; what is done is
// kept, so that only failures are tried again. POST /persons/{person_id}/<action> is about one and
// refused as a whole.
hub::Answer categorizePersons(const Work& work);
hub::Answer uncategorizePersons(const Work& work);
hub::Answer lockPersons(const Work& work);
hub::Answer cancelPersons(const Work& work);

/// POST /persons/{person_id}/cancellation/refuse
hub::Answer refuseCancellation(const Work& work);
/// POST /organizations/{organization_id}/persons/{person_id}/cancel
hub::Answer cancelOwnPerson(const Work& work);

} // namespace registration
