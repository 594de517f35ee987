// SessionUpkeep: what the lane does for sessions beside the plugins: the change that a group makes
// of them, and the rows that have to be written or removed now and then.
#pragma once

#include "journal/lane.hpp"
#include "security/sessions.hpp"

namespace hub::app {

/// As part of `group`; the commit makes it visible. Within a unit use the unit's own.
security::SessionChange sessionChange(journal::Group& group);

/// Once a minute: who was seen, who has run out. Throws base::Failure.
void flushSessions(journal::Lane& lane, security::Sessions& sessions);

/// Removes what ended 30 days ago. Throws base::Failure.
void pruneSessions(journal::Lane& lane);

} // namespace hub::app
