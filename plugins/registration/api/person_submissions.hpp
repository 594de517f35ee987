// Submitting persons, and what may still change afterwards: the admission period until an order is
// made, how the badge is received until it is produced.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// POST …/persons/{person_id}/submission: {"confirmed", "declaration"}
hub::Answer submitOnePerson(const Work& work);
/// POST …/persons/submissions: {"person_ids", "confirmed", "declaration"}; a result for each.
hub::Answer submitPersons(const Work& work);
/// PUT …/persons/{person_id}/admission-period: {"admission_period", "confirmed"}
hub::Answer changePeriod(const Work& work);
/// PUT …/persons/{person_id}/delivery: {"delivery_method", "address_id"}
hub::Answer changeDelivery(const Work& work);

} // namespace registration
