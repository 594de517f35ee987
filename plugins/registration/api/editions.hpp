// Editions and delegations: what the organizer puts before anybody registers.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// PUT /editions/{edition}: a rule pack. With "?dry_run=true" nothing is kept.
hub::Answer putEdition(const Work& work);
hub::Answer showEdition(const hub::Snapshot& snapshot, const hub::Event& event);
/// PUT /editions/{edition}/delegations: all of them, parents first.
hub::Answer putDelegations(const Work& work);
hub::Answer listDelegations(const hub::Snapshot& snapshot, const hub::Event& event);
/// The contract's operation "edition".
hub::Answer answerEdition(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace registration
