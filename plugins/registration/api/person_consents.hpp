// Consents of an organization's persons: given, looked at, withdrawn (D-09).
#pragma once

#include "flow/work.hpp"

namespace registration {

/// GET /organizations/{organization_id}/persons/{person_id}/consents
hub::Answer listPersonConsents(const hub::Snapshot& snapshot, const hub::Event& event);
/// PUT …/consents/{kind}: the version that the person agreed to, as the contact says.
hub::Answer putPersonConsent(const Work& work);
/// DELETE …/consents/{kind}: nothing more of the person is taken, and it is not submitted.
hub::Answer deletePersonConsent(const Work& work);

} // namespace registration
