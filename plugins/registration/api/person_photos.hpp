// The badge photo of a person: put, and looked at.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// PUT …/persons/{person_id}/photo: a picture as body; "?new_badge=true" when it would end a reuse.
hub::Answer putPhoto(const Work& work);
/// POST …/persons/{person_id}/photo/views: the picture as base64. Whoever looks stands in the
/// person's history; a GET could not write that.
hub::Answer viewPhoto(const Work& work);
/// POST …/past-persons/{past_person_id}/photo/views: the same of a past edition's.
hub::Answer viewPastPhoto(const Work& work);

} // namespace registration
