// Reviews: what delegations, sub-delegations and the organizer decide about organizations.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// POST /organizations/{organization_id}/review: approve, reject or return.
hub::Answer reviewOrganization(const Work& work);
/// POST /organizations/{organization_id}/disabling, by the organizer.
hub::Answer disableOrganization(const Work& work);
/// POST /organizations/{organization_id}/reassignment: another sub-delegation.
hub::Answer reassignOrganization(const Work& work);
/// POST /organizations/{organization_id}/move: asked for by its delegation, or ordered by the
/// organizer.
hub::Answer moveOrganization(const Work& work);
/// POST /organizations/{organization_id}/move/acceptance, by the other delegation.
hub::Answer acceptMove(const Work& work);
/// DELETE /organizations/{organization_id}/move: declined, or not wanted any more.
hub::Answer endMove(const Work& work);
/// GET /editions/{edition}/moves: those that wait for whoever asks.
hub::Answer listMoves(const hub::Snapshot& snapshot, const hub::Event& event);
/// PUT /organizations/{organization_id}/exceptions/{deadline}, by the organizer.
hub::Answer grantException(const Work& work);

} // namespace registration
