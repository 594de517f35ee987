// Consents of an organization's contact: given, looked at, withdrawn (D-09).
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// GET /organizations/{organization_id}/consents
hub::Answer listConsents(const hub::Snapshot& snapshot, const hub::Event& event);
/// PUT /organizations/{organization_id}/consents/{kind}: to the version that was shown.
hub::Answer putConsent(const Work& work);
/// DELETE of the same: withdrawn from now on; what was given stays known.
hub::Answer deleteConsent(const Work& work);

} // namespace registration
