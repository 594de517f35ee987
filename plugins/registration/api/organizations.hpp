// Applications of organizations as they are looked at: one, lists of them, what happened, how far
// it has come.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// Without anything personal.
Json organizationBody(const Organization& organization);

/// GET /organizations/{organization_id}
hub::Answer showOrganization(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET /editions/{edition}/organizations: those of whoever asks, by state, name and code.
hub::Answer listOrganizationsOf(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET /organizations/{organization_id}/history
hub::Answer showHistory(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET /organizations/{organization_id}/progress: the chart of eight steps.
hub::Answer showProgress(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET /organizations/{organization_id}/past: its applications of past editions.
hub::Answer listPast(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace registration
