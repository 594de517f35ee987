// Quotas: what each node may give away of the limited categories, and how much of it is used.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// PUT /editions/{edition}/quotas: totals of nodes below the own one, all or none.
hub::Answer putQuotas(const Work& work);
/// GET /editions/{edition}/quotas: the own node, or the one that is named, and those below it.
hub::Answer showQuotas(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace registration
