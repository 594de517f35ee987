// Preview and submission of an organization's application.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// GET /organizations/{organization_id}/preview: everything as it would be submitted, and what
/// still keeps it from that.
hub::Answer previewApplication(const hub::Snapshot& snapshot, const hub::Event& event);
/// POST /organizations/{organization_id}/submission
hub::Answer submitApplication(const Work& work);

} // namespace registration
