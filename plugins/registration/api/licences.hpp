// Licences: the proof of an organization's qualification, uploaded, read, and looked at.
#pragma once

#include "flow/licence_reading.hpp"
#include "flow/opening.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// PUT /organizations/{organization_id}/licence: a picture.
hub::Answer putLicencePicture(const Work& work);
/// The page "licence": what is known of it.
hub::Answer showLicence(const hub::Snapshot& snapshot, const Opened& opened);
/// POST /organizations/{organization_id}/licence/views: a piece of the picture; the look is noted.
hub::Answer viewLicence(const Work& work);

} // namespace registration
